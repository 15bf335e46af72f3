#include "providers/poweroffice_go/poweroffice_go.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "providers/poweroffice_go/pages.hpp"
#include "providers/poweroffice_go/patch.hpp"
#include "providers/poweroffice_go/salary_account.hpp"

namespace dovetail::providers::poweroffice_go {
namespace {

constexpr const char* account_resource = "bank_account";
constexpr std::size_t longest_filter = 1500;  // addresses of about 2000 characters are answered with a 404
constexpr std::chrono::milliseconds replica_lag{2000};
constexpr std::string_view default_country = "NO";

// Ten calls a second for all customers of the integrator; a little less, since calls arrive less evenly than they are
// sent.
Limit limit_of(const std::string& subscription_key) {
  return {.scope = "poweroffice " + subscription_key, .per_second = 9.5, .burst = 1};
}

std::string employee_path(std::string_view id) { return fmt::format("/v2/Employees/{}", percent_encoded(id)); }

// Indices of the changes to the employee, and of those to the salary account.
struct Parts {
  std::vector<std::size_t> own, account;
};
Parts parts_of(const ir::Schema& schema, const std::vector<Change>& changes) {
  Parts parts;
  for (std::size_t i = 0; i < changes.size(); ++i)
    (schema.members[changes[i].member].resource.empty() ? parts.own : parts.account).push_back(i);
  return parts;
}

std::vector<WireWrite> own_writes(const ir::Schema& schema, const std::vector<Change>& changes) {
  std::vector<WireWrite> writes = wire_writes(schema, changes);
  std::erase_if(writes,
                [&](const WireWrite& write) { return !schema.members[changes[write.change].member].resource.empty(); });
  return writes;
}

}  // namespace

Result<std::unique_ptr<System>> PowerOfficeGo::open(const AdapterSetup& setup) {
  std::array<std::string, 3> keys;
  constexpr std::array<std::string_view, 3> names = {"application_key", "client_key", "subscription_key"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    Result<std::string> value = credential(setup, names[i]);
    if (!value) return std::unexpected(value.error());
    keys[i] = std::move(*value);
  }
  std::vector<Header> headers = {{"Authorization", basic_credentials(keys[0], keys[1])},
                                 {"Ocp-Apim-Subscription-Key", keys[2]}};
  std::unique_ptr<PowerOfficeGo> system(new PowerOfficeGo(setup, std::move(headers), keys[2]));
  Result<std::unique_ptr<Calls>> calls = Calls::open(setup, system->dialect_, limit_of(keys[2]));
  if (!calls) return std::unexpected(calls.error());
  system->calls_ = std::move(*calls);
  return system;
}

PowerOfficeGo::PowerOfficeGo(const AdapterSetup& setup, std::vector<Header> token_headers,
                             const std::string& subscription_key)
    : schema_(setup.schema),
      clock_(setup.around.clock),
      tokens_(
          [headers = std::move(token_headers), limit = limit_of(subscription_key),
           around = setup.around](Transport& over) -> Result<Token> {
            TokenDialect dialect(headers);
            const Result<Response> answer =
                Client(over, dialect, limit, around)
                    .send({.operation = "token",
                           .method = "POST",
                           .target = "/OAuth/Token",
                           .content_type = "application/x-www-form-urlencoded; charset=utf-8",
                           .body = "grant_type=client_credentials"},
                          token_is_there);
            if (!answer) return std::unexpected(answer.error());
            return token_of(*answer);
          },
          setup.around.clock),
      dialect_(tokens_, {{"Ocp-Apim-Subscription-Key", subscription_key}}),
      codec_(setup.schema, setup.context) {}

Capabilities PowerOfficeGo::capabilities() const {
  Capabilities able{.findable = {}, .finds_references = true, .answers_values = true};
  for (ir::MemberId member = 0; member < schema_.members.size(); ++member) {
    if (write_path(schema_, member) == std::vector<std::string>{"Number"}) able.findable.push_back(member);
  }
  return able;
}

Result<Identity> PowerOfficeGo::check() {
  const Result<std::unique_ptr<JsonAnswer>> answer =
      calls_->json({.operation = "integration", .target = "/v2/ClientIntegrationInformation"}, {.member = "ClientId"});
  if (!answer) return std::unexpected(answer.error());
  const JsonNode& root = (*answer)->root();
  Identity identity{.company_id = std::string(text_member(root, "ClientId")),
                    .company_name = std::string(text_member(root, "ClientName")),
                    .missing_privileges = {}};
  const auto has = [&root](std::string_view list, std::string_view privilege) {
    const JsonNode* all = root.find(list);
    for (const JsonNode* each = all == nullptr ? nullptr : all->first; each != nullptr; each = each->next) {
      if (each->text == privilege) return true;
    }
    return false;
  };
  for (const char* needed : {"Employee_Full", "ContactBankAccount_Full", "EmployeeBankAccounts_Full"}) {
    const bool by_another =
        needed == std::string_view("ContactBankAccount_Full") && has("ValidPrivileges", "Employee_Full");
    if (has("ValidPrivileges", needed) || by_another) continue;
    const bool invalid = has("InvalidPrivileges", needed);
    identity.missing_privileges.push_back(
        invalid ? fmt::format("{} (granted, but the company lacks the module)", needed) : needed);
  }
  return identity;
}

Result<void> PowerOfficeGo::decode(const JsonAnswer& employee, const AccountsById* accounts, Snapshot& into) const {
  const JsonNode& root = employee.root();
  const auto whole = with_account(employee.raw(root), text_member(root, "SalaryBankAccountId"), accounts);
  Result<void> decoded = decode_json(codec_, "employee", whole ? std::string_view(*whole) : employee.raw(root), into);
  if (decoded && !whole) leave_out_resource(schema_, account_resource, into);
  return decoded;
}

Result<Completeness> PowerOfficeGo::list(Snapshot& into) {
  std::vector<std::string> employees, accounts;
  Result<Completeness> whole = read_pages(*calls_, "employees", "/v2/Employees", employees);
  if (!whole) return whole;
  bool read_accounts = asks_for_resource(into.layout(), schema_, account_resource);
  if (read_accounts) {
    const Result<Completeness> all = read_pages(*calls_, "accounts", "/v2/ContactBankAccounts", accounts);
    if (!all && all.error().kind != Error::Kind::auth) return std::unexpected(all.error());
    if (all && !all->complete)
      return std::unexpected(Error{.kind = Error::Kind::transient, .what = "accounts: " + all->reason});
    read_accounts = all.has_value();  // where the right is missing everybody's account is absent
  }
  const AccountsById known = by_id(accounts);
  std::set<std::string, std::less<>> seen;
  for (const std::string& row : employees) {
    const auto employee = JsonAnswer::read("employees", row);
    if (!employee) return std::unexpected(employee.error());
    const std::string id(text_member((*employee)->root(), "Id"));
    if (!seen.insert(id).second) {
      *whole = {.complete = false, .reason = "an employee came twice: the list changed while it was read"};
      continue;
    }
    if (!decode(**employee, read_accounts ? &known : nullptr, into)) add_unread(schema_, id, into);
  }
  into.set_completeness(*whole);
  return whole;
}

Result<bool> PowerOfficeGo::get(std::string_view id, Snapshot& into) {
  Result<std::unique_ptr<JsonAnswer>> answer =
      calls_->json({.operation = "employee", .target = employee_path(id), .may_be_absent = true},
                   {.member = "Id", .text = std::string(id)});
  if (!answer) return std::unexpected(answer.error());
  if (!*answer) return false;
  const JsonNode& root = (*answer)->root();
  const std::string_view account = text_member(root, "SalaryBankAccountId");
  AccountsById known;
  std::optional<std::vector<std::string>> accounts_there;
  bool read_accounts = asks_for_resource(into.layout(), schema_, account_resource);
  if (read_accounts && !account.empty()) {
    const Result<std::vector<std::string>> rows = read_accounts_of(*calls_, id);
    if (!rows && rows.error().kind != Error::Kind::auth) return std::unexpected(rows.error());
    read_accounts = rows.has_value();
    if (rows) {
      known = by_id(*rows);
      accounts_there = *rows;
    }
  }
  if (Result<void> decoded = decode(**answer, read_accounts ? &known : nullptr, into); !decoded)
    return std::unexpected(decoded.error());
  last_id_ = id;
  last_ = std::move(*answer);
  last_accounts_ = std::move(accounts_there);
  return true;
}

Result<std::vector<std::optional<std::string>>> PowerOfficeGo::find(ir::MemberId member,
                                                                    const std::vector<std::string>& values) {
  if (!std::ranges::count(capabilities().findable, member)) return System::find(member, values);
  std::vector<std::optional<std::string>> ids(values.size());
  for (std::size_t at = 0; at < values.size();) {
    std::string filter;
    for (; at < values.size() && filter.size() + values[at].size() < longest_filter; ++at)
      filter += (filter.empty() ? "" : "%2C") + percent_encoded(values[at]);
    std::vector<std::string> rows;
    const Result<Completeness> whole = read_pages(*calls_, "employees", "/v2/Employees?employeeNos=" + filter, rows);
    if (!whole) return std::unexpected(whole.error());
    if (!whole->complete) return std::unexpected(Error{.kind = Error::Kind::transient, .what = whole->reason});
    for (const std::string& row : rows) {
      const auto employee = JsonAnswer::read("employees", row);
      if (!employee) return std::unexpected(employee.error());
      const auto wanted = std::ranges::find(values, text_member((*employee)->root(), "Number"));
      if (wanted != values.end())
        ids[static_cast<std::size_t>(wanted - values.begin())] = std::string(text_member((*employee)->root(), "Id"));
    }
  }
  return ids;
}

Result<std::optional<std::string>> PowerOfficeGo::find_created(std::string_view reference) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (attempt > 0) clock_.sleep(replica_lag);
    const auto answer = calls_->json(
        {.operation = "employees", .target = "/v2/Employees?externalImportReference=" + percent_encoded(reference)},
        {.kind = Expected::Kind::list, .no_content_is_empty = true});
    if (!answer) return std::unexpected(answer.error());
    const JsonNode* found = (*answer)->root().first;
    if (found != nullptr && text_member(*found, "ExternalImportReference") == reference)
      return std::string(text_member(*found, "Id"));
  }
  return std::nullopt;
}

Result<const JsonAnswer*> PowerOfficeGo::record(std::string_view id) {
  if (last_ && last_id_ == id) return last_.get();
  Result<std::unique_ptr<JsonAnswer>> found =
      calls_->json({.operation = "employee", .target = employee_path(id)}, {.member = "Id", .text = std::string(id)});
  if (!found) return std::unexpected(found.error());
  last_accounts_.reset();
  last_id_ = id;
  last_ = std::move(*found);
  return last_.get();
}

// PowerOffice shows a country also where it has nothing else of an address: the address was cleared nevertheless.
bool PowerOfficeGo::is_empty_address_country(const Snapshot& answered, ir::SlotId country) const {
  if (country == ir::no_slot) return false;
  const std::vector<std::string> path = write_path(schema_, answered.layout().slots[country]);
  if (path.back() != "CountryCode" || answered.at(0, country).text != default_country) return false;
  for (ir::SlotId slot = 0; slot < answered.layout().slots.size(); ++slot) {
    const std::vector<std::string> other = write_path(schema_, answered.layout().slots[slot]);
    const bool beside = slot != country && other.size() > 1 && other.front() == path.front();
    if (beside && answered.at(0, slot).state == State::value) return false;
  }
  return true;
}

void PowerOfficeGo::report_answer(const char* operation, const JsonAnswer& answer, const std::vector<Change>& changes,
                                  WriteReport& report) const {
  Snapshot answered(ir::Layout::whole(schema_));
  if (!decode_json(codec_, operation, answer.raw(answer.root()), answered)) return;
  report_values(schema_, answered, changes, report);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const ir::SlotId slot = answered.layout().slot(changes[i].member);
    if (report[i].kind != ChangeOutcome::Kind::refused || !is_empty_address_country(answered, slot)) continue;
    report.done({{i}});
    report.now(i, Value::of(answered.at(0, slot)));
  }
}

// Where it fails, the employee's own changes stand: a right may be missing for accounts alone.
void PowerOfficeGo::write_account(std::string_view id, const std::vector<Change>& changes,
                                  std::span<const std::size_t> account, WriteReport& report) {
  if (account.empty()) return;
  std::vector<Change> part;
  for (const std::size_t i : account) part.push_back(changes[i]);
  const auto account_now = [&]() -> Result<std::string> {
    const Result<const JsonAnswer*> employee = record(id);
    if (!employee) return std::unexpected(employee.error());
    return std::string(text_member((*employee)->root(), "SalaryBankAccountId"));
  };
  const std::vector<std::string>* known = last_id_ == id && last_accounts_ ? &*last_accounts_ : nullptr;
  const Result<void> written = write_salary_account(*calls_, schema_, id, part, account_now, known);
  if (written)
    report.done(account);
  else
    report.failed(account, written.error());
}

// Whether an earlier attempt got through is asked of the system, not guessed.
Result<std::string> PowerOfficeGo::add(std::vector<WireWrite> writes, std::string_view reference,
                                       const std::vector<Change>& members, std::span<const std::size_t> own,
                                       WriteReport& report) {
  std::erase_if(writes, [](const WireWrite& write) { return write.value.kind == Scalar::Kind::none; });
  if (!reference.empty())
    writes.push_back(
        {.path = {"ExternalImportReference"}, .value = {.kind = Scalar::Kind::text, .text = std::string(reference)}});
  auto made = calls_->json({.operation = "employee add",
                            .method = "POST",
                            .target = "/v2/Employees",
                            .content_type = "application/json",
                            .body = json_object(writes, JsonNothing::null),
                            .repeat = Repeat::unsafe},
                           {.member = "Id"});
  if (made) {
    report.done(own);
    report_answer("employee add", **made, members, report);
    last_accounts_.reset();
    last_id_ = text_member((*made)->root(), "Id");
    last_ = std::move(*made);
    return last_id_;
  }
  const bool in_doubt = made.error().kind == Error::Kind::in_doubt;
  const bool there = made.error().what.find("ExternalImportReference is already in use") != std::string::npos;
  if ((!in_doubt && !there) || reference.empty()) return std::unexpected(made.error());
  if (in_doubt) clock_.sleep(replica_lag);
  const Result<std::optional<std::string>> found = find_created(reference);
  if (!found || !*found) return std::unexpected(made.error());
  report.failed(own,
                {.kind = Error::Kind::in_doubt, .what = "created by an attempt whose answer was lost: read it again"});
  return **found;
}

Result<Created> PowerOfficeGo::create(const std::vector<Change>& members, std::string_view reference) {
  WriteReport report(members.size());
  const Parts parts = parts_of(schema_, members);
  const Result<std::string> id = add(own_writes(schema_, members), reference, members, parts.own, report);
  if (!id) return std::unexpected(id.error());
  write_account(*id, members, parts.account, report);
  last_.reset();
  return Created{.id = *id, .outcomes = std::move(report).outcomes()};
}

Result<std::vector<ChangeOutcome>> PowerOfficeGo::update(std::string_view id, const std::vector<Change>& changes) {
  WriteReport report(changes.size());
  const Parts parts = parts_of(schema_, changes);
  if (!parts.own.empty()) {
    const Result<const JsonAnswer*> before = record(id);
    if (!before) return std::unexpected(before.error());
    const auto answer = send_patch(*calls_, "employee change", employee_path(id),
                                   json_patch(own_writes(schema_, changes), (*before)->root()),
                                   {.member = "Id", .text = std::string(id)});
    if (answer) {
      report.done(parts.own);
      report_answer("employee change", **answer, changes, report);
    } else {
      report.failed(parts.own, answer.error());
    }
  }
  write_account(id, changes, parts.account, report);
  last_.reset();
  last_accounts_.reset();
  return std::move(report).finish();
}

}  // namespace dovetail::providers::poweroffice_go

#include "providers/poweroffice_go/poweroffice_go.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "providers/poweroffice_go/employee_report.hpp"
#include "providers/poweroffice_go/employees.hpp"
#include "providers/poweroffice_go/pages.hpp"
#include "providers/poweroffice_go/patch.hpp"
#include "providers/poweroffice_go/salary_account.hpp"

namespace dovetail::providers::poweroffice_go {
namespace {

constexpr const char* account_resource = "bank_account";

// Ten calls a second for all customers of the integrator; a little less, since calls arrive less evenly than they are
// sent.
Limit limit_of(const std::string& subscription_key) {
  return {.scope = "poweroffice " + subscription_key, .per_second = 9.5, .burst = 1};
}

}  // namespace

Result<std::unique_ptr<System>> PowerOfficeGo::open(const AdapterSetup& setup) {
  const auto keys = credentials_of(setup, {"application_key", "client_key", "subscription_key"});
  if (!keys) return std::unexpected(keys.error());
  const std::string& subscription = keys->back();
  std::vector<Header> headers = {{"Authorization", basic_credentials(keys->at(0), keys->at(1))},
                                 {"Ocp-Apim-Subscription-Key", subscription}};
  std::unique_ptr<PowerOfficeGo> system(new PowerOfficeGo(setup, std::move(headers), subscription));
  AdapterSetup at_root = setup;  // the documentation calls .../v2 the address; tokens are given out beside it
  std::string& base = at_root.endpoint.base;
  if (base.ends_with('/')) base.pop_back();
  if (base.ends_with("/v2")) base.resize(base.size() - 3);
  Result<std::unique_ptr<Calls>> calls = Calls::open(at_root, system->dialect_, limit_of(subscription));
  if (!calls) return std::unexpected(calls.error());
  system->calls_ = std::move(*calls);
  return system;
}

PowerOfficeGo::PowerOfficeGo(const AdapterSetup& setup, std::vector<Header> token_headers,
                             const std::string& subscription_key)
    : schema_(setup.schema),
      clock_(setup.around.clock),
      tokens_(client_credentials(token_request("/OAuth/Token", "grant_type=client_credentials"),
                                 std::move(token_headers), limit_of(subscription_key), setup.around),
              setup.around.clock),
      dialect_(tokens_, {{"Ocp-Apim-Subscription-Key", subscription_key}}),
      codec_(setup.schema, setup.context),
      is_own_([this](const Change& change) { return schema_.members[change.member].resource.empty(); }) {}

Capabilities PowerOfficeGo::capabilities() const {
  Capabilities able{.findable = {}, .finds_references = true};
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
  return Identity{.company_id = std::string(text_member(root, "ClientId")),
                  .company_name = std::string(text_member(root, "ClientName")),
                  .missing_privileges = missing_privileges(root)};
}

Result<void> PowerOfficeGo::decode(const JsonAnswer& employee, const AccountsById* accounts, Snapshot& into,
                                   std::vector<std::string>& notes) const {
  const JsonNode& root = employee.root();
  const std::string_view id = text_member(root, "Id"), account = text_member(root, "SalaryBankAccountId");
  const auto whole = with_account(employee.raw(root), id, account, accounts);
  Result<void> decoded = decode_json(codec_, "employee", whole ? std::string_view(*whole) : employee.raw(root), into);
  if (!decoded || whole) return decoded;
  leave_out_resource(schema_, account_resource, into);
  if (accounts != nullptr) {
    notes.push_back(fmt::format("{}: the salary account {} is not among this person's accounts: it counts as not read",
                                id, account));
  }
  return decoded;
}

Result<Completeness> PowerOfficeGo::list(Snapshot& into) {
  std::vector<std::string> employees;
  Result<Completeness> whole = read_pages(*calls_, "employees", "/v2/Employees", employees);
  if (!whole) return whole;
  std::optional<AccountsById> accounts;
  if (asks_for_resource(into.layout(), schema_, account_resource)) {
    Result<std::optional<std::vector<std::string>>> rows = read_accounts(*calls_);
    if (!rows) return std::unexpected(rows.error());
    if (*rows) accounts = by_id(**rows);
  }
  std::set<std::string, std::less<>> seen;
  for (const std::string& row : employees) {
    const auto employee = JsonAnswer::read("employees", row);
    if (!employee) return std::unexpected(employee.error());
    const std::string id(text_member((*employee)->root(), "Id"));
    if (!seen.insert(id).second) {
      whole->complete = false;
      whole->reason = "an employee came twice: the list changed while it was read";
    } else if (const auto decoded = decode(**employee, accounts ? &*accounts : nullptr, into, whole->notes); !decoded) {
      add_unread(schema_, id, decoded.error(), into, whole->notes);
    }
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
  LastEmployee read{.employee = std::move(*answer), .accounts = {}};
  std::optional<AccountsById> accounts;
  if (asks_for_resource(into.layout(), schema_, account_resource)) {
    const bool has_one = !text_member(read.employee->root(), "SalaryBankAccountId").empty();
    if (has_one) {
      auto rows = read_accounts(*calls_, id);
      if (!rows) return std::unexpected(rows.error());
      read.accounts = std::move(*rows);
    }
    if (read.accounts || !has_one) accounts = by_id(read.accounts.value_or(std::vector<std::string>{}));
  }
  std::vector<std::string> notes;  // of one person nobody reads them
  if (Result<void> decoded = decode(*read.employee, accounts ? &*accounts : nullptr, into, notes); !decoded)
    return std::unexpected(decoded.error());
  last_.keep(id, std::move(read));
  return true;
}

Result<std::vector<std::optional<std::string>>> PowerOfficeGo::find(ir::MemberId member,
                                                                    const std::vector<std::string>& values) {
  if (!std::ranges::count(capabilities().findable, member)) return System::find(member, values);
  return find_numbers(*calls_, values);
}

Result<std::optional<std::string>> PowerOfficeGo::find_created(std::string_view reference) {
  return find_reference(*calls_, reference, clock_);
}

Result<const JsonAnswer*> PowerOfficeGo::record(std::string_view id) {
  if (const LastEmployee* last = last_.find(id)) return last->employee.get();
  Result<std::unique_ptr<JsonAnswer>> found =
      calls_->json({.operation = "employee", .target = employee_path(id)}, {.member = "Id", .text = std::string(id)});
  if (!found) return std::unexpected(found.error());
  last_.keep(id, {.employee = std::move(*found), .accounts = {}});
  return last_.find(id)->employee.get();
}

// Where it fails, the employee's own changes stand: a right may be missing for accounts alone.
void PowerOfficeGo::write_account(std::string_view id, const std::vector<Change>& changes,
                                  std::span<const std::size_t> account, WriteReport& report) {
  if (account.empty()) return;
  const auto account_now = [&]() -> Result<std::string> {
    const Result<const JsonAnswer*> employee = record(id);
    if (!employee) return std::unexpected(employee.error());
    return std::string(text_member((*employee)->root(), "SalaryBankAccountId"));
  };
  const LastEmployee* last = last_.find(id);
  const std::vector<std::string>* known = last != nullptr && last->accounts ? &*last->accounts : nullptr;
  report.settle(account, write_salary_account(*calls_, schema_, id, chosen(changes, account), account_now, known));
}

Result<Created> PowerOfficeGo::create(const std::vector<Change>& members, std::string_view reference) {
  WriteReport report(members.size());
  const TwoParts parts = two_parts(members, is_own_);
  Result<Added> added = add_employee(*calls_, wire_writes(schema_, chosen(members, parts.first)), reference, clock_);
  if (!added) return std::unexpected(added.error());
  if (added->employee) {
    report.done(parts.first);
    report_employee(codec_, schema_, *added->employee, members, report);
    last_.keep(added->id, {.employee = std::move(added->employee), .accounts = {}});
  } else {
    report.failed(parts.first, {.kind = Error::Kind::in_doubt,
                                .what = "created by an attempt whose answer was lost: read it again"});
  }
  write_account(added->id, members, parts.others, report);
  last_.forget();
  return Created{.id = added->id, .outcomes = std::move(report).outcomes()};
}

Result<std::vector<ChangeOutcome>> PowerOfficeGo::update(std::string_view id, const std::vector<Change>& changes) {
  WriteReport report(changes.size());
  const TwoParts parts = two_parts(changes, is_own_);
  if (!parts.first.empty()) {
    const Result<const JsonAnswer*> before = record(id);
    if (!before) return std::unexpected(before.error());
    const auto answer = send_patch(*calls_, "employee change", employee_path(id),
                                   json_patch(wire_writes(schema_, chosen(changes, parts.first)), (*before)->root()),
                                   {.member = "Id", .text = std::string(id)});
    if (answer) {
      report.done(parts.first);
      report_employee(codec_, schema_, **answer, changes, report);
    } else {
      report.failed(parts.first, answer.error());
    }
  }
  write_account(id, changes, parts.others, report);
  last_.forget();
  return std::move(report).finish();
}

}  // namespace dovetail::providers::poweroffice_go

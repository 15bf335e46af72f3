#include "providers/poweroffice_go/poweroffice_go.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "providers/poweroffice_go/patch.hpp"

namespace dovetail::providers::poweroffice_go {
namespace {

constexpr const char* account_resource = "bank_account";
constexpr int page_size = 5000;
constexpr std::size_t longest_filter = 1500;  // addresses of about 2000 characters are answered with a 404
constexpr std::chrono::milliseconds replica_lag{2000};

Limit limit_of(const std::string& subscription_key) {
  return {.scope = "poweroffice " + subscription_key, .per_second = 10, .burst = 1};
}

std::size_t number_member(const JsonNode& object, std::string_view name) {
  const std::string_view text = text_member(object, name);
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string letters_and_digits(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) kept += c;
    if (c >= 'a' && c <= 'z') kept += static_cast<char>(c - 'a' + 'A');
  }
  return kept;
}

Error says_nothing(const std::string& operation) {
  return {.kind = Error::Kind::transient, .what = operation + ": the answer is not what was asked for"};
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
  Result<std::unique_ptr<Transport>> transport = connect(setup);
  if (!transport) return std::unexpected(transport.error());
  std::vector<Header> headers = {{"Authorization", basic_credentials(keys[0], keys[1])},
                                 {"Ocp-Apim-Subscription-Key", keys[2]}};
  return std::unique_ptr<System>(new PowerOfficeGo(setup, std::move(*transport), std::move(headers), keys[2]));
}

PowerOfficeGo::PowerOfficeGo(const AdapterSetup& setup, std::unique_ptr<Transport> transport,
                             std::vector<Header> token_headers, std::string subscription_key)
    : schema_(setup.schema),
      clock_(setup.around.clock),
      transport_(std::move(transport)),
      token_dialect_(std::move(token_headers)),
      token_client_(*transport_, token_dialect_, limit_of(subscription_key), setup.around),
      tokens_(
          [this]() -> Result<Token> {
            const Result<Response> answer =
                token_client_.send({.operation = "token",
                                    .method = "POST",
                                    .target = "/OAuth/Token",
                                    .content_type = "application/x-www-form-urlencoded; charset=utf-8",
                                    .body = "grant_type=client_credentials"});
            if (!answer) return std::unexpected(answer.error());
            return token_of(*answer);
          },
          setup.around.clock),
      dialect_(tokens_, {{"Ocp-Apim-Subscription-Key", subscription_key}}),
      client_(*transport_, dialect_, limit_of(subscription_key), setup.around),
      codec_(setup.schema, setup.context) {}

Capabilities PowerOfficeGo::capabilities() const {
  Capabilities able{.findable = {}, .finds_references = true, .answers_values = true};
  for (ir::MemberId member = 0; member < schema_.members.size(); ++member) {
    if (write_path(schema_, member) == std::vector<std::string>{"Number"}) able.findable.push_back(member);
  }
  return able;
}

Result<std::unique_ptr<JsonAnswer>> PowerOfficeGo::send(Request request) {
  const std::string operation = request.operation;
  Result<Response> answer = client_.send(request);
  if (!answer) return std::unexpected(answer.error());
  if (answer->absent) return nullptr;
  return JsonAnswer::read(operation, answer->status == 204 ? "[]" : std::move(answer->body));
}

Result<Identity> PowerOfficeGo::check() {
  const Result<std::unique_ptr<JsonAnswer>> answer =
      send({.operation = "integration", .target = "/v2/ClientIntegrationInformation"});
  if (!answer) return std::unexpected(answer.error());
  const JsonNode& root = (*answer)->root();
  Identity identity{.company_id = std::string(text_member(root, "ClientId")),
                    .company_name = std::string(text_member(root, "ClientName")),
                    .missing_privileges = {}};
  if (identity.company_id.empty()) return std::unexpected(says_nothing("integration"));
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

Result<Completeness> PowerOfficeGo::pages(const std::string& operation, const std::string& path, Rows& rows) {
  std::size_t first_page_rows = 0, total = 0;
  const std::size_t before = rows.size();
  for (int page = 1;; ++page) {
    const char mark = path.find('?') == path.npos ? '?' : '&';
    Result<Response> answer = client_.send(
        {.operation = operation, .target = fmt::format("{}{}PageNumber={}&PageSize={}", path, mark, page, page_size)});
    Result<std::unique_ptr<JsonAnswer>> body = nullptr;
    if (answer) body = JsonAnswer::read(operation, answer->status == 204 ? "[]" : std::move(answer->body));
    if (answer && body && (*body)->root().kind != JsonNode::Kind::array)
      body = std::unexpected(says_nothing(operation));
    const Error* error = !answer ? &answer.error() : !body ? &body.error() : nullptr;
    if (error != nullptr && (page == 1 || error->kind == Error::Kind::auth)) return std::unexpected(*error);
    if (error != nullptr)
      return Completeness{.complete = false, .reason = fmt::format("page {} could not be read: {}", page, error->what)};
    std::size_t count = 0;
    const std::size_t page_begin = rows.size();
    for (const JsonNode* row = (*body)->root().first; row != nullptr; row = row->next, ++count)
      rows.emplace_back((*body)->raw(*row));
    if (page == 1) first_page_rows = count;
    if (page > 1 && count > 0 && rows[page_begin] == rows[before])
      return Completeness{.complete = false, .reason = "the first page came again"};
    bool more = count > 0;  // without the header only an empty page is surely the last
    if (const std::string* header = answer->find_header("X-Pagination")) {
      const auto pagination = JsonAnswer::read("X-Pagination", *header);
      if (!pagination) return Completeness{.complete = false, .reason = "the header X-Pagination cannot be read"};
      more = !text_member((*pagination)->root(), "nextPageLink").empty() ||
             number_member((*pagination)->root(), "totalPages") > static_cast<std::size_t>(page);
      total = number_member((*pagination)->root(), "totalCount");
      if (more && count != first_page_rows)
        return Completeness{
            .complete = false,
            .reason = fmt::format("page {} has {} rows, the first had {}", page, count, first_page_rows)};
      if (more && count == 0)
        return Completeness{.complete = false, .reason = fmt::format("page {} is empty, but not the last", page)};
    }
    if (!more) break;
  }
  if (total > rows.size() - before)
    return Completeness{.complete = false,
                        .reason = fmt::format("{} rows were announced, {} came", total, rows.size() - before)};
  return Completeness{.complete = true, .reason = {}};
}

namespace {

// An employee with the salary account inside, as the schema sees it. Accounts that were not read stay out.
std::string with_account(std::string_view employee, std::string_view account_id,
                         const std::map<std::string, std::string, std::less<>>* accounts) {
  if (accounts == nullptr) return std::string(employee);
  if (account_id.empty()) return with_member(employee, "SalaryBankAccount", "null");
  const auto account = accounts->find(account_id);
  return account == accounts->end() ? std::string(employee)
                                    : with_member(employee, "SalaryBankAccount", account->second);
}

std::map<std::string, std::string, std::less<>> by_id(const std::vector<std::string>& rows) {
  std::map<std::string, std::string, std::less<>> found;
  for (const std::string& row : rows) {
    if (const auto account = JsonAnswer::read("account", row))
      found.emplace(text_member((*account)->root(), "Id"), row);
  }
  return found;
}

}  // namespace

Result<Completeness> PowerOfficeGo::list(Snapshot& into) {
  Rows employees, accounts;
  Result<Completeness> whole = pages("employees", "/v2/Employees", employees);
  if (!whole) return whole;
  bool read_accounts = asks_for_resource(into.layout(), schema_, account_resource);
  if (read_accounts) {
    const Result<Completeness> all = pages("accounts", "/v2/ContactBankAccounts", accounts);
    read_accounts = all.has_value();  // without them everybody's account is absent
  }
  const auto known = by_id(accounts);
  std::set<std::string, std::less<>> seen;
  for (const std::string& row : employees) {
    const auto employee = JsonAnswer::read("employees", row);
    if (!employee) return std::unexpected(employee.error());
    const std::string id(text_member((*employee)->root(), "Id"));
    if (!seen.insert(id).second) {
      *whole = {.complete = false, .reason = "an employee came twice: the list changed while it was read"};
      continue;
    }
    const std::string text =
        with_account(row, text_member((*employee)->root(), "SalaryBankAccountId"), read_accounts ? &known : nullptr);
    if (!decode_json(codec_, "employees", text, into)) add_unread(schema_, id, into);
  }
  into.set_completeness(*whole);
  return whole;
}

Result<bool> PowerOfficeGo::get(std::string_view id, Snapshot& into) {
  Result<std::unique_ptr<JsonAnswer>> answer = send(
      {.operation = "employee", .target = fmt::format("/v2/Employees/{}", percent_encoded(id)), .may_be_absent = true});
  if (!answer) return std::unexpected(answer.error());
  if (!*answer) return false;
  const JsonNode& root = (*answer)->root();
  if (text_member(root, "Id") != id) return std::unexpected(says_nothing("employee"));
  const std::string_view account = text_member(root, "SalaryBankAccountId");
  std::map<std::string, std::string, std::less<>> known;
  bool read_accounts = asks_for_resource(into.layout(), schema_, account_resource);
  if (read_accounts && !account.empty()) {
    Rows rows;
    read_accounts =
        pages("accounts", fmt::format("/v2/ContactBankAccounts?contactIds={}", percent_encoded(id)), rows).has_value();
    known = by_id(rows);
  }
  const std::string text = with_account((*answer)->raw(root), account, read_accounts ? &known : nullptr);
  if (Result<void> decoded = decode_json(codec_, "employee", text, into); !decoded)
    return std::unexpected(decoded.error());
  last_id_ = id;
  last_ = std::move(*answer);
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
    Rows rows;
    const Result<Completeness> whole = pages("employees", "/v2/Employees?employeeNos=" + filter, rows);
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
    const Result<std::unique_ptr<JsonAnswer>> answer = send(
        {.operation = "employees", .target = "/v2/Employees?externalImportReference=" + percent_encoded(reference)});
    if (!answer) return std::unexpected(answer.error());
    const JsonNode* found = (*answer)->root().first;
    if ((*answer)->root().kind != JsonNode::Kind::array) return std::unexpected(says_nothing("employees"));
    if (found != nullptr && text_member(*found, "ExternalImportReference") == reference)
      return std::string(text_member(*found, "Id"));
  }
  return std::nullopt;
}

Result<std::unique_ptr<JsonAnswer>> PowerOfficeGo::patch(const char* operation, std::string target, std::string body) {
  return send({.operation = operation,
               .method = "PATCH",
               .target = std::move(target),
               .content_type = "application/json-patch+json",
               .body = std::move(body)});
}

Result<const JsonAnswer*> PowerOfficeGo::record(std::string_view id) {
  if (last_ && last_id_ == id) return last_.get();
  Snapshot ignored(ir::Layout{});
  const Result<bool> got = get(id, ignored);
  if (!got) return std::unexpected(got.error());
  if (*got) return last_.get();
  return std::unexpected(
      Error{.kind = Error::Kind::data, .what = fmt::format("PowerOffice Go has no employee {}", id)});
}

// Reuses an account of the person with that number, else makes one: changing a number could hit one that is in use.
Result<std::string> PowerOfficeGo::account_id(std::string_view id, std::span<const WireWrite> writes) {
  Rows rows;
  const Result<Completeness> all =
      pages("accounts", fmt::format("/v2/ContactBankAccounts?contactIds={}", percent_encoded(id)), rows);
  if (!all) return std::unexpected(all.error());
  const std::string wanted = letters_and_digits(writes.front().value.text);
  for (const std::string& row : rows) {
    const auto account = JsonAnswer::read("accounts", row);
    if (!account || letters_and_digits(text_member((*account)->root(), writes.front().path.back())) != wanted) continue;
    const std::string known(text_member((*account)->root(), "Id"));
    std::vector<WireWrite> changes(writes.begin() + 1, writes.end());
    std::erase_if(changes, [&](const WireWrite& write) {
      return text_member((*account)->root(), write.path.back()) == write.value.text;
    });
    if (text_member((*account)->root(), "IsActive") == "false")
      changes.push_back({.path = {"IsActive"}, .value = {.kind = Scalar::Kind::boolean, .text = "true"}});
    if (changes.empty()) return known;
    const auto changed =
        patch("account change", fmt::format("/v2/ContactBankAccounts/{}/{}", percent_encoded(id), known),
              json_patch(changes, (*account)->root()));
    if (!changed) return std::unexpected(changed.error());
    return known;
  }
  std::vector<WireWrite> body(writes.begin(), writes.end());
  const bool is_iban = wanted.size() > 2 && wanted[0] >= 'A' && wanted[1] >= 'A';
  body.push_back(
      {.path = {"CountryCode"}, .value = {.kind = Scalar::Kind::text, .text = is_iban ? wanted.substr(0, 2) : "NO"}});
  std::erase_if(body, [](const WireWrite& write) { return write.value.kind == Scalar::Kind::none; });
  const auto made = send({.operation = "account add",
                          .method = "POST",
                          .target = fmt::format("/v2/ContactBankAccounts/{}", percent_encoded(id)),
                          .content_type = "application/json",
                          .body = json_object(body, JsonNothing::null),
                          .repeat = Repeat::unsafe});
  if (!made) return std::unexpected(made.error());
  const std::string added(text_member((*made)->root(), "Id"));
  if (added.empty()) return std::unexpected(says_nothing("account add"));
  return added;
}

Result<void> PowerOfficeGo::write_account(std::string_view id, std::span<const Change> changes) {
  std::vector<WireWrite> writes = wire_writes(schema_, changes);
  for (WireWrite& write : writes) write.path = {write.path.back()};
  const auto number =
      std::ranges::find_if(writes, [](const WireWrite& write) { return write.path.back() == "BankAccountNumber"; });
  std::string body = R"([{"op":"remove","path":"/SalaryBankAccountId"}])";
  if (number == writes.end()) {  // the BIC alone, of the account that is the salary account
    const Result<const JsonAnswer*> employee = record(id);
    if (!employee) return std::unexpected(employee.error());
    const std::string account(text_member((*employee)->root(), "SalaryBankAccountId"));
    if (account.empty())
      return std::unexpected(
          Error{.kind = Error::Kind::data, .what = "there is no salary account that the BIC could belong to"});
    const auto changed =
        patch("account change", fmt::format("/v2/ContactBankAccounts/{}/{}", percent_encoded(id), account),
              json_patch(writes, (*employee)->root()));
    if (!changed) return std::unexpected(changed.error());
    return {};
  }
  if (number->value.kind != Scalar::Kind::none) {
    std::rotate(writes.begin(), number, number + 1);
    const Result<std::string> account = account_id(id, writes);
    if (!account) return std::unexpected(account.error());
    body = fmt::format(R"([{{"op":"replace","path":"/SalaryBankAccountId","value":{}}}])", *account);
  }
  const auto set =
      patch("salary account", fmt::format("/v2/Employees/{}/BankAccounts", percent_encoded(id)), std::move(body));
  if (!set) return std::unexpected(set.error());
  return {};
}

Result<Created> PowerOfficeGo::create(const std::vector<Change>& members, std::string_view reference) {
  WriteReport report(members.size());
  std::vector<WireWrite> writes = wire_writes(schema_, members);
  std::vector<std::size_t> own, account;
  std::vector<Change> account_changes;
  for (std::size_t i = 0; i < members.size(); ++i)
    (schema_.members[members[i].member].resource.empty() ? own : account).push_back(i);
  for (const std::size_t i : account) account_changes.push_back(members[i]);
  std::erase_if(writes, [&](const WireWrite& write) {
    return write.value.kind == Scalar::Kind::none || !schema_.members[members[write.change].member].resource.empty();
  });
  if (!reference.empty())
    writes.push_back(
        {.path = {"ExternalImportReference"}, .value = {.kind = Scalar::Kind::text, .text = std::string(reference)}});
  const auto made = send({.operation = "employee add",
                          .method = "POST",
                          .target = "/v2/Employees",
                          .content_type = "application/json",
                          .body = json_object(writes, JsonNothing::null),
                          .repeat = Repeat::unsafe});
  std::string id;
  if (made) {
    id = text_member((*made)->root(), "Id");
    report.done(own);
  } else {
    // Whether an earlier attempt got through is asked of the system, not guessed.
    const bool perhaps = made.error().kind == Error::Kind::in_doubt ||
                         made.error().what.find("ExternalImportReference is already in use") != std::string::npos;
    if (!perhaps || reference.empty()) return std::unexpected(made.error());
    if (made.error().kind == Error::Kind::in_doubt) clock_.sleep(replica_lag);
    const Result<std::optional<std::string>> found = find_created(reference);
    if (!found || !*found) return std::unexpected(made.error());
    id = **found;
    report.failed(
        own, {.kind = Error::Kind::in_doubt, .what = "created by an attempt whose answer was lost: read it again"});
  }
  if (id.empty())
    return std::unexpected(Error{.kind = Error::Kind::in_doubt, .what = "employee add: the answer holds no Id"});
  if (made) {
    Snapshot answered(ir::Layout::whole(schema_));
    if (decode_json(codec_, "employee add", (*made)->raw((*made)->root()), answered))
      report_values(schema_, answered, members, report);
  }
  if (!account.empty()) {
    const Result<void> written = write_account(id, account_changes);
    if (written)
      report.done(account);
    else
      report.failed(account, written.error());
  }
  return Created{.id = id, .outcomes = std::move(report).outcomes()};
}

Result<std::vector<ChangeOutcome>> PowerOfficeGo::update(std::string_view id, const std::vector<Change>& changes) {
  WriteReport report(changes.size());
  std::vector<std::size_t> own, account;
  std::vector<Change> account_changes;
  for (std::size_t i = 0; i < changes.size(); ++i)
    (schema_.members[changes[i].member].resource.empty() ? own : account).push_back(i);
  for (const std::size_t i : account) account_changes.push_back(changes[i]);
  if (!own.empty()) {
    const Result<const JsonAnswer*> before = record(id);
    if (!before) return std::unexpected(before.error());
    std::vector<WireWrite> writes = wire_writes(schema_, changes);
    std::erase_if(writes, [&](const WireWrite& write) {
      return !schema_.members[changes[write.change].member].resource.empty();
    });
    const auto answer = patch("employee change", fmt::format("/v2/Employees/{}", percent_encoded(id)),
                              json_patch(writes, (*before)->root()));
    if (answer) {
      report.done(own);
      Snapshot answered(ir::Layout::whole(schema_));
      if (decode_json(codec_, "employee change", (*answer)->raw((*answer)->root()), answered))
        report_values(schema_, answered, changes, report);
    } else {
      report.failed(own, answer.error());
    }
  }
  if (!account.empty()) {
    const Result<void> written = write_account(id, account_changes);
    if (written)
      report.done(account);
    else
      report.failed(account, written.error());
  }
  last_.reset();
  return std::move(report).finish();
}

}  // namespace dovetail::providers::poweroffice_go

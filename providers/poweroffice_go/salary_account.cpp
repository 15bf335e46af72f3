#include "providers/poweroffice_go/salary_account.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "providers/poweroffice_go/pages.hpp"
#include "providers/poweroffice_go/patch.hpp"

namespace dovetail::providers::poweroffice_go {
namespace {

std::string letters_and_digits(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) kept += c;
    if (c >= 'a' && c <= 'z') kept += static_cast<char>(c - 'a' + 'A');
  }
  return kept;
}

std::string account_path(std::string_view person, std::string_view account) {
  return fmt::format("/v2/ContactBankAccounts/{}/{}", percent_encoded(person), percent_encoded(account));
}

// Brings an account that is there already to what is to be written.
Result<void> revive(Calls& calls, std::string_view person, const JsonNode& account,
                    std::span<const WireWrite> besides) {
  std::vector<WireWrite> changes(besides.begin(), besides.end());
  std::erase_if(changes, [&account](const WireWrite& write) {
    return text_member(account, write.path.back()) == write.value.text;
  });
  if (text_member(account, "IsActive") == "false")
    changes.push_back({.path = {"IsActive"}, .value = {.kind = Scalar::Kind::boolean, .text = "true"}});
  if (changes.empty()) return {};
  const auto changed = send_patch(calls, "account change", account_path(person, text_member(account, "Id")),
                                  json_patch(changes, account), {});
  if (!changed) return std::unexpected(changed.error());
  return {};
}

// The id of the account to point at; the number comes first in `writes`. Changing the number of an account could hit
// one that is in use.
Result<std::string> account_id(Calls& calls, std::string_view person, std::span<const WireWrite> writes,
                               const std::vector<std::string>& rows) {
  const std::string wanted = letters_and_digits(writes.front().value.text);
  for (const std::string& row : rows) {
    const auto account = JsonAnswer::read("accounts", row);
    if (!account || letters_and_digits(text_member((*account)->root(), writes.front().path.back())) != wanted) continue;
    if (const Result<void> done = revive(calls, person, (*account)->root(), writes.subspan(1)); !done)
      return std::unexpected(done.error());
    return std::string(text_member((*account)->root(), "Id"));
  }
  std::vector<WireWrite> body(writes.begin(), writes.end());
  const bool is_iban = wanted.size() > 2 && wanted[0] >= 'A' && wanted[1] >= 'A';
  body.push_back(
      {.path = {"CountryCode"}, .value = {.kind = Scalar::Kind::text, .text = is_iban ? wanted.substr(0, 2) : "NO"}});
  std::erase_if(body, [](const WireWrite& write) { return write.value.kind == Scalar::Kind::none; });
  const std::string path = fmt::format("/v2/ContactBankAccounts/{}", percent_encoded(person));
  const auto made =
      calls.json(json_request("account add", "POST", path, json_object(body, JsonNothing::null), Repeat::unsafe),
                 {.member = "ContactId", .text = std::string(person)});
  if (!made) return std::unexpected(made.error());
  std::string id(text_member((*made)->root(), "Id"));
  if (id.empty())
    return std::unexpected(Error{.kind = Error::Kind::in_doubt, .what = "account add: the answer has no Id"});
  return id;
}

// The BIC alone, of the account that is the salary account.
Result<void> write_bic(Calls& calls, std::string_view person, std::span<const WireWrite> writes,
                       const Result<std::string>& account) {
  if (!account) return std::unexpected(account.error());
  if (account->empty())
    return std::unexpected(
        Error{.kind = Error::Kind::data, .what = "there is no salary account that the BIC could belong to"});
  const auto changed =
      send_patch(calls, "account change", account_path(person, *account), json_patch(writes, JsonNode{}), {});
  if (!changed) return std::unexpected(changed.error());
  return {};
}

}  // namespace

AccountsById by_id(const std::vector<std::string>& rows) {
  AccountsById found;
  for (const std::string& row : rows) {
    if (const auto account = JsonAnswer::read("account", row)) {
      const JsonNode& root = (*account)->root();
      found.emplace(text_member(root, "Id"), Account{std::string(text_member(root, "ContactId")), row});
    }
  }
  return found;
}

std::optional<std::string> with_account(std::string_view employee, std::string_view person, std::string_view account_id,
                                        const AccountsById* accounts) {
  if (accounts == nullptr) return std::nullopt;
  if (account_id.empty()) return with_member(employee, "SalaryBankAccount", "null");
  const auto account = accounts->find(account_id);
  if (account == accounts->end() || account->second.person != person) return std::nullopt;
  return with_member(employee, "SalaryBankAccount", account->second.row);
}

Result<std::optional<std::vector<std::string>>> read_accounts(Calls& calls, std::string_view person) {
  std::vector<std::string> rows;
  const std::string only = person.empty() ? "" : "?contactIds=" + percent_encoded(person);
  const Result<Completeness> all = read_pages(calls, "accounts", "/v2/ContactBankAccounts" + only, rows);
  if (!all && all.error().kind == Error::Kind::auth) return std::nullopt;
  if (!all) return std::unexpected(all.error());
  if (!all->complete) return std::unexpected(Error{.kind = Error::Kind::transient, .what = "accounts: " + all->reason});
  std::erase_if(rows, [person](const std::string& row) {
    const auto account = JsonAnswer::read("account", row);
    return !person.empty() && account && text_member((*account)->root(), "ContactId") != person;
  });
  return rows;
}

Result<std::unique_ptr<JsonAnswer>> send_patch(Calls& calls, const char* operation, std::string target,
                                               std::string body, const Expected& expected) {
  return calls.json({.operation = operation,
                     .method = "PATCH",
                     .target = std::move(target),
                     .content_type = "application/json-patch+json",
                     .body = std::move(body)},
                    expected);
}

Result<void> write_salary_account(Calls& calls, const ir::Schema& schema, std::string_view id,
                                  std::span<const Change> changes,
                                  const std::function<Result<std::string>()>& account_now,
                                  const std::vector<std::string>* known) {
  std::vector<WireWrite> writes = wire_writes(schema, changes);
  for (WireWrite& write : writes) write.path = {write.path.back()};
  const auto number =
      std::ranges::find_if(writes, [](const WireWrite& write) { return write.path.back() == "BankAccountNumber"; });
  if (number == writes.end()) return write_bic(calls, id, writes, account_now());
  std::string body = R"([{"op":"remove","path":"/SalaryBankAccountId"}])";
  if (number->value.kind != Scalar::Kind::none) {
    std::rotate(writes.begin(), number, number + 1);
    const Result<std::optional<std::vector<std::string>>> rows = known != nullptr ? *known : read_accounts(calls, id);
    if (!rows) return std::unexpected(rows.error());
    if (!*rows)
      return std::unexpected(Error{.kind = Error::Kind::auth,
                                   .what = "PowerOffice Go refuses to show bank accounts: the privilege "
                                           "ContactBankAccount_Full is missing"});
    const Result<std::string> account = account_id(calls, id, writes, **rows);
    if (!account) return std::unexpected(account.error());
    body = fmt::format(R"([{{"op":"replace","path":"/SalaryBankAccountId","value":{}}}])", *account);
  }
  const auto set = send_patch(calls, "salary account",
                              fmt::format("/v2/Employees/{}/BankAccounts", percent_encoded(id)), std::move(body), {});
  if (!set) return std::unexpected(set.error());
  return {};
}

}  // namespace dovetail::providers::poweroffice_go

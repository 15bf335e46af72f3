// /ContactBankAccounts.
#include <fmt/format.h>

#include "tools/sandbox/ids/account.hpp"
#include "tools/sandbox/poweroffice_go/json_patch.hpp"
#include "tools/sandbox/poweroffice_go/listing.hpp"
#include "tools/sandbox/poweroffice_go/problem.hpp"

namespace dovetail::sandbox::poweroffice_go {

namespace {

const std::string title = "Contact bank account validation error(s)";

std::string plain(const std::string& number) { return upper(replace_all(replace_all(number, " ", ""), ".", "")); }

std::optional<Answer> check_account(const Request& request, const Json& row) {
  const std::string number = plain(text_member(row, "BankAccountNumber"));
  if (number.empty()) return problem(400, title, "BankAccountNumber is required.");
  const bool iban = number.size() > 2 && number[0] >= 'A' && number[1] >= 'A';
  if (request.knobs().on("check_account")) {
    if (iban && !is_iban(number)) return problem(400, title, "BankAccountNumber is not a valid IBAN.");
    if (!iban && text_member(row, "CountryCode") == "NO" && !is_norwegian_account(number)) {
      return problem(400, title, "BankAccountNumber is not a valid Norwegian bank account number.");
    }
  }
  if (request.knobs().is("unique_account", "allowed")) return std::nullopt;
  for (const auto& [id, other] : request.system.store.rows("bank_accounts")) {
    if (member(other, "ContactId") == member(row, "ContactId") && member(other, "Id") != member(row, "Id") &&
        plain(text_member(other, "BankAccountNumber")) == number) {
      return problem(400, title,
                     fmt::format("BankAccountNumber is already in use. '{}' is used on Id = {}.", number, id));
    }
  }
  return std::nullopt;
}

Answer list_accounts(const Request& request) {
  const auto contacts = request.call.param("contactIds"), numbers = request.call.param("bankAccountNumbers");
  if (contacts && !ranges_from(*contacts)) return unable_to_cast("contactIds", *contacts);
  std::set<std::string> wanted;
  for (const std::string& each : texts_from(numbers.value_or(""))) wanted.insert(plain(each));
  const auto after = [&](const char* parameter, const Json& row, const char* name) {
    const std::string text = request.call.param(parameter).value_or("");
    return text.empty() || text_member(row, name).substr(0, 26) > text.substr(0, text.find_first_of("Z+ ", 10));
  };
  const std::set<std::string> people = texts_from(contacts.value_or(""));
  std::vector<const Json*> rows;
  for (const auto& [id, row] : request.system.store.replicated("bank_accounts", request.system.clock.now())) {
    if (!request.owns(*row)) continue;
    if (contacts && !people.contains(text_member(*row, "ContactId"))) continue;
    if (numbers && !wanted.contains(plain(text_member(*row, "BankAccountNumber")))) continue;
    if (after("lastChangedDateTimeOffsetGreaterThan", *row, "LastChangedDateTimeOffset") &&
        after("createdDateTimeOffsetGreaterThan", *row, "CreateDateTimeOffset")) {
      rows.push_back(row);
    }
  }
  return list_answer(request, std::move(rows));
}

Answer create_account(const Request& request, const std::string& contact) {
  const Json* employee = request.system.store.find("employees", contact);
  if (employee == nullptr || !request.owns(*employee)) return object_not_found("Contact", contact);
  const auto body = parse_json(request.call.body);
  if (!body || !body->is_object()) return problem(400, title, "The request body is not valid.");
  Json row = {{"Id", nullptr},
              {"ContactId", *to_number(contact)},
              {"BankAccountNumber", nullptr},
              {"BicSwift", nullptr},
              {"BankCode", nullptr},
              {"CountryCode", nullptr},
              {"IsActive", true}};
  for (const auto& [name, value] : body->items()) {
    const Member* known = find_member(bank_account_members(), name);
    if (known == nullptr || (known->name != name && request.knobs().is("camel_case_bodies", "ignored"))) continue;
    const auto kept = converted(*known, value, false);
    if (!kept) return problem(400, title, fmt::format("The value '{}' is not valid for {}.", to_text(value), name));
    row[known->name] = *kept;
  }
  if (text_member(row, "CountryCode").empty()) row["CountryCode"] = "NO";
  if (row["IsActive"].is_null()) row["IsActive"] = true;
  if (auto wrong = check_account(request, row)) return *wrong;
  const std::string id = request.system.new_id("bank_accounts");
  row["Id"] = *to_number(id);
  row["CreateDateTimeOffset"] = row["LastChangedDateTimeOffset"] = request.system.stamp();
  row["_client"] = request.token.client;
  request.system.commit("bank_accounts", id, row);
  return json_answer(201, as_shown(request, row), "application/json; charset=utf-8");
}

bool is_used(const Request& request, const Json& account) {
  const Json* employee = request.system.store.find("employees", text_member(account, "ContactId"));
  if (employee == nullptr) return false;
  return member(account, "_in_use") == true ||
         std::ranges::any_of(std::array{"SalaryBankAccountId", "ExpenseBankAccountId", "TravelExpenseBankAccountId"},
                             [&](const char* each) { return member(*employee, each) == member(account, "Id"); });
}

Answer change_account(const Request& request, const std::string& id, const Json& present) {
  const auto operations = parse_json(request.call.body);
  auto row = patched(present, operations.value_or(Json()), bank_account_members(), request.patch_manner());
  if (!row) return problem(400, title, "ContactBankAccountPatchDto: " + row.error());
  if (text_member(*row, "CountryCode").empty()) (*row)["CountryCode"] = "NO";
  if (auto wrong = check_account(request, *row)) return *wrong;
  (*row)["LastChangedDateTimeOffset"] = request.system.stamp();
  request.system.commit("bank_accounts", id, *row);
  return json_answer(200, as_shown(request, *row), "application/json; charset=utf-8");
}

std::optional<Answer> answer_account(const Request& request, const std::string& contact, const std::string& id) {
  const std::string& method = request.call.method;
  const Json* row = method == "GET"
                        ? request.system.store.find_replicated("bank_accounts", id, request.system.clock.now())
                        : request.system.store.find("bank_accounts", id);
  if (row == nullptr || !request.owns(*row) || text_member(*row, "ContactId") != contact) {
    return object_not_found("Contact bank account", id);
  }
  if (method == "GET") return json_answer(200, as_shown(request, *row), "application/json; charset=utf-8");
  if (method == "PATCH") return change_account(request, id, *row);
  if (method != "DELETE") return std::nullopt;
  if (is_used(request, *row)) {
    return problem(409, "Contact bank account conflict",
                   fmt::format("Contact bank account with id = {} is in use and cannot be deleted.", id));
  }
  request.system.remove("bank_accounts", id);
  return Answer{.status = 200};
}

}  // namespace

std::optional<Answer> answer_bank_accounts(const Request& request) {
  const std::vector<std::string>& parts = request.parts;
  const std::string& method = request.call.method;
  if (!equal_fold(parts[0], "ContactBankAccounts") || parts.size() > 3) return std::nullopt;
  for (std::size_t at = 1; at < parts.size(); ++at) {
    if (!all_digits(parts[at])) return std::nullopt;
  }
  const bool may = method == "GET" ? request.may({"ContactBankAccount", "ContactBankAccount_Full", "Employee_Full"})
                                   : request.may({"ContactBankAccount_Full", "Employee_Full"});
  if (!may) return request.forbidden("ContactBankAccount_Full");
  if (parts.size() == 1 && method == "GET") return list_accounts(request);
  if (parts.size() == 2 && method == "POST") return create_account(request, parts[1]);
  return parts.size() == 3 ? answer_account(request, parts[1], parts[2]) : std::nullopt;
}

}  // namespace dovetail::sandbox::poweroffice_go

// /Employees and /Employees/{id}/BankAccounts.
#include <fmt/format.h>

#include "tools/sandbox/poweroffice_go/employee.hpp"
#include "tools/sandbox/poweroffice_go/json_patch.hpp"
#include "tools/sandbox/poweroffice_go/listing.hpp"
#include "tools/sandbox/poweroffice_go/problem.hpp"

namespace dovetail::sandbox::poweroffice_go {

namespace {

// What the special privilege would show.
Json masked(const Request& request, Json row) {
  if (request.token.shows_ids) return row;
  for (const char* name : {"NationalIdNumber", "InternationalIdNumber"}) {
    if (!text_member(row, name).empty()) row[name] = "hidden";
  }
  if (!member(row, "Gender").is_null()) row["Gender"] = "Hidden";
  return row;
}

Answer entity(const Request& request, int status, const Json& row) {
  return json_answer(status, as_shown(request, masked(request, row)), "application/json; charset=utf-8");
}

using Filter = std::function<bool(const Json&)>;

std::expected<std::vector<Filter>, Answer> number_filters(const Request& request) {
  std::vector<Filter> filters;
  for (const auto& [parameter, name] :
       {std::pair{"employeeNos", "Number"}, std::pair{"externalNos", "ExternalNumber"}}) {
    const auto text = request.call.param(parameter);
    if (!text) continue;
    const auto ranges = ranges_from(*text);
    if (!ranges) return std::unexpected(unable_to_cast(parameter, *text));
    filters.emplace_back([ranges = *ranges, wanted = std::string(name)](const Json& row) {
      const Json& value = member(row, wanted);
      return value.is_number_integer() && std::ranges::any_of(ranges, [&](const auto& range) {
               return value.get<long long>() >= range.first && value.get<long long>() <= range.second;
             });
    });
  }
  return filters;
}

std::vector<Filter> text_filters(const Request& request) {
  std::vector<Filter> filters;
  if (const auto reference = request.call.param("externalImportReference")) {
    filters.emplace_back([=](const Json& row) { return text_member(row, "ExternalImportReference") == *reference; });
  }
  if (!request.knobs().on("email_filter")) return filters;
  for (const auto& [parameter, name] :
       {std::pair{"employeeEmails", "EmailAddress"}, std::pair{"employeePhoneNumbers", "PhoneNumber"},
        std::pair{"employeeNationalIdNumber", "NationalIdNumber"},
        std::pair{"subLedgerAccountIds", "SubledgerAccountId"}}) {
    const auto text = request.call.param(parameter);
    if (!text) continue;
    filters.emplace_back([texts = texts_from(*text), wanted = std::string(name)](const Json& row) {
      return std::ranges::any_of(texts,
                                 [&](const std::string& each) { return equal_fold(each, text_member(row, wanted)); });
    });
  }
  return filters;
}

std::expected<std::vector<Filter>, Answer> other_filters(const Request& request) {
  std::vector<Filter> filters;
  if (const auto text = request.call.param("contactGroupIds")) {
    const auto ranges = ranges_from(*text);
    if (!ranges) return std::unexpected(unable_to_cast("contactGroupIds", *text));
    filters.emplace_back([wanted = texts_from(*text)](const Json& row) {
      return std::ranges::any_of(member(row, "ContactGroupIds"),
                                 [&](const Json& id) { return wanted.contains(to_text(id)); });
    });
  }
  for (const auto& [parameter, name] :
       {std::pair{"employeeCreatedDateTimeOffsetGreaterThan", "EmployeeCreatedDateTimeOffset"},
        std::pair{"lastChangedDateTimeOffsetGreaterThan", "LastChangedDateTimeOffset"}}) {
    const auto text = request.call.param(parameter);
    if (!text) continue;
    if (!date_from(std::string_view(*text).substr(0, 10))) return std::unexpected(unable_to_cast(parameter, *text));
    // All stamps are written alike, in UTC: they compare as text, up to where the caller's ends.
    const std::string after = text->substr(0, text->find_first_of("Z+ ", 10));
    filters.emplace_back([after, wanted = std::string(name)](const Json& row) {
      const std::string stamp = text_member(row, wanted);
      return stamp.substr(0, stamp.find('+')) > after;
    });
  }
  return filters;
}

Answer list_employees(const Request& request) {
  std::vector<Filter> filters = text_filters(request);
  for (const auto& more : {number_filters(request), other_filters(request)}) {
    if (!more) return more.error();
    filters.insert(filters.end(), more->begin(), more->end());
  }
  std::vector<const Json*> rows;
  for (const auto& [id, row] : request.system.store.replicated("employees", request.system.clock.now())) {
    const bool fits =
        request.owns(*row) && std::ranges::all_of(filters, [&](const Filter& each) { return each(*row); });
    if (fits) rows.push_back(row);
  }
  return list_answer(request, std::move(rows),
                     [&request](const Json& row) { return as_shown(request, masked(request, row)); });
}

Answer unreadable(const Member& member, const Json& value) {
  if (member.type == Type::choice && value.is_number()) {
    return problem(
        400, "Employee validation error(s)",
        fmt::format("Enum '{}' with value = {} is not valid. (Enums is not allowed to be represented as integers).",
                    lower(member.name), to_text(value)));
  }
  return problem(400, "Employee validation error(s)",
                 fmt::format("The value '{}' is not valid for {}.",
                             value.is_string() ? value.get<std::string>() : to_text(value), member.name));
}

// The members of a posted object that are known, by their own names.
std::expected<Json, Answer> posted_members(const Request& request, const Json& body,
                                           const std::vector<Member>& members) {
  Json row = Json::object();
  for (const auto& [name, value] : body.items()) {
    const Member* known = find_member(members, name);
    const bool exact = known != nullptr && known->name == name;
    if (known == nullptr || !known->post || (!exact && request.knobs().is("camel_case_bodies", "ignored"))) continue;
    const auto kept = converted(*known, value, false);
    if (!kept) return std::unexpected(unreadable(*known, value));
    row[known->name] = *kept;
  }
  return row;
}

std::optional<Answer> look_up_codes(const Request& request, Json& row) {
  const std::string code = text_member(row, "DepartmentCode");
  if (code.empty() || !member(row, "DepartmentId").is_null()) return std::nullopt;
  for (const auto& [id, department] : request.system.store.rows("departments")) {
    if (request.owns(department) && text_member(department, "Code") == code) {
      row["DepartmentId"] = department["Id"];
      return std::nullopt;
    }
  }
  return problem(404, "Employee validation error(s)", fmt::format("Department with code = '{}' not found.", code));
}

void stamp_address(const Request& request, Json& row, const std::string& now) {
  Json& address = row["MailAddress"];
  if (address.is_null()) return;
  Json whole = {
      {"Id", nullptr},   {"AddressLine1", nullptr}, {"AddressLine2", nullptr}, {"ZipCode", nullptr},
      {"City", nullptr}, {"CountryCode", nullptr},  {"ExternalCode", nullptr}, {"LastChangedDateTimeOffset", nullptr}};
  whole.update(address);
  if (whole["Id"].is_null()) whole["Id"] = request.system.store.next("addresses", 501);
  whole["LastChangedDateTimeOffset"] = now;
  address = std::move(whole);
}

std::optional<Answer> refuse_hidden(const Request& request, Json& row, const Json& before) {
  if (member(row, "Gender") != "Hidden") return std::nullopt;
  if (request.knobs().is("write_hidden_gender", "refused"))
    return problem(400, "Employee validation error(s)", "Gender cannot be set to Hidden.");
  row["Gender"] = before;
  return std::nullopt;
}

Answer create_employee(const Request& request) {
  const auto body = parse_json(request.call.body);
  if (!body || !body->is_object())
    return problem(400, "Employee validation error(s)", "The request body is not valid.");
  const auto members = posted_members(request, *body, employee_members());
  if (!members) return members.error();
  Json row = blank_employee();
  row.update(*members);
  row["_client"] = request.token.client;
  row.erase("SubLedgerNumberSeriesId");
  if (auto wrong = refuse_hidden(request, row, Json())) return *wrong;
  if (auto wrong = look_up_codes(request, row)) return *wrong;
  if (auto wrong = check_employee(request, row, "", true)) return *wrong;
  if (row["Number"].is_null()) row["Number"] = next_number(request);
  const std::string id = request.system.new_id("employees");
  const std::string now = request.system.stamp();
  row["Id"] = *to_number(id);
  row["SubledgerAccountId"] = 33'000 + *to_number(id);
  for (const char* each :
       {"ContactCreatedDateTimeOffset", "EmployeeCreatedDateTimeOffset", "LastChangedDateTimeOffset"})
    row[each] = now;
  stamp_address(request, row, now);
  request.system.commit("employees", id, row);
  return entity(request, 201, row);
}

// The content type and the body of a patch; or the refusal.
std::expected<Json, Answer> patch_body(const Request& request) {
  const std::string type = lower(request.call.header("Content-Type"));
  const bool patch = type.starts_with("application/json-patch+json");
  const bool plain = type.starts_with("application/json") && request.knobs().is("patch_content_type", "any_json");
  if (!patch && !plain)
    return std::unexpected(problem(415, "Unsupported Media Type", "Content type must be application/json-patch+json."));
  return parse_json(request.call.body).value_or(Json());
}

Answer patch_employee(const Request& request, const std::string& id) {
  const auto operations = patch_body(request);
  if (!operations) return operations.error();
  const Json* present = request.system.store.find("employees", id);
  if (present == nullptr || !request.owns(*present)) return object_not_found("Employee", id);
  auto row = patched(*present, *operations, employee_members(), request.patch_manner());
  if (!row) return problem(400, "Employee validation error(s)", "EmployeePatchDto: " + row.error());
  if (auto wrong = refuse_hidden(request, *row, member(*present, "Gender"))) return *wrong;
  const bool new_address = member(*present, "MailAddress").is_null() && !member(*row, "MailAddress").is_null();
  if (auto wrong = check_employee(request, *row, id, new_address)) return *wrong;
  const bool same_address = member(*row, "MailAddress") == member(*present, "MailAddress");
  const std::string now = request.system.stamp();
  if (!same_address) stamp_address(request, *row, now);
  Json apart = *row;
  apart["MailAddress"] = member(*present, "MailAddress");
  if (apart != *present) (*row)["LastChangedDateTimeOffset"] = now;  // a changed address alone does not move it
  request.system.commit("employees", id, *row);
  return entity(request, 200, *row);
}

Answer delete_employee(const Request& request, const std::string& id) {
  const Json* present = request.system.store.find("employees", id);
  if (present == nullptr || !request.owns(*present)) return object_not_found("Employee", id);
  if (member(*present, "_in_use") == true) {
    return problem(409, "Employee conflict", fmt::format("Employee with id = {} is in use and cannot be deleted.", id));
  }
  request.system.remove("employees", id);
  return {.status = 200};
}

Answer patch_salary_account(const Request& request, const std::string& id) {
  if (!request.may({"EmployeeBankAccounts_Full"})) return request.forbidden("EmployeeBankAccounts_Full");
  const auto operations = patch_body(request);
  if (!operations) return operations.error();
  const Json* present = request.system.store.find("employees", id);
  if (present == nullptr || !request.owns(*present)) return object_not_found("Employee", id);
  const std::string title = "Employee bank accounts validation error(s)";
  auto row = patched(*present, *operations, salary_account_members(), request.patch_manner());
  if (!row) return problem(400, title, "EmployeeBankAccountsPatchDto: " + row.error());
  if (member(*row, "SalaryBankAccountId").is_null() && !member(*present, "SalaryBankAccountId").is_null() &&
      request.knobs().is("unset_salary_account", "refused"))
    return problem(400, title, "SalaryBankAccountId cannot be removed.");
  for (const char* name : {"SalaryBankAccountId", "ExpenseBankAccountId", "TravelExpenseBankAccountId"}) {
    if (member(*row, name).is_null()) continue;
    const Json* account = request.system.store.find("bank_accounts", text_member(*row, name));
    if (account == nullptr || text_member(*account, "ContactId") != id) {
      return problem(
          400, title,
          fmt::format("{}: bank account with id = {} does not belong to the employee.", name, text_member(*row, name)));
    }
  }
  for (const char* name : {"ExpenseBankAccountId", "TravelExpenseBankAccountId"}) {
    if (member(*row, name).is_null()) (*row)[name] = (*row)["SalaryBankAccountId"];
  }
  request.system.commit("employees", id, *row);
  if (request.knobs().is("salary_answer", "employee")) return entity(request, 200, *row);
  return json_answer(200, {{"SalaryBankAccountId", (*row)["SalaryBankAccountId"]},
                           {"ExpenseBankAccountId", (*row)["ExpenseBankAccountId"]},
                           {"TravelExpenseBankAccountId", (*row)["TravelExpenseBankAccountId"]}});
}

}  // namespace

std::optional<Answer> answer_employees(const Request& request) {
  const std::vector<std::string>& parts = request.parts;
  const std::string& method = request.call.method;
  if (!equal_fold(parts[0], "Employees") || parts.size() > 3) return std::nullopt;
  if (parts.size() > 1 && !all_digits(parts[1])) return std::nullopt;
  if (parts.size() == 3) {
    if (!equal_fold(parts[2], "BankAccounts") || method != "PATCH") return std::nullopt;
    return patch_salary_account(request, parts[1]);
  }
  const bool reads = method == "GET";
  if (reads ? !request.may({"Employee", "Employee_Full"}) : !request.may({"Employee_Full"}))
    return request.forbidden("Employee_Full");
  if (parts.size() == 1) {
    if (reads) return list_employees(request);
    return method == "POST" ? std::optional(create_employee(request)) : std::nullopt;
  }
  if (method == "PATCH") return patch_employee(request, parts[1]);
  if (method == "DELETE") return delete_employee(request, parts[1]);
  if (!reads) return std::nullopt;
  const Json* row = request.system.store.find_replicated("employees", parts[1], request.system.clock.now());
  return row == nullptr || !request.owns(*row) ? object_not_found("Employee", parts[1]) : entity(request, 200, *row);
}

}  // namespace dovetail::sandbox::poweroffice_go

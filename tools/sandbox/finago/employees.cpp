// /employee/v2.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "tools/sandbox/finago/finago.hpp"
#include "tools/sandbox/ids/account.hpp"
#include "tools/sandbox/ids/country.hpp"
#include "tools/sandbox/ids/national_id.hpp"

namespace dovetail::sandbox::finago {

namespace {

using Wrong = std::optional<Answer>;

constexpr std::array id_types = {"passnummer", "socialSecurityNumber", "taxIdentificationNumber",
                                 "valueAddedTaxNumber"};
Json shown(const Finago& system, const Json& row) {
  Json json = Json::object();
  for (const auto& [name, value] : row.items()) {
    if (name.starts_with('_')) continue;
    json[name] = value;
    const bool decimal = std::ranges::find(decimals, name) != decimals.end();
    if (!decimal || value == "" || !system.knobs.is("decimals", "two_digits")) continue;
    json[name] = fmt::format("{:.2f}", std::strtod(value.get<std::string>().c_str(), nullptr));
  }
  return json;
}

Answer item(const Finago& system, const Json& row) {
  const Json json = shown(system, row);
  return json_answer(200, system.knobs.is("create_answer", "array") ? Json::array({json}) : json,
                     system.knobs.text("answer_type"));
}

bool is_birth_date(const std::string& text) { return (text.size() == 6 || text.size() == 8) && all_digits(text); }

bool is_decimal(const std::string& text) {
  const auto point = text.find('.');
  const std::string rest = point == std::string::npos ? "0" : text.substr(point + 1);
  return all_digits(text.substr(0, point)) && all_digits(rest);
}

Wrong check_forms(const Finago& system, const Json& row) {
  for (const char* name : decimals) {
    const std::string text = text_member(row, name);
    if (!text.empty() && !is_decimal(text)) return system.error(400, std::string(name) + " is invalid");
  }
  if (!system.knobs.on("check_country")) return std::nullopt;
  for (const std::string& code :
       {text_member(row, "countryCode"), text_member(member(row, "internationalID"), "countryCode")}) {
    if (!code.empty() && !is_country(upper(code))) return system.error(400, "countryCode is invalid");
  }
  return std::nullopt;
}

Wrong check(const Finago& system, const Json& row) {
  if (auto wrong = check_forms(system, row)) return wrong;
  const std::string number = text_member(row, "personnr");
  if (system.knobs.on("check_personnr") && !number.empty() && !is_birth_date(number) &&
      !is_fnr(number, system.knobs.on("synthetic_ids"))) {
    return system.error(400, "personnr is invalid");
  }
  const std::string account = text_member(row, "account");
  const bool domestic = text_member(row, "clearingno").empty() && all_digits(account);
  if (system.knobs.on("check_account") && domestic && !is_norwegian_account(account))
    return system.error(400, "account is invalid");
  const std::string day = text_member(row, "employee_date");
  if (!day.empty() && !date_from(day)) return system.error(400, "employee_date is invalid");
  const std::string type = text_member(row, "salary_type");
  if (!type.empty() && type != "monthly" && type != "hourly") return system.error(400, "salary_type is invalid");
  return std::nullopt;
}

Wrong set_international_id(const Finago& system, Json& row, const Json& value) {
  if (!value.is_object()) return system.error(400, "internationalID is invalid");
  if (text_member(value, "ID").empty()) {
    if (system.knobs.is("empty_international_id", "refused")) return system.error(400, "internationalID.ID is missing");
    if (system.knobs.is("empty_international_id", "cleared"))
      row["internationalID"] = blank_employee()["internationalID"];
    return std::nullopt;
  }
  std::string type = text_member(value, "type");
  if (type.empty()) type = "passnummer";
  if (std::ranges::find(id_types, type) == id_types.end()) return system.error(400, "internationalID.type is invalid");
  row["internationalID"] = {
      {"countryCode", text_member(value, "countryCode")}, {"ID", text_member(value, "ID")}, {"type", type}};
  return std::nullopt;
}

Wrong set_members(const Finago& system, Json& row, const Json& body) {
  for (const auto& [name, value] : body.items()) {
    if (name == "empId" || name.starts_with('_')) continue;
    if (name == "internationalID") {
      if (auto wrong = set_international_id(system, row, value)) return wrong;
      continue;
    }
    if (!row.contains(name) && !name.starts_with("employee_field_")) continue;  // unknown members are ignored
    if (value.is_structured() && name != "accounting") return system.error(400, name + " is invalid");
    if (value.is_structured()) {
      row[name] = value;
      continue;
    }
    const std::string text = as_text(value);
    if (text.empty() && !system.knobs.on("empty_clears")) continue;
    const long long longest = system.knobs.number("longest_text");
    if (longest > 0 && static_cast<long long>(text.size()) > longest) return system.error(400, name + " is too long");
    row[name] = text;
  }
  return check(system, row);
}

Wrong check_email(Finago& system, const std::string& email, const std::string& id) {
  const std::string& rule = system.knobs.text("duplicate_email");
  if (email.empty() || rule == "allowed") return std::nullopt;
  for (const auto& [other_id, other] : system.store.rows("employees")) {
    if (other_id != id && equal_fold(text_member(other, "email"), email)) {
      return system.error(static_cast<int>(*to_number(rule)), "email is already in use");
    }
  }
  return std::nullopt;
}

Answer create(Finago& system, const Json& body) {
  std::string id = as_text(member(body, "empId"));
  if (id.empty() && !system.knobs.on("auto_number")) return system.error(400, "empId is missing");
  if (!id.empty() && (!all_digits(id) || id.size() > 15)) return system.error(400, "empId is invalid");
  while (id.empty() || (member(body, "empId").is_null() && system.store.find("employees", id) != nullptr)) {
    id = std::to_string(system.store.next("employees"));
  }
  if (system.store.find("employees", id) != nullptr) return system.error(409, "empId already exists");
  Json row = blank_employee();
  row["empId"] = id;
  row["_employments"] = Json::array();
  if (auto wrong = set_members(system, row, body)) return *wrong;
  for (const char* name : {"firstname", "lastname", "email"}) {
    if (text_member(row, name).empty() && system.knobs.is("required_on_create", "names_and_email")) {
      return system.error(400, std::string(name) + " is missing");
    }
  }
  if (auto wrong = check_email(system, text_member(row, "email"), id)) return *wrong;
  system.store.rows("employees")[id] = row;
  return item(system, row);
}

Answer update(Finago& system, const std::string& id, const Json& body) {
  Json* present = system.store.find("employees", id);
  if (present == nullptr) {
    return system.error(static_cast<int>(system.knobs.number("unknown_employee_post")), "Employee does not exist");
  }
  Json row = *present;
  if (system.knobs.is("update", "whole")) {
    row = blank_employee();
    for (const char* kept : {"empId", "hidden", "_employments"}) row[kept] = (*present)[kept];
  }
  if (auto wrong = set_members(system, row, body)) return *wrong;
  if (auto wrong = check_email(system, text_member(row, "email"), id)) return *wrong;
  *present = row;
  return item(system, row);
}

}  // namespace

std::string as_text(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_boolean()) return value.get<bool>() ? "1" : "0";
  return value.is_string() ? value.get<std::string>() : to_text(value);
}

Json blank_employee() {
  Json row = Json::object();
  for (const char* name : {"empId", "email", "email_copy", "firstname", "lastname", "postaddress", "zipcode", "city",
                           "countryCode", "clearingno", "account", "bic", "employee_date", "telefon", "personnr"}) {
    row[name] = "";
  }
  row["internationalID"] = {{"countryCode", ""}, {"ID", ""}, {"type", "passnummer"}};
  row["salary_type"] = "monthly";
  for (const char* name : {"salary", "salary_valid_from", "taxtable", "employment_rate", "employment_rate_valid_from"})
    row[name] = "";
  row["hours_per_week"] = "37.5";
  for (const char* name :
       {"hours_per_week_valid_from", "vacation_percent", "vacation_percent_valid_from", "vacation_days"})
    row[name] = "";
  row["hidden"] = "0";
  row["percentage_tax_main_employer"] = "50";
  for (const char* name : {"percentage_tax_bi_employer", "tax_resident_country", "continental_shelf"}) row[name] = "";
  row["accounting"] = Json::array();
  return row;
}

Answer answer_employees(Finago& system, const Call& call, const std::string& id) {
  if (call.method == "POST") {
    const Json body = parse_json(call.body).value_or(Json());
    if (!body.is_object()) return system.error(400, "Error, bad input parameter");
    return id.empty() ? create(system, body) : update(system, id, body);
  }
  if (call.method != "GET") return system.error(405, "Method not allowed");
  Json list = Json::array();
  if (!id.empty()) {
    const Json* row = system.store.find("employees", id);
    if (row == nullptr && system.knobs.is("unknown_employee_get", "404"))
      return system.error(404, "Employee does not exist");
    if (row != nullptr) list.push_back(shown(system, *row));
    return json_answer(200, list, system.knobs.text("answer_type"));
  }
  for (const auto& [each, row] : system.store.rows("employees")) {
    if (call.cut && list.size() == call.cut->rows) break;
    list.push_back(shown(system, row));
  }
  return json_answer(200, list, system.knobs.text("answer_type"));
}

}  // namespace dovetail::sandbox::finago

#include "tools/sandbox/poweroffice_go/members.hpp"

#include <algorithm>
#include <cmath>

#include "tools/sandbox/core/call.hpp"
#include "tools/sandbox/ids/civil_date.hpp"

namespace dovetail::sandbox::poweroffice_go {

namespace {

constexpr bool no = false;

Member address() {
  return {.name = "MailAddress",
          .type = Type::object,
          .members = {{.name = "AddressLine1", .most = 200},
                      {.name = "AddressLine2", .most = 200},
                      {.name = "ZipCode", .most = 50},
                      {.name = "City", .most = 100},
                      {.name = "CountryCode", .most = 2},
                      {.name = "ExternalCode", .most = 50}}};
}

std::vector<Member> employee() {
  return {
      {.name = "Number", .type = Type::integer},
      {.name = "SubLedgerNumberSeriesId", .patch = no},
      {.name = "FirstName"},
      {.name = "LastName"},
      {.name = "EmailAddress"},
      {.name = "PhoneNumber"},
      {.name = "JobTitle"},
      {.name = "DateOfBirth", .type = Type::date},
      {.name = "HiredDate", .type = Type::date},
      {.name = "StartDate", .type = Type::date},
      {.name = "EndDate", .type = Type::date},
      {.name = "Gender", .type = Type::choice, .choices = {"Male", "Female", "Hidden"}},
      {.name = "NationalIdNumber"},
      {.name = "InternationalIdNumber"},
      {.name = "InternationalIdType",
       .type = Type::choice,
       .choices = {"PassportNumber", "NationalIdentityNumber", "TaxIdentificationNumber",
                   "ValueAddedTaxIdentificationNumber"}},
      {.name = "InternationalIdCountryCode", .most = 2},
      {.name = "InternationalIdReportToAltinn", .type = Type::boolean},
      address(),
      {.name = "DepartmentId", .type = Type::integer},
      {.name = "DepartmentCode", .patch = no},
      {.name = "LocationId", .type = Type::integer},
      {.name = "LocationCode", .patch = no},
      {.name = "ManagerEmployeeId", .type = Type::integer},
      {.name = "ManagerEmployeeNo", .type = Type::integer, .patch = no},
      {.name = "ContactGroupIds", .type = Type::integers},
      {.name = "ExternalImportReference", .most = 50},
      {.name = "ExternalNumber", .type = Type::integer},
      {.name = "IsArchived", .type = Type::boolean},
  };
}

std::optional<Json> as_integer(const Json& value, bool lenient) {
  if (value.is_number_integer()) return value;
  if (value.is_number_float()) {
    const double number = value.get<double>();
    const bool whole = std::abs(number) < 1e15 && number == std::floor(number);
    return whole ? std::optional<Json>(static_cast<long long>(number)) : std::nullopt;
  }
  if (!lenient || !value.is_string()) return std::nullopt;
  const auto number = to_number(value.get<std::string>());
  return number ? std::optional<Json>(*number) : std::nullopt;
}

// A day, alone or with a time of midnight behind it.
std::optional<Json> as_date(const Json& value) {
  if (!value.is_string()) return std::nullopt;
  const std::string text = value.get<std::string>();
  const auto day = date_from(std::string_view(text).substr(0, 10));
  if (!day || (text.size() > 10 && text[10] != 'T')) return std::nullopt;
  return Json(to_text(*day));
}

std::optional<Json> as_integers(const Json& value, bool lenient) {
  if (!value.is_array()) return std::nullopt;
  Json list = Json::array();
  for (const Json& each : value) {
    const auto number = as_integer(each, lenient);
    if (!number) return std::nullopt;
    list.push_back(*number);
  }
  return list;
}

std::optional<Json> as_object(const Member& member, const Json& value, bool lenient) {
  if (!value.is_object()) return std::nullopt;
  Json object = Json::object();
  for (const auto& [name, each] : value.items()) {
    const Member* known = find_member(member.members, name);
    if (known == nullptr) continue;
    const auto kept = converted(*known, each, lenient);
    if (!kept) return std::nullopt;
    object[known->name] = *kept;
  }
  return object;
}

}  // namespace

const std::vector<Member>& employee_members() {
  static const std::vector<Member> members = employee();
  return members;
}

const std::vector<Member>& salary_account_members() {
  static const std::vector<Member> members = {{.name = "SalaryBankAccountId", .type = Type::integer},
                                              {.name = "ExpenseBankAccountId", .type = Type::integer},
                                              {.name = "TravelExpenseBankAccountId", .type = Type::integer}};
  return members;
}

const std::vector<Member>& bank_account_members() {
  static const std::vector<Member> members = {{.name = "BankAccountNumber"},
                                              {.name = "BicSwift"},
                                              {.name = "BankCode"},
                                              {.name = "CountryCode", .most = 2},
                                              {.name = "IsActive", .type = Type::boolean}};
  return members;
}

const Member* find_member(const std::vector<Member>& members, std::string_view name) {
  const auto found = std::ranges::find_if(members, [&](const Member& each) { return equal_fold(each.name, name); });
  return found == members.end() ? nullptr : &*found;
}

std::optional<Json> converted(const Member& member, const Json& value, bool lenient) {
  if (value.is_null()) return Json();
  switch (member.type) {
    case Type::text:
      if (value.is_string()) return value;
      return lenient && value.is_number() ? std::optional<Json>(to_text(value)) : std::nullopt;
    case Type::date:
      return as_date(value);
    case Type::boolean:
      if (value.is_boolean()) return value;
      if (lenient && value == "true") return Json(true);
      return lenient && value == "false" ? std::optional<Json>(false) : std::nullopt;
    case Type::integer:
      return as_integer(value, lenient);
    case Type::choice: {
      if (!value.is_string()) return std::nullopt;
      const auto found = std::ranges::find_if(
          member.choices, [&](const std::string& each) { return equal_fold(each, value.get<std::string>()); });
      return found == member.choices.end() ? std::nullopt : std::optional<Json>(*found);
    }
    case Type::integers:
      return as_integers(value, lenient);
    case Type::object:
      return as_object(member, value, lenient);
  }
  return std::nullopt;
}

}  // namespace dovetail::sandbox::poweroffice_go

#include "tools/sandbox/poweroffice_go/employee.hpp"

#include <fmt/format.h>

#include "tools/sandbox/ids/account.hpp"
#include "tools/sandbox/ids/country.hpp"
#include "tools/sandbox/ids/national_id.hpp"
#include "tools/sandbox/poweroffice_go/members.hpp"
#include "tools/sandbox/poweroffice_go/problem.hpp"

namespace dovetail::sandbox::poweroffice_go {

namespace {

using Wrong = std::optional<Answer>;

Answer invalid(const std::string& detail, int status = 400) {
  return problem(status, "Employee validation error(s)", detail);
}

std::size_t characters(const std::string& utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char each) { return (static_cast<unsigned char>(each) & 0xC0U) != 0x80U; }));
}

Wrong check_lengths(const Json& object, const std::vector<Member>& members) {
  for (const Member& each : members) {
    const Json& value = member(object, each.name);
    if (each.type == Type::object && value.is_object()) {
      if (auto wrong = check_lengths(value, each.members)) return wrong;
    }
    if (each.most != 0 && value.is_string() && characters(value.get<std::string>()) > each.most) {
      return invalid(fmt::format("{} cannot be longer than {} characters.", each.name, each.most));
    }
  }
  return std::nullopt;
}

Wrong check_unique(const Request& request, const Json& row, const std::string& id) {
  for (const auto& [other_id, other] : request.system.store.rows("employees")) {
    if (other_id == id || !request.owns(other)) continue;
    for (const char* name : {"ExternalImportReference", "ExternalNumber", "Number"}) {
      const Json& value = member(row, name);
      if (value.is_null() || value == "" || value != member(other, name)) continue;
      return invalid(fmt::format("{} is already in use. '{}' is used on (contact) Id = {}.", name,
                                 text_member(row, name), other_id));
    }
  }
  return std::nullopt;
}

Wrong check_number(const Request& request, const Json& row) {
  const Json& number = member(row, "Number");
  if (number.is_null()) return std::nullopt;
  for (const auto& [id, series] : request.system.store.rows("number_series")) {
    if (request.owns(series) && number >= member(series, "FromInclusive") && number <= member(series, "ToInclusive")) {
      return std::nullopt;
    }
  }
  return invalid(
      fmt::format("Number {} is not within a sub-ledger number series for employees.", text_member(row, "Number")));
}

Wrong check_references(const Request& request, const Json& row) {
  Store& store = request.system.store;
  const auto missing = [&](const char* table, const char* name) {
    const Json* found = store.find(table, text_member(row, name));
    return !member(row, name).is_null() && (found == nullptr || !request.owns(*found));
  };
  if (missing("departments", "DepartmentId")) {
    return invalid(fmt::format("Department with id = {} not found.", text_member(row, "DepartmentId")), 404);
  }
  if (missing("employees", "ManagerEmployeeId")) {
    return invalid(fmt::format("Employee with id = {} not found.", text_member(row, "ManagerEmployeeId")), 404);
  }
  for (const Json& group : member(row, "ContactGroupIds")) {
    if (store.find("contact_groups", to_text(group)) == nullptr) {
      return invalid(fmt::format("Contact group with id = {} not found.", to_text(group)), 404);
    }
  }
  return std::nullopt;
}

Wrong check_address(const Request& request, Json& row, const std::string& id, bool posted) {
  Json& address = row["MailAddress"];
  if (address.is_null()) return std::nullopt;
  const bool whole = posted || request.knobs().is("patch_address", "city_and_zip");
  for (const char* name : {"City", "ZipCode"}) {
    if (whole && text_member(address, name).empty()) return invalid(fmt::format("MailAddress.{} is required.", name));
  }
  if (text_member(address, "CountryCode").empty()) address["CountryCode"] = "NO";
  const std::string country = text_member(address, "CountryCode");
  if (!is_country(country)) {
    return invalid(fmt::format("CountryCode '{}' is not valid.", country));
  }
  const std::string code = text_member(address, "ExternalCode");
  for (const auto& [other_id, other] : request.system.store.rows("employees")) {
    if (!code.empty() && other_id != id && text_member(member(other, "MailAddress"), "ExternalCode") == code) {
      return invalid(fmt::format("ExternalCode is already in use. '{}' is used on (contact) Id = {}.", code, other_id));
    }
  }
  return std::nullopt;
}

Wrong check_person(const Request& request, const Json& row) {
  for (const char* name : {"FirstName", "LastName"}) {
    if (trim(text_member(row, name)).empty()) return invalid(fmt::format("{} is required.", name));
  }
  const std::string number = text_member(row, "NationalIdNumber");
  if (!number.empty() && !is_fnr(replace_all(number, " ", ""), request.knobs().on("synthetic_ids"))) {
    return invalid("NationalIdNumber is not valid.");
  }
  const std::string start = text_member(row, "StartDate"), end = text_member(row, "EndDate");
  if (!start.empty() && !end.empty() && end < start) return invalid("EndDate cannot be before StartDate.");
  if (member(row, "InternationalIdReportToAltinn") == true && text_member(row, "InternationalIdNumber").empty()) {
    return invalid("InternationalIdNumber is required when InternationalIdReportToAltinn is true.");
  }
  return std::nullopt;
}

}  // namespace

Json blank_employee() {
  Json row = Json::object();
  for (const char* name : {"Id",
                           "Number",
                           "FirstName",
                           "LastName",
                           "EmailAddress",
                           "PhoneNumber",
                           "DateOfBirth",
                           "Gender",
                           "NationalIdNumber",
                           "JobTitle",
                           "StartDate",
                           "EndDate",
                           "HiredDate",
                           "IsArchived",
                           "DepartmentId",
                           "DepartmentCode",
                           "LocationId",
                           "LocationCode",
                           "ManagerEmployeeId",
                           "ManagerEmployeeNo",
                           "MailAddress",
                           "SalaryBankAccountId",
                           "ExpenseBankAccountId",
                           "TravelExpenseBankAccountId",
                           "ExternalImportReference",
                           "ExternalNumber",
                           "ContactGroupIds",
                           "SubledgerAccountId",
                           "InternationalIdNumber",
                           "InternationalIdType",
                           "InternationalIdCountryCode",
                           "InternationalIdReportToAltinn",
                           "ContactCreatedDateTimeOffset",
                           "EmployeeCreatedDateTimeOffset",
                           "LastChangedDateTimeOffset",
                           "CreatedFromImportJournalId"}) {
    row[name] = nullptr;
  }
  row["IsArchived"] = false;
  row["ContactGroupIds"] = Json::array();
  return row;
}

void add_generated(PowerOfficeGo& system, const Person& person, const std::string& client) {
  Json row = blank_employee();
  const std::string id = system.new_id("employees");
  const std::string now = system.stamp();
  row.update({{"Id", *to_number(id)},
              {"Number", *to_number(person.employment_id)},
              {"FirstName", person.given},
              {"LastName", person.family},
              {"EmailAddress", person.email},
              {"PhoneNumber", person.phone},
              {"DateOfBirth", to_text(person.born)},
              {"Gender", person.gender == Gender::male ? "Male" : "Female"},
              {"JobTitle", person.title},
              {"StartDate", to_text(person.started)},
              {"SubledgerAccountId", 33'000 + person.number},
              {"ContactCreatedDateTimeOffset", now},
              {"EmployeeCreatedDateTimeOffset", now},
              {"LastChangedDateTimeOffset", now},
              {"_client", client}});
  if (person.country == Country::norway) row["NationalIdNumber"] = person.national_id;
  if (!person.city.empty()) {
    row["MailAddress"] = {{"Id", system.store.next("addresses", 501)},
                          {"AddressLine1", person.street},
                          {"AddressLine2", nullptr},
                          {"ZipCode", person.postal_code},
                          {"City", person.city},
                          {"CountryCode", country_code(person.country)},
                          {"ExternalCode", nullptr},
                          {"LastChangedDateTimeOffset", now}};
  }
  if (!person.account.empty()) {
    const std::string account = system.new_id("bank_accounts");
    for (const char* use : {"SalaryBankAccountId", "ExpenseBankAccountId", "TravelExpenseBankAccountId"})
      row[use] = *to_number(account);
    system.store.rows("bank_accounts")[account] = {
        {"Id", *to_number(account)}, {"ContactId", *to_number(id)}, {"BankAccountNumber", person.account},
        {"BicSwift", nullptr},       {"BankCode", nullptr},         {"CountryCode", country_code(person.country)},
        {"IsActive", true},          {"CreateDateTimeOffset", now}, {"LastChangedDateTimeOffset", now},
        {"_client", client}};
  }
  system.store.rows("employees")[id] = std::move(row);
}

Wrong check_employee(const Request& request, Json& row, const std::string& id, bool posted) {
  if (auto wrong = check_person(request, row)) return wrong;
  if (auto wrong = check_lengths(row, employee_members())) return wrong;
  if (auto wrong = check_address(request, row, id, posted)) return wrong;
  if (auto wrong = check_references(request, row)) return wrong;
  if (auto wrong = check_number(request, row)) return wrong;
  return check_unique(request, row, id);
}

long long next_number(const Request& request) {
  long long from = 1;
  for (const auto& [id, series] : request.system.store.rows("number_series")) {
    if (request.owns(series) && member(series, "IsDefault") == true)
      from = member(series, "FromInclusive").get<long long>();
  }
  std::set<long long> taken;
  for (const auto& [id, row] : request.system.store.rows("employees")) {
    const Json& number = member(row, "Number");
    if (request.owns(row) && number.is_number_integer()) taken.insert(number.get<long long>());
  }
  while (taken.contains(from)) ++from;
  return from;
}

}  // namespace dovetail::sandbox::poweroffice_go

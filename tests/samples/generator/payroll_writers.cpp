#include <nlohmann/json.hpp>

#include "tests/samples/generator/writers.hpp"

namespace dovetail::samples {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

// PowerOffice writes null where there is no value, and numbers as numbers.
Json poweroffice_employee(const Record& of) {
  Json address, account;
  if (!of.line1.empty()) {
    address = {{"Id", std::stol(of.id) + 500},      {"AddressLine1", or_null(of.line1)},
               {"AddressLine2", or_null(of.line2)}, {"ZipCode", or_null(of.postal_code)},
               {"City", or_null(of.city)},          {"CountryCode", or_null(of.country)}};
  }
  if (!of.account_number.empty()) {
    account = {{"Id", std::stol(of.id) + 9000},
               {"BankAccountNumber", of.account_number},
               {"BicSwift", nullptr},
               {"CountryCode", "NO"}};
  }
  return {{"Id", std::stol(of.id)},
          {"Number", of.employment_id.empty() ? Json() : Json(std::stol(of.employment_id))},
          {"FirstName", of.given_name},
          {"LastName", of.family_name},
          {"EmailAddress", or_null(of.email)},
          {"PhoneNumber", or_null(of.phone)},
          {"DateOfBirth", of.birth_date.empty() ? Json() : Json(of.birth_date + "T00:00:00")},
          {"Gender", or_null(hub_gender(of.gender))},
          {"NationalIdNumber", of.identification.empty() ? Json() : Json("hidden")},
          {"JobTitle", of.employments.empty() ? Json() : Json(of.employments.back().title)},
          {"StartDate", of.employments.empty() ? Json() : Json(of.employments.front().start)},
          {"EndDate", of.employments.empty() ? Json() : or_null(of.employments.back().end)},
          {"HiredDate", nullptr},
          {"IsArchived", !of.active},
          {"MailAddress", address},
          {"SalaryBankAccount", account},
          {"ExternalImportReference", nullptr},
          {"ContactGroupIds", Json::array()}};
}

// Finago writes everything as texts, and "" where there is no value.
Json finago_employee(const Record& of) {
  Json employments = Json::array();
  for (const Employment& employment : of.employments) {
    employments.push_back({{"employment_id", employment.id},
                           {"primary_employment", &employment == &of.employments.back() ? "1" : "0"},
                           {"startdate", employment.start},
                           {"enddate", employment.end},
                           {"enddate_reason", employment.end.empty() ? "" : "arbeidstakerHarSagtOppSelv"},
                           {"employment_form", "fast"},
                           {"employment_rate", "100.00"}});
  }
  const bool identified = !of.identification.empty();
  return {{"empId", of.id},
          {"email", of.email},
          {"email_copy", ""},
          {"firstname", of.given_name},
          {"lastname", of.family_name},
          {"postaddress", of.line1},
          {"zipcode", of.postal_code},
          {"city", of.city},
          {"countryCode", of.country},
          {"clearingno", of.clearing},
          {"account", of.account_number},
          {"bic", ""},
          {"employee_date", of.employments.empty() ? "" : of.employments.front().start},
          {"telefon", of.phone},
          {"personnr", ""},
          {"internationalID",
           {{"countryCode", identified ? of.identification_country : ""},
            {"ID", of.identification},
            {"type", identified ? "socialSecurityNumber" : "passnummer"}}},
          {"salary_type", "monthly"},
          {"salary", "25000.00"},
          {"hours_per_week", "37.50"},
          {"employments", employments}};
}

std::string document(const Json& rows, const std::string& name, bool lines) {
  std::string text;
  if (!lines) return Json{{name, rows}}.dump(2) + "\n";
  for (const Json& row : rows) text += row.dump() + "\n";
  return text;
}

Json employees(const People& people, Json (*employee)(const Record&)) {
  Json rows = Json::array();
  for (const Person& person : people) {
    if (person.provider.present) rows.push_back(employee(person.provider));
  }
  return rows;
}

// Takes what stands there out of an employee; the rows name whose they are.
Json taken_out(Json& employee, const char* name, const char* of, const Json& id) {
  Json row = {{of, id}};
  row.update(employee[name]);
  employee.erase(name);
  return row;
}

}  // namespace

std::string poweroffice_employees(const People& people, bool lines) {
  return document(employees(people, poweroffice_employee), "employees", lines);
}

std::string finago_employees(const People& people, bool lines) {
  return document(employees(people, finago_employee), "employees", lines);
}

Files poweroffice_files(const People& people, bool lines) {
  Json rows = employees(people, poweroffice_employee), addresses = Json::array(), accounts = Json::array();
  for (Json& employee : rows) {
    const Json id = employee["Id"];
    employee["SalaryBankAccountId"] = nullptr;
    if (!employee["SalaryBankAccount"].is_null()) {
      employee["SalaryBankAccountId"] = employee["SalaryBankAccount"]["Id"];
      // Somebody's other accounts are nobody's salary account, wherever they stand.
      if (id.get<long>() % 3 == 0)
        accounts.push_back({{"ContactId", id}, {"Id", id.get<long>() + 19000}, {"BankAccountNumber", "86012714310"}});
      accounts.push_back(taken_out(employee, "SalaryBankAccount", "ContactId", id));
    }
    if (!employee["MailAddress"].is_null()) addresses.push_back(taken_out(employee, "MailAddress", "ContactId", id));
    employee.erase("SalaryBankAccount");
    employee.erase("MailAddress");
  }
  return {{"employees", document(rows, "employees", lines)},
          {"addresses", document(addresses, "addresses", lines)},
          {"bank_accounts", document(accounts, "bankAccounts", lines)}};
}

Files finago_files(const People& people, bool lines) {
  Json rows = employees(people, finago_employee), employments = Json::array();
  for (Json& employee : rows) {
    for (Json& employment : employee["employments"]) {
      Json row = {{"empId", employee["empId"]}};
      row.update(employment);
      employments.push_back(std::move(row));
    }
    employee.erase("employments");
  }
  return {{"employees", document(rows, "employees", lines)},
          {"employments", document(employments, "employments", lines)}};
}

}  // namespace dovetail::samples

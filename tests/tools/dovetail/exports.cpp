#include "tests/tools/dovetail/exports.hpp"

#include <algorithm>
#include <stdexcept>

namespace dovetail::test {
namespace {

using Json = nlohmann::json;

// The value inside Huma's wrapper; null: none.
Json inner(const Json& user, const char* name) {
  const Json member = user.value(name, Json::object());
  return member.is_object() ? member.value("value", Json()) : Json();
}

std::string text(const Json& value) {
  if (value.is_number()) return value.dump();
  return value.is_string() ? value.get<std::string>() : std::string{};
}

std::string joined(const std::string& line, const std::string& code, const std::string& town,
                   const std::string& country) {
  if (line.empty() && code.empty() && town.empty() && country.empty()) return {};
  return line + ", " + code + ", " + town + ", " + country;
}

// Seeds change the position that began last, and count the positions.
Json current_position(const Json& user) {
  Json last;
  const Json all = user.value("positions", Json::array());
  for (const Json& position : all) {
    if (last.is_null() || text(inner(position, "contractStartDate")) > text(inner(last, "contractStartDate")))
      last = position;
  }
  return last.is_null() ? Json::object() : last;
}

pugi::xml_node current_period(pugi::xml_node employee) {
  pugi::xml_node last;
  for (const pugi::xml_node period : employee.child("employmentperiods").children("employmentperiod")) {
    if (!last || std::string(period.child_value("startdate")) > last.child_value("startdate")) last = period;
  }
  return last;
}

std::string identification(const Json& user) {
  const Json all = inner(user, "identifications");
  for (const Json& one : all) {
    if (one.value("type", "") == "national") return text(one.value("value", Json()));
  }
  return {};
}

}  // namespace

namespace {

// The rows of a document, or those that stand a line each.
Json rows_in(const std::string& file) {
  if (file.starts_with("{\n")) {
    const Json whole = Json::parse(file);
    return whole.begin().value();
  }
  Json rows = Json::array();
  for (std::size_t begin = 0; begin < file.size();) {
    const std::size_t end = std::min(file.find('\n', begin), file.size());
    if (end > begin) rows.push_back(Json::parse(file.substr(begin, end - begin)));
    begin = end + 1;
  }
  return rows;
}

}  // namespace

Exports::Exports(const std::string& huma, const Apart& files, std::string system) : system_(std::move(system)) {
  for (const Json& user : rows_in(huma)) users_.emplace(user["id"], user);
  const bool finago = system_ == "finago";
  for (const Json& employee : rows_in(files.at("employees")))
    json_employees_.emplace(text(employee[finago ? "empId" : "Id"]), employee);
  if (finago) {
    for (const Json& row : rows_in(files.at("employments")))
      json_employees_.at(text(row["empId"]))["employments"].push_back(row);
    return;
  }
  for (auto& [id, employee] : json_employees_) employee["MailAddress"] = employee["SalaryBankAccount"] = nullptr;
  for (const Json& row : rows_in(files.at("addresses"))) {
    Json& address = json_employees_.at(text(row["ContactId"]))["MailAddress"];
    if (!address.is_null()) throw std::runtime_error("two addresses of one employee");
    address = row;
  }
  for (const Json& row : rows_in(files.at("bank_accounts"))) {
    Json& employee = json_employees_.at(text(row["ContactId"]));
    if (employee["SalaryBankAccountId"] == row["Id"]) employee["SalaryBankAccount"] = row;
  }
}

Exports::Exports(const std::string& huma, const std::string& provider, std::string system)
    : system_(std::move(system)) {
  const Json document = Json::parse(huma);
  for (const Json& user : document["items"]) users_.emplace(user["id"], user);
  if (system_ == "netvisor") {
    if (!document_.load_buffer(provider.data(), provider.size())) throw std::runtime_error("the XML is broken");
    for (const pugi::xml_node employee : document_.child("Root").child("employees").children("employee")) {
      employees_.emplace(employee.child("employeebaseinformation").child_value("netvisorkey"), employee);
    }
    return;
  }
  const Json employees = Json::parse(provider);
  const char* id = system_ == "finago" ? "empId" : "Id";
  for (const Json& employee : employees["employees"]) json_employees_.emplace(text(employee[id]), employee);
}

std::string Exports::hub(const std::string& id, const std::string& field) const {
  const Json& user = users_.at(id);
  if (field == "Email address") return text(inner(user, "email"));
  if (field == "Given name") return text(inner(user, "givenName"));
  if (field == "Family name") return text(inner(user, "familyName"));
  if (field == "Phone number") return text(inner(user, "phone"));
  if (field == "Date of birth") return text(inner(user, "birthDate"));
  if (field == "Gender") return text(inner(user, "gender"));
  if (field == "Nationality") return text(inner(user, "nationality"));
  if (field == "Employment ID") return text(inner(user, "employmentId"));
  if (field == "Identifications") return identification(user);
  const Json address = inner(user, "homeAddress");
  if (field == "Address" && address.is_object()) {
    return joined(text(address.value("line1", Json())), text(address.value("postalCode", Json())),
                  text(address.value("city", Json())), text(address.value("country", Json())));
  }
  const Json account = inner(user, "bankAccount");
  if (field == "Bank account number" && account.is_object()) {
    const std::string iban = text(account.value("iban", Json()));
    return iban.empty() ? text(account.value("number", Json())) : iban;
  }
  if (field == "Address" || field == "Bank account number") return {};
  if (field == "Employment start date") return std::to_string(user.value("positions", Json::array()).size());
  const Json position = current_position(user);
  if (field == "Job title") return text(inner(position, "title").value("name", Json()));
  if (field == "Probation end date") return text(inner(position, "probationEndDate"));
  if (field == "Employment end date") return text(inner(position, "contractEndDate"));
  throw std::runtime_error("no such field: " + field);
}

std::string Exports::provider(const std::string& id, const std::string& field) const {
  if (system_ == "netvisor") return netvisor(id, field);
  return system_ == "finago" ? finago(id, field) : poweroffice(id, field);
}

std::string Exports::poweroffice(const std::string& id, const std::string& field) const {
  static const std::map<std::string, const char*> names = {
      {"Email address", "EmailAddress"}, {"Given name", "FirstName"},      {"Family name", "LastName"},
      {"Phone number", "PhoneNumber"},   {"Date of birth", "DateOfBirth"}, {"Gender", "Gender"},
      {"Employment ID", "Number"}};
  const Json& employee = json_employees_.at(id);
  if (field == "Address") {
    const Json address = employee["MailAddress"];
    if (!address.is_object()) return {};
    return joined(text(address.value("AddressLine1", Json())), text(address.value("ZipCode", Json())),
                  text(address.value("City", Json())), text(address.value("CountryCode", Json())));
  }
  if (field == "Bank account number") {
    const Json account = employee["SalaryBankAccount"];
    return account.is_object() ? text(account["BankAccountNumber"]) : std::string{};
  }
  const std::string value = text(employee.at(names.at(field)));
  return field == "Date of birth" ? value.substr(0, 10) : value;
}

std::string Exports::finago(const std::string& id, const std::string& field) const {
  static const std::map<std::string, const char*> names = {{"Email address", "email"},
                                                           {"Given name", "firstname"},
                                                           {"Family name", "lastname"},
                                                           {"Phone number", "telefon"},
                                                           {"Bank account number", "account"}};
  const Json& employee = json_employees_.at(id);
  if (field == "Address") {
    return joined(text(employee["postaddress"]), text(employee["zipcode"]), text(employee["city"]),
                  text(employee["countryCode"]));
  }
  if (field == "Identifications") return text(employee["internationalID"]["ID"]);
  return text(employee.at(names.at(field)));
}

std::string Exports::netvisor(const std::string& id, const std::string& field) const {
  static const std::map<std::string, const char*> names = {{"Email address", "email"},
                                                           {"Given name", "firstname"},
                                                           {"Family name", "lastname"},
                                                           {"Phone number", "phonenumber"},
                                                           {"Date of birth", "dateofbirth"},
                                                           {"Gender", "gender"},
                                                           {"Nationality", "nationality"},
                                                           {"Employment ID", "employeenumber"},
                                                           {"Identifications", "employeeidentifier"},
                                                           {"Bank account number", "bankaccountnumber"}};
  const pugi::xml_node employee = employees_.at(id);
  const pugi::xml_node base = employee.child("employeebaseinformation");
  if (const auto found = names.find(field); found != names.end()) return base.child_value(found->second);
  if (field == "Address") {
    return joined(base.child_value("streetaddress"), base.child_value("postnumber"), base.child_value("municipality"),
                  base.child_value("country"));
  }
  const auto periods = employee.child("employmentperiods").children("employmentperiod");
  if (field == "Employment start date") return std::to_string(std::distance(periods.begin(), periods.end()));
  const pugi::xml_node period = current_period(employee);
  if (field == "Job title") return period.child_value("profession");
  if (field == "Probation end date") return period.child_value("probationenddate");
  if (field == "Employment end date") return period.child_value("enddate");
  throw std::runtime_error("no such field: " + field);
}

bool Exports::provider_has_mail(const std::string& mail) const {
  const auto has = [&](const auto& one) { return provider(one.first, "Email address") == mail; };
  return std::ranges::any_of(employees_, has) || std::ranges::any_of(json_employees_, has);
}

bool Exports::hub_has_mail(const std::string& mail) const {
  return std::ranges::any_of(users_, [&](const auto& one) { return mail == text(inner(one.second, "email")); });
}

}  // namespace dovetail::test

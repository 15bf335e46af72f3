// What an engineer would write instead of rules: one person a line, nlohmann/json, and nothing but this task.
//   by_hand_nlohmann map HUB | reconcile HUB PROVIDER   [checked]
// `checked`: also canonicalises and validates, by the same functions as ours.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>

#include "engine/values/reference_tables.hpp"
#include "engine/values/type.hpp"

namespace {

using Json = nlohmann::json;
using namespace dovetail;

struct Field {
  const char* label;
  const char* name;  // in the provider's record
  const char* type;
};
constexpr std::size_t first_of_period = 15;
constexpr std::array<Field, 19> fields = {{{"Email address", "email", "email"},
                                           {"Identifications", "employeeidentifier", "fi_hetu"},
                                           {"Given name", "firstname", "text"},
                                           {"Family name", "lastname", "text"},
                                           {"Phone number", "phonenumber", "phone"},
                                           {"Date of birth", "dateofbirth", "date"},
                                           {"Nationality", "nationality", "country_alpha2"},
                                           {"Gender", "gender", ""},
                                           {"Street", "streetaddress", "text"},
                                           {"City", "city", "text"},
                                           {"Postal code", "postnumber", "postal_text"},
                                           {"Country", "country", "country_alpha2"},
                                           {"Account", "bankaccountnumber", "iban"},
                                           {"BIC", "bankidentificationcode", "bic"},
                                           {"Employment ID", "employeenumber", "text"},
                                           {"Start date", "startdate", "date"},
                                           {"Job title", "profession", "text"},
                                           {"Probation end", "probationenddate", "date"},
                                           {"End date", "enddate", "date"}}};
constexpr std::size_t gender_field = 7, country_field = 11;
constexpr std::size_t number_field = 14, longest_number = 10;
using Values = std::array<std::string, fields.size()>;

const Json nothing;

const Json& member(const Json& object, const char* name) {
  if (!object.is_object()) return nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}
const Json& inner(const Json& object, const char* name) { return member(member(object, name), "value"); }
std::string text(const Json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

// Domains are written in small letters.
std::string mail(std::string address) {
  for (std::size_t i = std::min(address.find('@'), address.size()); i < address.size(); ++i) {
    if (address[i] >= 'A' && address[i] <= 'Z') address[i] = static_cast<char>(address[i] - 'A' + 'a');
  }
  return address;
}

Values hub_values(const Json& person) {
  Values v;
  v[0] = mail(text(inner(person, "email")));
  for (const Json& one : inner(person, "identifications")) {
    if (member(one, "type") == "national" && member(one, "country") == "FI") v[1] = text(member(one, "value"));
  }
  v[2] = text(inner(person, "givenName"));
  v[3] = text(inner(person, "familyName"));
  v[4] = text(inner(person, "phone"));
  v[5] = text(inner(person, "birthDate"));
  v[6] = text(inner(person, "nationality"));
  const std::string gender = text(inner(person, "gender"));
  v[7] = gender == "Male" ? "male" : gender == "Female" ? "female" : gender;
  const Json& address = inner(person, "homeAddress");
  v[8] = text(member(address, "line1"));
  v[9] = text(member(address, "city"));
  v[10] = text(member(address, "postalCode"));
  v[11] = text(member(address, "country"));
  const Json& account = inner(person, "bankAccount");
  v[12] = text(member(account, "iban"));
  v[13] = text(member(account, "bic"));
  v[14] = text(inner(person, "employmentId"));
  const Json* last = nullptr;
  std::string last_key;
  for (const Json& position : member(person, "positions")) {
    const std::string start = text(inner(position, "contractStartDate"));
    const std::string end = text(inner(position, "contractEndDate"));
    if (v[15].empty() || start < v[15]) v[15] = start;
    const std::string key = (end.empty() ? "9999-99-99" : end) + start;
    if (last != nullptr && key <= last_key) continue;
    last = &position;
    last_key = key;
  }
  if (last == nullptr) return v;
  v[16] = text(member(inner(*last, "title"), "name"));
  v[17] = text(inner(*last, "probationEndDate"));
  v[18] = text(inner(*last, "contractEndDate"));
  return v;
}

Values provider_values(const Json& employee) {
  Values v;
  const Json& base = member(employee, "employeebaseinformation");
  for (std::size_t i = 0; i < first_of_period; ++i) v[i] = text(member(base, fields[i].name));
  const Json* last = nullptr;
  std::string last_key;
  for (const Json& period : member(employee, "employmentperiods")) {
    const std::string start = text(member(period, "startdate"));
    const std::string end = text(member(period, "enddate"));
    if (v[15].empty() || start < v[15]) v[15] = start;
    const std::string key = (end.empty() ? "9999-99-99" : end) + start;
    if (last != nullptr && key <= last_key) continue;
    last = &period;
    last_key = key;
  }
  for (std::size_t i = first_of_period + 1; last != nullptr && i < fields.size(); ++i) {
    v[i] = text(member(*last, fields[i].name));
  }
  return v;
}

// The product's checks: values become their sent forms; what is invalid is noted, and not sent.
class Checks {
 public:
  Checks() {
    const auto table = [](const char* name) {
      std::ifstream file(std::string(DOVETAIL_SOURCE_DIR "/rules/tables/") + name, std::ios::binary);
      return TableTexts::File{name, std::string(std::istreambuf_iterator<char>(file), {})};
    };
    auto parsed = ReferenceTables::parse(
        {table("countries.tsv"), table("iban.tsv"), table("se_clearing.tsv"), table("banks.tsv")});
    if (!parsed) std::exit(2);
    tables_ = *std::move(parsed);
    for (std::size_t i = 0; i < fields.size(); ++i) types_[i] = find_type(fields[i].type);
  }

  void clean(Values& values, std::array<bool, fields.size()>& invalid) const {
    using namespace std::chrono;
    CheckContext context{&tables_, 2026y / November / 2d, {}, true};
    const std::string region = values[country_field];
    context.region = region;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (values[i].empty() || types_[i] == nullptr) continue;
      std::string sent;
      invalid[i] = types_[i]->check(values[i], context, sent) != Fault::none;
      if (!invalid[i]) values[i] = std::move(sent);
    }
  }
  const CheckedType* type(std::size_t field) const { return types_[field]; }

 private:
  ReferenceTables tables_;
  std::array<const CheckedType*, fields.size()> types_{};
};

void map(const char* hub, const Checks* checks) {
  std::ifstream in(hub);
  for (std::string line; std::getline(in, line);) {
    Values values = hub_values(Json::parse(line));
    std::array<bool, fields.size()> invalid{};
    if (checks != nullptr) checks->clean(values, invalid);
    Json base = Json::object(), period = Json::object(), record = Json::object();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i == gender_field && values[i] != "male" && values[i] != "female") continue;
      if (values[i].empty() || invalid[i] || (i == number_field && values[i].size() > longest_number)) continue;
      (i < first_of_period ? base : period)[fields[i].name] = std::move(values[i]);
    }
    if (!base.empty()) record["employeebaseinformation"] = std::move(base);
    if (!period.empty()) record["employmentperiods"] = Json::array({std::move(period)});
    std::cout << record.dump() << '\n';
  }
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

void reconcile(const char* hub, const char* provider, const Checks* checks) {
  struct Employee {
    Values values;
    std::array<bool, fields.size()> invalid{};
    bool met = false;
  };
  std::unordered_map<std::string, Employee> employees;
  std::string line;
  for (std::ifstream in(provider); std::getline(in, line);) {
    Employee employee{provider_values(Json::parse(line))};
    if (checks != nullptr) checks->clean(employee.values, employee.invalid);
    std::string email = lower(employee.values[0]);
    if (email.empty()) email = "nobody " + std::to_string(employees.size());  // who has none is matched with nobody
    employees.emplace(std::move(email), std::move(employee));
  }
  for (std::ifstream in(hub); std::getline(in, line);) {
    Values values = hub_values(Json::parse(line));
    std::array<bool, fields.size()> invalid{};
    if (checks != nullptr) checks->clean(values, invalid);
    const std::string email = lower(values[0]);
    const auto found = employees.find(email);
    if (found == employees.end()) {
      std::cout << Json{{"email", email}, {"kind", "only_hub"}}.dump() << '\n';
      continue;
    }
    Employee& employee = found->second;
    employee.met = true;
    for (std::size_t i = 1; i < fields.size(); ++i) {
      const std::string &ours = values[i], &theirs = employee.values[i];
      const bool bad = invalid[i] || employee.invalid[i];
      const CheckedType* type = checks == nullptr ? nullptr : checks->type(i);
      if (!bad && (type == nullptr ? ours == theirs : same_key(*type, ours, theirs))) continue;
      Json finding = {{"email", email}, {"field", fields[i].label}};
      finding["kind"] = ours.empty() ? "missing_in_hub" : theirs.empty() ? "missing_in_provider" : "conflict";
      if (!ours.empty()) finding["hub"] = ours;
      if (!theirs.empty()) finding["provider"] = theirs;
      std::cout << finding.dump() << '\n';
    }
  }
  for (const auto& [email, employee] : employees) {
    if (!employee.met) std::cout << Json{{"email", email}, {"kind", "only_provider"}}.dump() << '\n';
  }
}

}  // namespace

int main(int count, char** words) {
  std::ios::sync_with_stdio(false);
  const std::string task = count > 1 ? words[1] : "";
  const bool checked = count > 2 && std::string(words[count - 1]) == "checked";
  std::unique_ptr<Checks> checks;
  if (checked) checks = std::make_unique<Checks>();
  if (checked) --count;
  if (task == "map" && count == 3) {
    map(words[2], checks.get());
  } else if (task == "reconcile" && count == 4) {
    reconcile(words[2], words[3], checks.get());
  } else {
    return 2;
  }
  return 0;
}

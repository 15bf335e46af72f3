// As by_hand_nlohmann, for the people of tools/bench --people: what people.map and people_compare.map say.
//   by_hand_people map HUB | reconcile HUB PROVIDER
#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <utility>

namespace {

using Json = nlohmann::json;

const Json nothing;

const Json& member(const Json& object, const char* name) {
  if (!object.is_object()) return nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}
std::string text(const Json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::string gender(const Json& person) {
  const std::string word = text(member(person, "gender"));
  return word == "male" ? "MALE" : word == "female" ? "FEMALE" : "";
}

void put(Json& into, const char* name, std::string value) {
  if (!value.empty()) into[name] = std::move(value);
}

// The first day of the earliest position, and the position that ends last.
std::pair<std::string, const Json*> periods(const Json& person) {
  std::string first, last_key;
  const Json* last = nullptr;
  for (const Json& position : member(person, "positions")) {
    const std::string start = text(member(position, "contractStart"));
    const std::string end = text(member(position, "contractEnd"));
    if (first.empty() || start < first) first = start;
    const std::string key = (end.empty() ? "9999-99-99" : end) + start;
    if (last != nullptr && key <= last_key) continue;
    last = &position;
    last_key = key;
  }
  return {first, last};
}

// Both sides' names of what is copied: the hub's, within which object, and the provider's.
struct Copied {
  const char *within, *hub, *provider;
};
constexpr std::array<Copied, 12> copied = {{{nullptr, "givenName", "firstname"},
                                            {nullptr, "familyName", "lastname"},
                                            {nullptr, "phone", "phonenumber"},
                                            {nullptr, "birthDate", "dateofbirth"},
                                            {nullptr, "employmentId", "employeenumber"},
                                            {nullptr, "nationality", "nationality"},
                                            {"address", "street", "streetaddress"},
                                            {"address", "city", "municipality"},
                                            {"address", "postalCode", "postnumber"},
                                            {"address", "country", "country"},
                                            {"bankAccount", "number", "bankaccountnumber"},
                                            {"bankAccount", "bic", "bankidentificationcode"}}};
constexpr std::size_t number_field = 4;

std::string copy(const Json& person, const Copied& of) {
  return text(member(of.within == nullptr ? person : member(person, of.within), of.hub));
}

Json employee(const Json& person) {
  Json base = Json::object(), payroll = Json::object(), period = Json::object(), dates = Json::object();
  put(base, "email", text(member(person, "email")));
  for (const Json& one : member(person, "identifications")) {
    if (member(one, "type") == "nationalId" && member(one, "country") == "FI") {
      put(base, "employeeidentifier", text(member(one, "number")));
    }
  }
  for (std::size_t i = 0; i < copied.size(); ++i) {
    put(i == number_field ? payroll : base, copied[i].provider, copy(person, copied[i]));
  }
  put(base, "gender", gender(person));
  const auto [first, last] = periods(person);
  put(period, "startdate", first);
  if (last != nullptr) {
    put(dates, "profession", text(member(*last, "title")));
    put(dates, "probationenddate", text(member(*last, "probationEnd")));
    put(dates, "enddate", text(member(*last, "contractEnd")));
  }
  if (!dates.empty()) period["employmentperiod"] = std::move(dates);
  Json record = Json::object();
  if (!base.empty()) record["employeebaseinformation"] = std::move(base);
  if (!payroll.empty()) record["employeepayrollinformation"] = std::move(payroll);
  if (!period.empty()) record["employementperiods"] = Json::array({std::move(period)});
  return record;
}

void map(const char* hub) {
  std::ifstream in(hub);
  for (std::string line; std::getline(in, line);) std::cout << employee(Json::parse(line)).dump() << '\n';
}

constexpr std::size_t count = copied.size() + 2;  // and gender, and the first day
using Values = std::array<std::string, count>;

const char* label(std::size_t field) {
  return field < copied.size() ? copied[field].provider : field == copied.size() ? "gender" : "startdate";
}

Values hub_values(const Json& person) {
  Values values;
  for (std::size_t i = 0; i < copied.size(); ++i) values[i] = copy(person, copied[i]);
  values[copied.size()] = gender(person);
  values[copied.size() + 1] = periods(person).first;
  return values;
}

Values provider_values(const Json& record) {
  Values values;
  const Json& base = member(record, "employeebaseinformation");
  const Json& payroll = member(record, "employeepayrollinformation");
  for (std::size_t i = 0; i < copied.size(); ++i) {
    values[i] = text(member(i == number_field ? payroll : base, copied[i].provider));
  }
  values[copied.size()] = text(member(base, "gender"));
  for (const Json& period : member(record, "employementperiods")) {
    std::string& first = values[copied.size() + 1];
    const std::string start = text(member(period, "startdate"));
    if (first.empty() || start < first) first = start;
  }
  return values;
}

void print(const std::string& email, const char* kind) {
  std::cout << Json{{"email", email}, {"kind", kind}}.dump() << '\n';
}

void reconcile(const char* hub, const char* provider) {
  std::unordered_map<std::string, std::pair<Values, bool>> employees;
  std::string line;
  for (std::ifstream in(provider); std::getline(in, line);) {
    const Json record = Json::parse(line);
    employees.emplace(lower(text(member(member(record, "employeebaseinformation"), "email"))),
                      std::pair(provider_values(record), false));
  }
  for (std::ifstream in(hub); std::getline(in, line);) {
    const Json person = Json::parse(line);
    const std::string email = lower(text(member(person, "email")));
    const auto found = employees.find(email);
    if (found == employees.end()) {
      print(email, "only_hub");
      continue;
    }
    auto& [theirs, met] = found->second;
    met = true;
    const Values ours = hub_values(person);
    for (std::size_t i = 0; i < count; ++i) {
      if (ours[i] == theirs[i]) continue;
      Json finding = {{"email", email}, {"field", label(i)}};
      finding["kind"] = ours[i].empty() ? "missing_in_hub" : theirs[i].empty() ? "missing_in_provider" : "conflict";
      if (!ours[i].empty()) finding["hub"] = ours[i];
      if (!theirs[i].empty()) finding["provider"] = theirs[i];
      std::cout << finding.dump() << '\n';
    }
  }
  for (const auto& [email, employee] : employees) {
    if (!employee.second) print(email, "only_provider");
  }
}

}  // namespace

int main(int words, char** given) {
  std::ios::sync_with_stdio(false);
  const std::string task = words > 1 ? given[1] : "";
  if (task == "map" && words == 3) {
    map(given[2]);
  } else if (task == "reconcile" && words == 4) {
    reconcile(given[2], given[3]);
  } else {
    return 2;
  }
  return 0;
}

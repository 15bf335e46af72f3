// What an engineer would write instead of rules: one person a line, nlohmann/json, and nothing but this task.
//   by_hand_nlohmann map HUB | reconcile HUB PROVIDER   [checked]
// `checked`: also canonicalises and validates, by the same functions as ours.
#include <nlohmann/json.hpp>

#include "tests/bench/peers/task.hpp"

namespace {

using namespace dovetail;
using namespace dovetail::bench;
using Json = nlohmann::json;
using Values = ValuesOf<std::string>;

const Json nothing;

const Json& member(const Json& object, const char* name) {
  if (!object.is_object()) return nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}
const Json& inner(const Json& object, const char* name) { return member(member(object, name), "value"); }
std::string text(const Json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

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

class Program {
 public:
  explicit Program(const Checks* checks) : checks_(checks) {}

  void map(const char* hub) const {
    Values sent;
    std::ifstream in(hub);
    for (std::string line; std::getline(in, line);) {
      Values values = hub_values(Json::parse(line));
      Invalid invalid{};
      if (checks_ != nullptr) checks_->clean(values, invalid, sent);
      Json base = Json::object(), period = Json::object(), record = Json::object();
      for (std::size_t i = 0; i < fields.size(); ++i) {
        if (!is_sent(i, values[i], invalid[i])) continue;
        (i < first_of_period ? base : period)[fields[i].name] = std::move(values[i]);
      }
      if (!base.empty()) record["employeebaseinformation"] = std::move(base);
      if (!period.empty()) record["employmentperiods"] = Json::array({std::move(period)});
      std::cout << record.dump() << '\n';
    }
  }

  void reconcile(const char* hub, const char* provider) const {
    Reconciler reconciler(checks_);
    std::string line;
    for (std::ifstream in(provider); std::getline(in, line);) {
      reconciler.add_provider(provider_values(Json::parse(line)));
    }
    for (std::ifstream in(hub); std::getline(in, line);) reconciler.add_hub(hub_values(Json::parse(line)));
    reconciler.print();
  }

 private:
  const Checks* checks_;
};

}  // namespace

int main(int count, char** words) { return run<Program>(count, words); }

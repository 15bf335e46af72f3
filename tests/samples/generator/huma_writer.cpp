#include <nlohmann/json.hpp>

#include "tests/samples/generator/writers.hpp"

namespace dovetail::samples {
namespace {

using Json = nlohmann::ordered_json;

// Huma leaves out `value` where there is none.
Json wrapped(Json value) {
  Json member = Json::object();
  if (!value.is_null() && value != "") member["value"] = std::move(value);
  member["editable"] = true;
  return member;
}

Json address(const Record& person) {
  if (person.line1.empty() && person.city.empty()) return nullptr;
  return {{"line1", person.line1}, {"line2", person.line2},    {"line3", ""}, {"postalCode", person.postal_code},
          {"city", person.city},   {"country", person.country}};
}

Json account(const Record& person) {
  if (!person.iban.empty()) {
    Json international = {{"type", "international"}, {"iban", person.iban}};
    if (!person.bic.empty()) international["bic"] = person.bic;
    return international;
  }
  if (person.account_number.empty()) return nullptr;
  return {{"type", "national"}, {"number", person.account_number}, {"country", person.account_country}};
}

Json identifications(const Record& person) {
  Json list = Json::array();
  if (!person.identification.empty()) {
    list.push_back({{"id", "n-" + person.id},
                    {"type", "national"},
                    {"country", person.identification_country},
                    {"value", person.identification}});
  }
  return list;
}

Json positions(const Record& person) {
  Json list = Json::array();
  for (const Employment& position : person.employments) {
    list.push_back({{"id", position.id},
                    {"title", wrapped({{"id", "t-" + position.title}, {"name", position.title}})},
                    {"contractStartDate", wrapped(position.start)},
                    {"contractEndDate", wrapped(position.end)},
                    {"probationEndDate", wrapped(position.probation_end)},
                    {"firstDayOfWork", wrapped(position.start)},
                    {"contractType", wrapped("Permanent")},
                    {"percentage", wrapped(100)},
                    {"endReason", wrapped(position.end_reason)},
                    {"status", position.end.empty() || position.end > "2026" ? "CURRENT" : "ENDED"}});
  }
  return list;
}

Json user(const Record& person) {
  return {{"id", person.id},
          {"type", "user"},
          {"status", {{"active", person.active}}},
          {"subordinatesCount", 0},
          {"givenName", wrapped(person.given_name)},
          {"familyName", wrapped(person.family_name)},
          {"email", wrapped(person.email)},
          {"phone", wrapped(person.phone)},
          {"birthDate", wrapped(person.birth_date)},
          {"gender", wrapped(hub_gender(person.gender))},
          {"nationality", wrapped(person.nationality)},
          {"employmentId", wrapped(person.employment_id)},
          {"homeAddress", wrapped(address(person))},
          {"identifications", wrapped(identifications(person))},
          {"bankAccount", wrapped(account(person))},
          {"positions", positions(person)}};
}

}  // namespace

std::string huma_users(const People& people, bool lines) {
  Json document = {{"items", Json::array()}};
  std::string text;
  for (const Person& person : people) {
    if (!person.hub.present) continue;
    if (lines) {
      text += user(person.hub).dump() + "\n";
    } else {
      document["items"].push_back(user(person.hub));
    }
  }
  document["total"] = document["items"].size();
  return lines ? text : document.dump(2) + "\n";
}

}  // namespace dovetail::samples

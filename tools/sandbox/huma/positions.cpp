// /users/{id}/positions and /users/{id}/identifications.
#include <algorithm>
#include <array>

#include "tools/sandbox/core/digest.hpp"
#include "tools/sandbox/huma/fields.hpp"
#include "tools/sandbox/huma/shapes.hpp"
#include "tools/sandbox/ids/civil_date.hpp"
#include "tools/sandbox/ids/country.hpp"

namespace dovetail::sandbox::huma {

namespace {

using Wrong = std::optional<Answer>;

Wrong required(const std::string& field) { return bad_field("field:required", "Field is required", {field}); }
Wrong invalid(const std::string& field) { return bad_field("field:invalid-format", "Invalid field Format", {field}); }
Answer method_not_allowed() { return json_answer(405, {{"status", 405}, {"error", "Method Not Allowed"}}); }

bool is_day(const std::string& name) {
  return name.ends_with("Date") || name == "firstDayOfWork" || name == "lastDayOfWork";
}

const std::vector<std::string> position_members = {
    "contractStartDate", "contractEndDate", "probationEndDate", "firstDayOfWork", "lastDayOfWork",
    "contractType",      "titleId",         "contractCountry",  "percentage",     "terminationNoticeDate",
    "endReason",         "endNote",         "wantedEnd",        "note",           "description"};

bool is_contract_type(const Json& value) {
  constexpr std::array types = {"Permanent",          "Temporary",  "Seasonal",  "Casual",     "Trainee",
                                "JobTrainingProgram", "Consultant", "Freelance", "ThirdParty", "Other"};
  return std::ranges::any_of(types, [&](const char* each) { return value == each; });
}

Wrong check_value(const Request& request, const std::string& name, const Json& value) {
  if (is_day(name) && !(value.is_string() && date_from(value.get<std::string>()))) return invalid(name);
  if (name == "contractType" && !is_contract_type(value)) return invalid(name);
  if (name == "contractCountry" && !(value.is_string() && is_country(value.get<std::string>()))) return invalid(name);
  if (name == "percentage" && !(value.is_number() && value >= 0 && value <= 100)) return invalid(name);
  if (name == "titleId" && !(value.is_string() && request.system.store.find("job_titles", value.get<std::string>()))) {
    return not_found("JobTitle", value.is_string() ? value.get<std::string>() : "");
  }
  return std::nullopt;
}

Wrong set_position(const Request& request, Json& position, const Json& patch, bool creates) {
  if (auto wrong = check_members(request, patch, position_members)) return wrong;
  for (const std::string& name : position_members) {
    if (!patch.contains(name)) continue;
    const Json& value = patch[name];
    if (value.is_null()) {
      const bool needed = name == "contractStartDate" || name == "contractType" || name == "titleId";
      if (request.knobs().is("null_in_patch", "keep") && !creates) continue;
      if (needed || request.knobs().is("null_in_patch", "refused")) return required(name);
      position.erase(name);
      continue;
    }
    if (auto wrong = check_value(request, name, value)) return wrong;
    position[name] = value;
  }
  for (const char* name : {"contractStartDate", "contractType", "titleId"}) {
    if (member(position, name).is_null()) return required(name);
  }
  const std::string end = text_member(position, "contractEndDate");
  if (!end.empty() && end < text_member(position, "contractStartDate")) {
    return bad_field("field:invalid-value", "Contract ends before it begins", {"contractEndDate"});
  }
  return std::nullopt;
}

std::size_t find_by_id(const Json& list, const std::string& id) {
  const auto found = std::ranges::find_if(list, [&](const Json& each) { return text_member(each, "id") == id; });
  return static_cast<std::size_t>(found - list.begin());
}

Answer collection(const Request& request, Json& user) {
  if (request.call.method == "GET") {
    std::vector<Json> items;
    for (const Json& position : user["positions"]) items.push_back(listed_position(request, position));
    return page_answer(request, std::move(items));
  }
  if (request.call.method != "POST") return method_not_allowed();
  Json position = {{"id", random_uuid()}, {"percentage", 100}};
  if (auto wrong = set_position(request, position, parse_json(request.call.body).value_or(Json()), true)) return *wrong;
  Json changed = user;
  changed["positions"].push_back(position);
  commit_user(request, user, std::move(changed));
  return json_answer(200, wrapped_position(request, position));
}

Wrong check_identification(const Json& body) {
  if (!body.is_object()) return bad_field("request:invalid-format", "Malformed JSON request", {});
  for (const char* name : {"type", "country", "value"}) {
    if (text_member(body, name).empty()) return required(name);
  }
  if (body["type"] != "national" && body["type"] != "passport") return invalid("type");
  if (!is_country(text_member(body, "country"))) return invalid("country");
  return text_member(body, "value").size() > 255 ? invalid("value") : std::nullopt;
}

}  // namespace

Answer answer_positions(const Request& request, Json& user) {
  if (request.parts.size() == 3) return collection(request, user);
  const std::size_t at = find_by_id(user["positions"], request.parts[3]);
  if (at == user["positions"].size()) return not_found("Position", request.parts[3]);
  Json changed = user;
  if (request.call.method == "GET") return json_answer(200, wrapped_position(request, user["positions"][at]));
  if (request.call.method == "DELETE") {
    changed["positions"].erase(at);
    commit_user(request, user, std::move(changed));
    return json_answer(200, Json::object());
  }
  if (request.call.method != "PATCH") return method_not_allowed();
  Json& position = changed["positions"][at];
  if (auto wrong = set_position(request, position, parse_json(request.call.body).value_or(Json()), false))
    return *wrong;
  const Json shown = wrapped_position(request, position);
  commit_user(request, user, std::move(changed));
  return json_answer(200, shown);
}

Answer answer_identifications(const Request& request, Json& user) {
  const bool creates = request.parts.size() == 3;
  const std::string& method = request.call.method;
  const std::size_t at = creates ? 0 : find_by_id(user["identifications"], request.parts[3]);
  if (!creates && at == user["identifications"].size()) return not_found("Identification", request.parts[3]);
  Json changed = user;
  Json& list = changed["identifications"];
  if (!creates && method == "DELETE") {
    list.erase(at);
    commit_user(request, user, std::move(changed));
    return json_answer(200, Json::object());
  }
  if (method != (creates ? "POST" : "PUT")) return method_not_allowed();
  const Json body = parse_json(request.call.body).value_or(Json());
  if (auto wrong = check_identification(body)) return *wrong;
  const Json kept = {{"id", creates ? random_uuid() : request.parts[3]},
                     {"type", body["type"]},
                     {"country", body["country"]},
                     {"value", body["value"]}};
  if (creates) {
    list.push_back(kept);
  } else {
    list[at] = kept;
  }
  commit_user(request, user, std::move(changed));
  return json_answer(200, kept);
}

}  // namespace dovetail::sandbox::huma

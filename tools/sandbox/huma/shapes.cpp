#include "tools/sandbox/huma/shapes.hpp"

#include <algorithm>

namespace dovetail::sandbox::huma {

namespace {

Json title_of(const Request& request, const Json& position) {
  const Json* title = request.system.store.find("job_titles", text_member(position, "titleId"));
  if (title == nullptr) return Json();
  return {{"id", member(*title, "id")}, {"name", member(*title, "name")}};
}

Json groups_of(const Request& request, const Json& row, const std::string& type) {
  Json list = Json::array();
  for (const Json& id : member(row, "groups")) {
    const Json* group = request.system.store.find("groups", id.get<std::string>());
    if (group == nullptr) continue;
    const bool own_list = text_member(*group, "type") == "team" || text_member(*group, "type") == "location" ||
                          text_member(*group, "type") == "company";
    if (text_member(*group, "type") == type || (type.empty() && !own_list)) {
      list.push_back({{"id", member(*group, "id")}, {"name", member(*group, "name")}});
    }
  }
  return list;
}

void put_wrapped(const Request& request, Json& details, const Json& row, const std::string& field, const Json& value) {
  const std::string& empty = request.knobs().text("empty_fields");
  const bool unset = value.is_null() || value == "" || (value.is_array() && value.empty());
  if (unset && empty == "absent") return;
  Json wrapped = Json::object();
  if (!unset) wrapped["value"] = value;
  if (unset && empty == "null_value") wrapped["value"] = nullptr;
  wrapped["editable"] = member(row, "active") == true;
  const Json& locks = member(member(row, "locks"), field);
  for (const auto& [integration, warning] : locks.items())
    wrapped["integrations"][integration] = {{"warning", warning}};
  details[field] = std::move(wrapped);
}

Json shown_account(const Request& request, const Json& account) {
  if (!account.is_object()) return Json();
  const bool capitals = request.knobs().is("bank_types", "upper");
  Json shown = account;
  shown["type"] = capitals ? upper(text_member(account, "type")) : lower(text_member(account, "type"));
  if (account.contains("number")) shown["code"] = account["number"];
  return shown;
}

Json shown_integrations(const Request& request, const Json& row) {
  Json shown = Json::object();
  for (const auto& [name, id] : member(row, "connectedIntegrations").items()) {
    shown[name] = {{"type", name}, {request.knobs().text("connected_id_name"), id}};
  }
  return shown;
}

std::vector<std::string> position_members() {
  return {"contractStartDate",
          "contractEndDate",
          "probationEndDate",
          "firstDayOfWork",
          "lastDayOfWork",
          "contractType",
          "contractCountry",
          "percentage",
          "terminationNoticeDate",
          "endReason",
          "endNote",
          "wantedEnd",
          "note",
          "description"};
}

}  // namespace

std::string position_status(const Request& request, const Json& position) {
  const std::string today = to_date(request.system.clock.now());
  if (text_member(position, "contractStartDate") > today) return "UPCOMING";
  const std::string end = text_member(position, "contractEndDate");
  return !end.empty() && end < today ? "ENDED" : "CURRENT";
}

Json listed_position(const Request& request, const Json& position) {
  Json shown = {{"id", position["id"]}, {"title", title_of(request, position)}};
  for (const std::string& name : position_members()) {
    if (!member(position, name).is_null()) shown[name] = position[name];
  }
  shown["status"] = position_status(request, position);
  return shown;
}

Json wrapped_position(const Request& request, const Json& position) {
  const Json active = {{"active", true}};
  Json shown = {{"id", position["id"]}};
  put_wrapped(request, shown, active, "title", title_of(request, position));
  for (const std::string& name : position_members()) put_wrapped(request, shown, active, name, member(position, name));
  shown["status"] = position_status(request, position);
  return shown;
}

Json listed_user(const Request& request, const Json& row) {
  Json titles = Json::array();
  for (const Json& position : member(row, "positions")) {
    if (position_status(request, position) == "CURRENT") titles.push_back(title_of(request, position));
  }
  Json shown = {{"id", row["id"]}};
  for (const char* name : {"givenName", "familyName", "preferredName", "email", "phone"})
    shown[name] = member(row, name);
  shown["avatarImage"] = nullptr;
  shown["jobTitles"] = titles;
  shown["teams"] = groups_of(request, row, "team");
  shown["locations"] = groups_of(request, row, "location");
  shown["companies"] = groups_of(request, row, "company");
  shown["groups"] = groups_of(request, row, "");
  shown["type"] = "user";
  shown["status"] = {{"active", member(row, "active") == true}};
  return shown;
}

Json user_details(const Request& request, const Json& row) {
  Json shown = {{"id", row["id"]},
                {"type", "user"},
                {"status", {{"active", member(row, "active") == true}}},
                {"subordinatesCount", 0}};
  for (const char* name : {"givenName", "familyName", "preferredName", "email", "phone", "birthDate", "gender",
                           "nationality", "employmentId", "homeAddress"}) {
    put_wrapped(request, shown, row, name, member(row, name));
  }
  if (!text_member(row, "requestedEmail").empty()) shown["email"]["requestedValue"] = row["requestedEmail"];
  if (shown.contains("birthDate")) shown["birthDate"]["showBirthday"] = true;
  put_wrapped(request, shown, row, "identifications", member(row, "identifications"));
  put_wrapped(request, shown, row, "bankAccount", shown_account(request, member(row, "bankAccount")));
  shown["connectedIntegrations"] = shown_integrations(request, row);
  Json current = Json::array();
  std::string first;
  for (const Json& position : member(row, "positions")) {
    const std::string start = text_member(position, "contractStartDate");
    if (first.empty() || start < first) first = start;
    if (position_status(request, position) == "CURRENT") current.push_back(listed_position(request, position));
  }
  shown["currentPositions"] = current;
  if (!first.empty()) shown["firstContractStartDate"] = first;
  for (const char* kind : {"company", "team", "location"}) {
    const std::string name = std::string(kind) == "company" ? "companies" : std::string(kind) + 's';
    shown[name] = groups_of(request, row, kind);
  }
  return shown;
}

}  // namespace dovetail::sandbox::huma

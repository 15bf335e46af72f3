// /users and /users/{id}.
#include "tools/sandbox/core/digest.hpp"
#include "tools/sandbox/huma/fields.hpp"
#include "tools/sandbox/huma/shapes.hpp"

namespace dovetail::sandbox::huma {

namespace {

bool is_visible(const Request& request, const Json& row) {
  return member(row, "active") == true || request.knobs().on("inactive_visible");
}

// The values of an array parameter, written id=a&id=b or id[]=a; nullopt when there is none.
std::optional<std::vector<std::string>> array_param(const Request& request, const std::string& name) {
  std::optional<std::vector<std::string>> values;
  for (const auto& [each, value] : request.call.params) {
    if (each != name && each != name + "[]") continue;
    if (!values) values.emplace();
    for (const std::string& part : split(value, ',')) values->push_back(part);
  }
  return values;
}

bool matches_search(const Json& row, const std::string& search) {
  const std::string name = text_member(row, "givenName") + ' ' + text_member(row, "familyName");
  return has_fold(name, search) || has_fold(text_member(row, "email"), search);
}

std::optional<Answer> check_arrays(const Request& request) {
  for (const char* name : {"id", "excludeId", "jobTitle", "team", "location", "company"}) {
    auto values = array_param(request, name);
    if (!values) continue;
    std::ranges::sort(*values);
    if (values->size() > 25 || std::ranges::adjacent_find(*values) != values->end()) {
      return bad_field("field:invalid-value", "At most 25 unique values", {name});
    }
  }
  return std::nullopt;
}

bool in_groups(const Json& row, const std::vector<std::string>& wanted) {
  return std::ranges::any_of(member(row, "groups"), [&](const Json& each) {
    return std::ranges::find(wanted, each.get<std::string>()) != wanted.end();
  });
}

bool is_supervisor(const Request& request, const std::string& id) {
  return std::ranges::any_of(request.system.store.rows("users"),
                             [&](const auto& each) { return text_member(each.second, "supervisor") == id; });
}

// What is wrong with a parameter that is true or false.
std::optional<Answer> check_flags(const Request& request) {
  for (const char* name : {"isActive", "isSupervisor"}) {
    const std::string given = request.call.param(name).value_or("true");
    if (given != "true" && given != "false") return bad_field("field:invalid-format", "Invalid field Format", {name});
  }
  return std::nullopt;
}

bool fits(const Request& request, const std::string& id, const Json& row) {
  const auto active = request.call.param("isActive");
  if (active && (*active == "true") != (member(row, "active") == true)) return false;
  if (const auto search = request.call.param("search"); search && !matches_search(row, *search)) return false;
  if (const auto leads = request.call.param("isSupervisor"); leads && (*leads == "true") != is_supervisor(request, id))
    return false;
  if (const auto boss = request.call.param("supervisor"); boss && text_member(row, "supervisor") != *boss) return false;
  if (const auto ids = array_param(request, "id"); ids && std::ranges::find(*ids, id) == ids->end()) return false;
  if (const auto not_ids = array_param(request, "excludeId");
      not_ids && std::ranges::find(*not_ids, id) != not_ids->end())
    return false;
  for (const char* kind : {"team", "location", "company"}) {
    if (const auto groups = array_param(request, kind); groups && !in_groups(row, *groups)) return false;
  }
  if (const auto titles = array_param(request, "jobTitle")) {
    return std::ranges::any_of(member(row, "positions"), [&](const Json& position) {
      return std::ranges::find(*titles, text_member(position, "titleId")) != titles->end();
    });
  }
  return true;
}

bool has_filter(const Request& request) {
  return std::ranges::any_of(request.call.params, [](const auto& param) {
    return param.first != "limit" && param.first != "offset" && param.first != "orderDirection";
  });
}

Answer list_users(const Request& request) {
  if (auto wrong = check_arrays(request)) return *wrong;
  if (auto wrong = check_flags(request)) return *wrong;
  const std::string direction = request.call.param("orderDirection").value_or("ASC");
  if (direction != "ASC" && direction != "DESC")
    return bad_field("field:invalid-value", "Invalid order direction", {"orderDirection"});
  // Looked at once: most callers want everybody, page after page.
  const bool all = !has_filter(request), inactive_too = request.knobs().on("inactive_visible");
  std::vector<const Json*> found;
  for (const auto& [id, row] : request.system.store.rows("users")) {
    const bool visible = inactive_too || is_visible(request, row);
    if (visible && (all || fits(request, id, row))) found.push_back(&row);
  }
  if (direction == "DESC") std::ranges::reverse(found);
  // Only what the page shows is drawn in full.
  const long long offset = to_number(request.call.param("offset").value_or("0")).value_or(0);
  std::vector<Json> items(found.size());
  for (long long at = std::max(0LL, offset); at < std::min(offset + 50, static_cast<long long>(found.size())); ++at) {
    items[static_cast<std::size_t>(at)] = listed_user(request, *found[static_cast<std::size_t>(at)]);
  }
  return page_answer(request, std::move(items));
}

Answer create_user(const Request& request) {
  const Json body = parse_json(request.call.body).value_or(Json());
  if (!body.is_object()) return bad_field("request:invalid-format", "Malformed JSON request", {});
  for (const char* name : {"givenName", "familyName", "email", "groups"}) {
    if (member(body, name).is_null()) return bad_field("field:required", "Field is required", {name});
  }
  if (!body["groups"].is_array() || body["groups"].empty())
    return bad_field("field:invalid-value", "At least one group is required", {"groups"});
  for (const Json& group : body["groups"]) {
    if (!group.is_string() || request.system.store.find("groups", group.get<std::string>()) == nullptr) {
      return not_found("Group", group.is_string() ? group.get<std::string>() : to_text(group));
    }
  }
  if (const Json& invite = member(body, "invite"); !invite.is_null() && !invite.is_boolean())
    return bad_field("field:invalid-format", "Invalid field Format", {"invite"});
  const std::string id = random_uuid();
  Json user = {{"id", id},
               {"active", true},
               {"identifications", Json::array()},
               {"positions", Json::array()},
               {"groups", body["groups"]},
               {"connectedIntegrations", Json::object()},
               {"locks", Json::object()},
               {"supervisor", member(body, "supervisor")},
               {"invited", member(body, "invite") == true}};
  if (auto wrong = set_fields(request, user, "", body)) return *wrong;
  request.system.store.rows("users")[id] = user;
  request.system.announce("users-create", user, user);
  return json_answer(200, listed_user(request, user));
}

Answer patch_user(const Request& request, Json& user) {
  const Json patch = parse_json(request.call.body).value_or(Json());
  Json changed = user;
  if (auto wrong = set_fields(request, changed, text_member(user, "id"), patch)) return *wrong;
  commit_user(request, user, std::move(changed));
  return json_answer(200, user_details(request, user));
}

}  // namespace

std::optional<Answer> answer_users(const Request& request) {
  const std::vector<std::string>& parts = request.parts;
  const std::string& method = request.call.method;
  if (parts.size() == 1) {
    if (method == "GET") return list_users(request);
    return method == "POST" ? std::optional(create_user(request)) : std::nullopt;
  }
  Rows& users = request.system.store.rows("users");
  const std::string id = parts[1] == "me" && !users.empty() ? users.begin()->first : parts[1];
  Json* user = request.system.store.find("users", id);
  if (user == nullptr || !is_visible(request, *user)) return not_found("User", id);
  const bool writes = method != "GET";
  if (writes && member(*user, "active") != true && request.knobs().is("inactive_edit", "refused")) {
    return bad_field("user:inactive", "User is deactivated and locked for updates", {});
  }
  if (parts.size() == 2) {
    if (method == "GET") return json_answer(200, user_details(request, *user));
    return method == "PATCH" ? std::optional(patch_user(request, *user)) : std::nullopt;
  }
  if (parts[2] == "positions" && parts.size() <= 4) return answer_positions(request, *user);
  if (parts[2] == "identifications" && parts.size() <= 4) return answer_identifications(request, *user);
  return std::nullopt;
}

}  // namespace dovetail::sandbox::huma

// /job-titles and /groups.
#include "tools/sandbox/core/digest.hpp"
#include "tools/sandbox/huma/huma.hpp"

namespace dovetail::sandbox::huma {

namespace {

std::vector<Json> found_rows(const Request& request, const std::string& table) {
  const std::string search = request.call.param("search").value_or("");
  const std::string& how = request.knobs().text("title_search");
  std::vector<Json> rows;
  for (const auto& [id, row] : request.system.store.rows(table)) {
    const std::string name = text_member(row, "name");
    const bool found = how == "ignored"  ? true
                       : how == "begins" ? equal_fold(name.substr(0, search.size()), search)
                                         : has_fold(name, search);
    if (found) rows.push_back(row);
  }
  return rows;
}

bool name_taken(const Request& request, const std::string& name, const std::string& id) {
  if (!request.knobs().on("unique_titles")) return false;
  return std::ranges::any_of(request.system.store.rows("job_titles"), [&](const auto& each) {
    return each.first != id && equal_fold(text_member(each.second, "name"), name);
  });
}

// Creates the row or changes it; `members` are those that a body may hold beside the name.
Answer write(const Request& request, const std::string& table, const std::string& id,
             const std::vector<std::string>& members) {
  const Json body = parse_json(request.call.body).value_or(Json());
  const Json* present = request.system.store.find(table, id);
  Json row = present == nullptr ? Json{{"id", id}, {"name", nullptr}} : *present;
  for (const std::string& name : members) {
    if (!member(body, name).is_null()) row[name] = member(body, name);
  }
  if (text_member(row, "name").empty()) return bad_field("field:required", "Field is required", {"name"});
  if (table == "job_titles" && name_taken(request, text_member(row, "name"), id)) {
    return bad_field(request.knobs().text("duplicate_code"), "Value is already in use", {"name"});
  }
  request.system.store.rows(table)[id] = row;
  return json_answer(200, row);
}

std::optional<Answer> one(const Request& request, const std::string& table, const std::string& type,
                          const std::vector<std::string>& members) {
  const std::string& id = request.parts[1];
  const Json* row = request.system.store.find(table, id);
  if (row == nullptr) return not_found(type, id);
  if (request.call.method == "GET") return json_answer(200, *row);
  if (request.call.method == "PATCH") return write(request, table, id, members);
  return std::nullopt;
}

}  // namespace

std::optional<Answer> answer_job_titles(const Request& request) {
  const std::vector<std::string> members = {"name", "description"};
  if (request.parts.size() == 2) return one(request, "job_titles", "JobTitle", members);
  if (request.parts.size() != 1) return std::nullopt;
  if (request.call.method == "POST") return write(request, "job_titles", random_uuid(), members);
  if (request.call.method != "GET") return std::nullopt;
  Json list = Json::array();
  for (Json& row : found_rows(request, "job_titles")) list.push_back(std::move(row));
  return json_answer(200, list);
}

std::optional<Answer> answer_groups(const Request& request) {
  const std::vector<std::string> members = {"name", "type", "description"};
  if (request.parts.size() == 2) return one(request, "groups", "Group", members);
  if (request.parts.size() != 1) return std::nullopt;
  if (request.call.method == "POST") return write(request, "groups", random_uuid(), members);
  if (request.call.method != "GET") return std::nullopt;
  std::vector<Json> rows = found_rows(request, "groups");
  if (request.knobs().is("groups_list", "items")) return page_answer(request, std::move(rows));
  Json list = Json::array();
  for (Json& row : rows) list.push_back(std::move(row));
  return json_answer(200, list);
}

}  // namespace dovetail::sandbox::huma

#include "providers/huma/job_titles.hpp"

#include <fmt/format.h>

#include "engine/values/unicode.hpp"
#include "providers/toolkit/wire_writes.hpp"

namespace dovetail::providers::huma {
namespace {

std::string key_of(std::string_view name) {
  std::string key;
  append_name_key(name, key);
  return key;
}

}  // namespace

Result<std::string> JobTitles::id_of(Calls& calls, const std::string& name, bool may_add) {
  const std::string key = key_of(name);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  const auto found = calls.json({.operation = "job titles", .target = "/job-titles?search=" + percent_encoded(name)},
                                {.kind = Expected::Kind::either});
  if (!found) return std::unexpected(found.error());
  const JsonNode& root = (*found)->root();
  const JsonNode* list = root.kind == JsonNode::Kind::array ? &root : root.find("items");
  for (const JsonNode* title = list == nullptr ? nullptr : list->first; title != nullptr; title = title->next)
    known_.emplace(key_of(text_member(*title, "name")), text_member(*title, "id"));
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  if (!may_add) {
    return std::unexpected(Error{.kind = Error::Kind::data,
                                 .what = fmt::format("Huma has no job title `{}`, and adding it was not planned: "
                                                     "plan again, or add it in Huma",
                                                     name)});
  }
  const auto made = calls.json({.operation = "job title add",
                                .method = "POST",
                                .target = "/job-titles",
                                .content_type = "application/json",
                                .body = fmt::format(R"({{"name":{}}})", json_text(name)),
                                .repeat = Repeat::unsafe},
                               {.member = "id"});
  if (!made) return std::unexpected(made.error());
  return known_[key] = text_member((*made)->root(), "id");
}

}  // namespace dovetail::providers::huma

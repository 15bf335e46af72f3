#include "providers/huma/element_writes.hpp"

#include <algorithm>

#include "providers/huma/bodies.hpp"

namespace dovetail::providers::huma {
namespace {

Result<void> write(Calls& calls, const char* operation, const char* method, std::string target, std::string body) {
  const auto answer = calls.json({.operation = operation,
                                  .method = method,
                                  .target = std::move(target),
                                  .content_type = body.empty() ? "" : "application/json",
                                  .body = std::move(body),
                                  .repeat = std::string_view(method) == "POST" ? Repeat::unsafe : Repeat::safe},
                                 {.kind = body.empty() ? Expected::Kind::nothing : Expected::Kind::object});
  if (!answer) return std::unexpected(answer.error());
  return {};
}

// What stands in that identification besides its id and what is written.
void append_the_rest(std::vector<WireWrite>& writes, const JsonNode& details, const std::string& element) {
  const JsonNode* list = value_of(details, "identifications");
  for (const JsonNode* each = list == nullptr ? nullptr : list->first; each != nullptr; each = each->next) {
    if (text_member(*each, "id") != element) continue;
    for (const JsonNode* member = each->first; member != nullptr; member = member->next) {
      const std::vector<std::string> name = {std::string(member->name)};
      const bool written = std::ranges::count(writes, name, &WireWrite::path) > 0;
      if (name.front() == "id" || member->is_composite() || written) continue;
      writes.push_back({.path = name, .value = {.kind = Scalar::Kind::text, .text = std::string(member->text)}});
    }
  }
}

}  // namespace

std::string user_path(std::string_view id) { return "/users/" + percent_encoded(id); }

Result<void> write_position(Calls& calls, const ir::Schema& schema, JobTitles& titles, std::string_view user,
                            std::span<const Change> changes) {
  std::vector<WireWrite> writes = unwrapped_writes(schema, changes);
  for (WireWrite& write : writes) {
    const Change& change = changes[write.change];
    if (schema.members[change.member].lookup_resource.empty() || change.clear) continue;
    const Result<std::string> title = titles.id_of(calls, write.value.text, change.may_add);
    if (!title) return std::unexpected(title.error());
    write.path = {write.path.front() + "Id"};
    write.value.text = *title;
  }
  const std::string& element = changes.front().element;
  const std::string path = user_path(user) + "/positions";
  if (!element.starts_with('+')) {
    return write(calls, "position change", "PATCH", path + '/' + percent_encoded(element),
                 json_object(writes, JsonNothing::null));
  }
  std::erase_if(writes, [](const WireWrite& each) { return each.value.kind == Scalar::Kind::none; });
  return write(calls, "position add", "POST", path, json_object(writes, JsonNothing::null));
}

Result<void> write_identification(Calls& calls, const ir::Schema& schema, std::string_view user,
                                  std::span<const Change> changes, const JsonNode& details) {
  std::vector<WireWrite> writes = unwrapped_writes(schema, changes);
  const std::string& element = changes.front().element;
  const std::string path = user_path(user) + "/identifications";
  if (element.starts_with('+'))
    return write(calls, "identification add", "POST", path, json_object(writes, JsonNothing::null));
  const std::string target = path + '/' + percent_encoded(element);
  const auto clears = [](const WireWrite& each) { return each.value.kind == Scalar::Kind::none; };
  if (std::ranges::any_of(writes, clears)) return write(calls, "identification remove", "DELETE", target, "");
  append_the_rest(writes, details, element);
  return write(calls, "identification change", "PUT", target, json_object(writes, JsonNothing::null));
}

}  // namespace dovetail::providers::huma

#include "providers/finago/employee_bodies.hpp"

#include <algorithm>

namespace dovetail::providers::finago {
namespace {

bool writes_to(const std::vector<WireWrite>& writes, std::string_view member) {
  return std::ranges::any_of(writes, [member](const WireWrite& write) { return write.path.front() == member; });
}

// Finago says that it cannot be changed while there are open transactions.
constexpr std::string_view never_sent = "hidden";

}  // namespace

Result<void> complete_objects(std::vector<WireWrite>& writes, const JsonNode* record) {
  std::vector<WireWrite> added;
  for (const WireWrite& write : writes) {
    if (write.path.size() < 2) continue;
    const JsonNode* object = record == nullptr ? nullptr : record->find(write.path.front());
    for (const JsonNode* member = object == nullptr || !object->is_composite() ? nullptr : object->first;
         member != nullptr; member = member->next) {
      const std::vector<std::string> path = {write.path.front(), std::string(member->name)};
      const auto same = [&path](const WireWrite& other) { return other.path == path; };
      if (std::ranges::any_of(writes, same) || std::ranges::any_of(added, same)) continue;
      added.push_back({.path = path,
                       .value = {.kind = Scalar::Kind::text, .text = std::string(member->text)},
                       .change = write.change});
    }
  }
  writes.insert(writes.end(), added.begin(), added.end());
  for (const WireWrite& write : writes) {
    if (write.path.size() == 2 && write.path.back() == "ID" && write.value.text.empty()) {
      return std::unexpected(Error{.kind = Error::Kind::data, .what = "Finago cannot unset an identification"});
    }
  }
  return {};
}

std::vector<WireWrite> with_the_rest(std::vector<WireWrite> writes, const JsonNode& before) {
  const std::size_t written = writes.size();
  const auto add = [&](std::vector<std::string> path, const JsonNode& value) {
    writes.push_back({.path = std::move(path), .value = {.kind = Scalar::Kind::text, .text = std::string(value.text)}});
  };
  const std::vector<WireWrite> own(writes.begin(), writes.begin() + static_cast<std::ptrdiff_t>(written));
  for (const JsonNode* member = before.first; member != nullptr; member = member->next) {
    if (member->name == never_sent || member->name == "empId" || writes_to(own, member->name)) continue;
    if (!member->is_composite() && member->kind != JsonNode::Kind::null) add({std::string(member->name)}, *member);
    if (member->kind != JsonNode::Kind::object || text_member(*member, "ID").empty()) continue;
    for (const JsonNode* inner = member->first; inner != nullptr; inner = inner->next)
      add({std::string(member->name), std::string(inner->name)}, *inner);
  }
  return writes;
}

bool lost_others(const std::vector<WireWrite>& writes, const JsonNode& before, const JsonNode& after) {
  for (const JsonNode* member = before.first; member != nullptr; member = member->next) {
    if (writes_to(writes, member->name)) continue;
    const JsonNode* now = after.find(member->name);
    if (now == nullptr) continue;  // not shown: nothing is known about it
    const bool object = member->kind == JsonNode::Kind::object;
    const std::string_view was = object ? text_member(*member, "ID") : member->text;
    if (!was.empty() && (object ? text_member(*now, "ID") : now->text).empty()) return true;
  }
  return false;
}

}  // namespace dovetail::providers::finago

#include "providers/finago/employments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "providers/finago/end_reasons.hpp"

namespace dovetail::providers::finago {
namespace {

std::string path_of(std::string_view id) { return fmt::format("/employment/v2/{}", percent_encoded(id)); }

// The employment as it is, with the writes in it; nullptr: a new one.
std::string whole_employment(const JsonNode* known, const std::vector<WireWrite>& writes) {
  std::vector<WireWrite> whole;
  for (const JsonNode* member = known == nullptr ? nullptr : known->first; member != nullptr; member = member->next) {
    const bool changed =
        std::ranges::any_of(writes, [member](const WireWrite& write) { return write.path.front() == member->name; });
    if (changed || member->is_composite()) continue;
    whole.push_back({.path = {std::string(member->name)},
                     .value = {.kind = member->kind == JsonNode::Kind::null ? Scalar::Kind::none : Scalar::Kind::text,
                               .text = std::string(member->text)}});
  }
  whole.insert(whole.end(), writes.begin(), writes.end());
  return json_object(whole, JsonNothing::empty_text, true);
}

const JsonNode* find_employment(const JsonNode& all, std::string_view key, const std::string& element) {
  for (const JsonNode* each = all.first; each != nullptr; each = each->next) {
    if (text_member(*each, key) == element) return each;
  }
  return nullptr;
}

// The elements, those that are added in the order of their starts: the first of somebody becomes the primary one.
std::vector<std::string> by_start(const ir::Schema& schema, ir::MemberId employments,
                                  const std::map<std::string, std::vector<Change>>& elements) {
  std::vector<std::pair<std::string, std::string>> order;  // start, element
  for (const auto& [element, part] : elements) {
    const auto start = std::ranges::find(part, schema.members[employments].ordered_by, &Change::member);
    order.emplace_back(start == part.end() ? std::string{} : start->value, element);
  }
  std::ranges::stable_sort(order, {}, &std::pair<std::string, std::string>::first);
  std::vector<std::string> sorted;
  for (auto& [start, element] : order) sorted.push_back(std::move(element));
  return sorted;
}

}  // namespace

Result<std::unique_ptr<JsonAnswer>> read_employments(Calls& calls, std::string_view id) {
  return calls.json({.operation = "employments", .target = path_of(id)}, {.kind = Expected::Kind::list});
}

Result<void> write_employments(Calls& calls, const ir::Schema& schema, ir::MemberId employments, std::string_view id,
                               std::span<const Change> changes, bool swedish_company, const JsonAnswer* before) {
  std::map<std::string, std::vector<Change>> elements;
  for (const Change& change : changes) elements[change.element].push_back(change);
  const bool adds = elements.begin()->first.starts_with('+');  // '+' sorts before every id
  std::unique_ptr<JsonAnswer> read_now;
  if (before == nullptr && !elements.rbegin()->first.starts_with('+')) {
    auto read = read_employments(calls, id);
    if (!read) return std::unexpected(read.error());
    read_now = std::move(*read);
    before = read_now.get();
  }
  const std::string key = write_path(schema, schema.members[employments].key).back();
  std::string body;
  for (const std::string& element : by_start(schema, employments, elements)) {
    const std::vector<Change>& part = elements.at(element);
    std::vector<WireWrite> writes = wire_writes(schema, part);
    if (swedish_company) {
      if (Result<void> said = use_swedish_words(schema, writes, part); !said) return said;
    }
    const JsonNode* known = before != nullptr ? find_employment(before->root(), key, element) : nullptr;
    if (known == nullptr && !element.starts_with('+')) {
      return std::unexpected(
          Error{.kind = Error::Kind::data, .what = fmt::format("employee {} has no employment {}", id, element)});
    }
    body += (body.empty() ? "" : ",") + whole_employment(known, writes);
  }
  const auto answer = calls.json({.operation = "employments change",
                                  .method = "POST",
                                  .target = path_of(id),
                                  .content_type = "application/json",
                                  .body = '[' + body + ']',
                                  .repeat = adds ? Repeat::unsafe : Repeat::safe},
                                 {.kind = Expected::Kind::list});
  if (!answer) return std::unexpected(answer.error());
  return {};
}

}  // namespace dovetail::providers::finago

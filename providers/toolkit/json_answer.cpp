#include "providers/toolkit/json_answer.hpp"

#include <fmt/format.h>

#include "providers/toolkit/json_tree.hpp"
#include "providers/toolkit/text_place.hpp"

namespace dovetail::providers {

Error about_answer(Error error, Error::Kind kind) {
  error.kind = kind;
  error.what = "the answer cannot be read: " + error.what;
  return error;
}

Result<std::unique_ptr<JsonAnswer>> JsonAnswer::read(const std::string& operation, std::string body) {
  if (body.starts_with("\xEF\xBB\xBF")) body.erase(0, 3);
  if (const auto bad = find_bad_utf8(body)) {
    return std::unexpected(Error{.kind = Error::Kind::transient,
                                 .what = fmt::format("{}: the answer is not UTF-8 at byte {}", operation, *bad + 1)});
  }
  std::unique_ptr<JsonAnswer> answer(new JsonAnswer(std::move(body)));
  const Result<JsonNode*> root = parse_json_value(operation, answer->body_, 0, answer->body_.size(), answer->arena_);
  if (!root) return std::unexpected(about_answer(root.error(), Error::Kind::transient));
  answer->root_ = *root;
  return answer;
}

std::string_view text_member(const JsonNode& object, std::string_view name) {
  const JsonNode* member = object.kind == JsonNode::Kind::object ? object.find(name) : nullptr;
  return member == nullptr || member->is_composite() || member->kind == JsonNode::Kind::null ? std::string_view{}
                                                                                             : member->text;
}

Result<void> decode_json(const Codec& codec, const std::string& operation, std::string_view object, Snapshot& into,
                         std::vector<std::string>* unread) {
  std::vector<std::string> unsaid;
  const Result<std::unique_ptr<Tree>> tree = parse_json(operation, fmt::format("[{}]", object), "");
  if (!tree) return std::unexpected(about_answer(tree.error(), Error::Kind::data));
  Result<void> decoded = codec.decode(**tree, (*tree)->record(0), into, unread == nullptr ? &unsaid : unread);
  if (!decoded) decoded = std::unexpected(about_answer(decoded.error(), Error::Kind::data));
  return decoded;
}

}  // namespace dovetail::providers

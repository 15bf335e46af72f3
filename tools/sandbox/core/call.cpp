#include "tools/sandbox/core/call.hpp"

namespace dovetail::sandbox {

namespace {

const std::string* find(const Pairs& pairs, std::string_view name) {
  for (const auto& [each, value] : pairs) {
    if (equal_fold(each, name)) return &value;
  }
  return nullptr;
}

}  // namespace

std::string_view Call::header(std::string_view name) const {
  const std::string* value = find(headers, name);
  return value == nullptr ? std::string_view() : *value;
}

bool Call::has_header(std::string_view name) const { return find(headers, name) != nullptr; }

std::optional<std::string> Call::param(std::string_view name) const {
  const std::string* value = find(params, name);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

Call make_call(std::string method, std::string target) {
  Call call;
  const auto question = target.find('?');
  call.path = url_decode(std::string_view(target).substr(0, question), false);
  if (question != std::string::npos) call.params = query_pairs(std::string_view(target).substr(question + 1));
  call.method = std::move(method);
  call.target = std::move(target);
  return call;
}

Answer json_answer(int status, const Json& body, std::string content_type) {
  return {.status = status, .content_type = std::move(content_type), .body = to_text(body), .headers = {}};
}

std::optional<Json> parse_json(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

std::string to_text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string text_member(const Json& object, std::string_view name) {
  const Json& value = member(object, name);
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>() : to_text(value);
}

const Json& member(const Json& object, std::string_view name) {
  static const Json none;
  if (!object.is_object()) return none;
  const auto found = object.find(std::string(name));
  return found == object.end() ? none : *found;
}

}  // namespace dovetail::sandbox

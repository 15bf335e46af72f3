#include "providers/toolkit/http/token.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "providers/toolkit/http/mac.hpp"
#include "providers/toolkit/json_node.hpp"

namespace dovetail::providers {

Result<std::string> TokenKeeper::current(Transport& over) {
  const std::lock_guard lock(mutex_);
  if (text_ && clock_.now() < renew_at_) return *text_;
  const auto asked = clock_.now();
  Result<Token> token = fetch_(over);
  if (!token) return std::unexpected(token.error());
  text_ = std::move(token->text);
  renew_at_ = asked + token->lifetime - std::min(std::chrono::seconds{60}, token->lifetime / 10);
  return *text_;
}

bool TokenKeeper::drop(std::string_view refused) {
  const std::lock_guard lock(mutex_);
  if (refused == dropped_) return true;  // another thread was first
  if (text_ != refused) return false;
  dropped_ = *text_;
  text_.reset();
  return true;
}

Result<Token> token_of(const Response& response) {
  JsonArena arena;
  const Result<JsonNode*> root = parse_json_value("the token answer", response.body, 0, response.body.size(), arena);
  const JsonNode* text = root ? (*root)->find("access_token") : nullptr;
  if (text == nullptr || text->kind != JsonNode::Kind::text || text->text.empty()) {
    return std::unexpected(
        Error{.kind = Error::Kind::transient, .what = "the answer to the token request holds no access_token"});
  }
  Token token{.text = std::string(text->text), .lifetime = std::chrono::minutes{5}};
  if (const JsonNode* expires = (*root)->find("expires_in"); expires != nullptr) {
    long seconds = 0;
    std::from_chars(expires->text.data(), expires->text.data() + expires->text.size(), seconds);
    if (seconds > 0) token.lifetime = std::chrono::seconds{std::min(seconds, 86'400L)};
  }
  return token;
}

Result<void> token_is_there(const Response& response) {
  const Result<Token> token = token_of(response);
  if (!token) return std::unexpected(token.error());
  return {};
}

std::string basic_credentials(const std::string& user, const std::string& password) {
  return "Basic " + base64(user + ':' + password);
}

}  // namespace dovetail::providers

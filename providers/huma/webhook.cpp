#include "providers/huma/webhook.hpp"

#include "providers/toolkit/http/mac.hpp"
#include "providers/toolkit/json_answer.hpp"

namespace dovetail::providers::huma {
namespace {

std::unexpected<Error> refuse(Error::Kind kind, std::string what) {
  return std::unexpected(Error{.kind = kind, .what = "webhook: " + std::move(what)});
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

UserEvent::Topic topic_of(std::string_view name) {
  using enum UserEvent::Topic;
  if (name == "users-create") return create;
  if (name == "users-update") return update;
  if (name == "users-delete") return remove;
  return name == "users-export" ? export_all : other;
}

}  // namespace

Result<UserEvent> read_webhook(const std::vector<Header>& headers, const std::string& body, const WebhookKeys& keys) {
  const Response as_message{.status = 0, .headers = headers};
  const auto header = [&as_message](std::string_view name) {
    const std::string* found = as_message.find_header(name);
    return found == nullptr ? std::string{} : *found;
  };
  if (keys.access_token.empty() && keys.client_secret.empty()) {
    return refuse(Error::Kind::auth,
                  "neither an access token nor a client secret is set: anybody could have sent this");
  }
  if (!keys.access_token.empty() && !same_secret(header("Authorization"), "Bearer " + keys.access_token)) {
    return refuse(Error::Kind::auth, "the access token is missing or wrong");
  }
  if (!keys.client_secret.empty()) {
    const std::string code = hmac_sha256(keys.client_secret, body), sent = header("huma-hmac-sha256");
    if (!same_secret(lower(sent), hex(code)) && !same_secret(sent, base64(code))) {
      return refuse(Error::Kind::auth, "huma-hmac-sha256 is missing or wrong");
    }
  }
  const auto parsed = JsonAnswer::read("webhook", body);
  if (!parsed) return refuse(Error::Kind::data, "the body is not JSON");
  const JsonNode& root = (*parsed)->root();
  const std::string_view topic = text_member(root, "topic");
  if (topic.empty() || topic != header("huma-topic"))
    return refuse(Error::Kind::data, "header and body name different topics");
  UserEvent event{.topic = topic_of(topic), .users = {}};
  const JsonNode* users = root.find("users");
  for (const JsonNode* user = users == nullptr ? nullptr : users->first; user != nullptr; user = user->next) {
    const std::string_view id = text_member(*user, "id");
    if (id.empty()) return refuse(Error::Kind::data, "a user without an id");
    event.users.emplace_back(id);
  }
  return event;
}

}  // namespace dovetail::providers::huma

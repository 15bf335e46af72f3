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

// What reads bodies speaks of answers.
std::string unread_text(const std::string& why) {
  const std::string of_answer = "the answer cannot be read: webhook: ";
  return "the body cannot be read: " + (why.starts_with(of_answer) ? why.substr(of_answer.size()) : why);
}

bool is_code_of(const std::string& secret, const std::string& body, const std::string& sent) {
  const std::string code = hmac_sha256(secret, body);
  return same_secret(lower(sent), hex(code)) || same_secret(sent, base64(code));
}

Result<void> verify(const WebhookKeys& keys, const std::string& authorization, const std::string& code,
                    const std::string& body) {
  if (keys.access_token.empty() && keys.client_secret.empty()) {
    if (!keys.api_secret.empty() && !code.empty() && is_code_of(keys.api_secret, body, code)) return {};
    return refuse(Error::Kind::auth,
                  "neither webhook_token nor webhook_secret is set, so anybody could have sent this; set what the "
                  "webhook has in Huma (connection.set_credentials, or dovetail connection set --keys-of hub)");
  }
  if (!keys.access_token.empty() && !same_secret(authorization, "Bearer " + keys.access_token)) {
    return refuse(Error::Kind::auth, "the access token (webhook_token) is missing or wrong");
  }
  if (!keys.client_secret.empty() && !is_code_of(keys.client_secret, body, code)) {
    return refuse(Error::Kind::auth, "huma-hmac-sha256 is missing, or not made with webhook_secret");
  }
  return {};
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
  if (const Result<void> sent = verify(keys, header("Authorization"), header("huma-hmac-sha256"), body); !sent) {
    return std::unexpected(sent.error());
  }
  const auto parsed = JsonAnswer::read("webhook", body);
  if (!parsed) return refuse(Error::Kind::data, unread_text(parsed.error().what));
  const JsonNode& root = (*parsed)->root();
  const std::string_view topic = text_member(root, "topic");
  const std::string sent_topic = header("huma-topic");
  if (sent_topic.empty()) {
    return refuse(Error::Kind::data, "the header huma-topic is missing; pass on the headers as Huma sent them");
  }
  if (topic.empty()) return refuse(Error::Kind::data, "the body has no `topic`");
  if (topic != sent_topic) {
    return refuse(Error::Kind::data, "header and body name different topics");
  }
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

// What Huma posts when people change: verified before anything in it is believed, and then only a hint whom to read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "providers/toolkit/http/message.hpp"

namespace dovetail::providers::huma {

// Of the webhook's own settings in Huma. One that is not set is not asked for; neither is, then the API key's.
struct WebhookKeys {
  std::string access_token;   // sent back as a bearer token; empty: not set
  std::string client_secret;  // for the code over the body; empty: not set
  std::string api_secret{};   // the API key's own secret, which the code may be made with where neither is set
};

struct UserEvent {
  enum class Topic : std::uint8_t { create, update, remove, export_all, other };
  Topic topic = Topic::other;
  std::vector<std::string> users;  // ids
};

// An Error of kind auth where token or code are wrong, or nothing is set to verify by; of kind data where the body is
// not an event. The code may be in hex or base64. Huma sends no delivery id and no time: a repeated event is a repeated
// hint.
Result<UserEvent> read_webhook(const std::vector<Header>& headers, const std::string& body, const WebhookKeys& keys);

}  // namespace dovetail::providers::huma

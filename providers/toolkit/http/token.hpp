// Access tokens that expire: kept, renewed before their end, dropped when refused.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/clock.hpp"
#include "engine/error.hpp"
#include "providers/toolkit/http/message.hpp"

namespace dovetail::providers {

struct Token {
  std::string text;
  std::chrono::seconds lifetime{0};  // from when it was given
};

class TokenKeeper {
 public:
  using Fetch = std::function<Result<Token>()>;
  TokenKeeper(Fetch fetch, Clock& clock) : fetch_(std::move(fetch)), clock_(clock) {}

  // A token with a tenth of its life, at most a minute, still ahead; fetched if need be.
  Result<std::string> current();
  // The system refused it. false: there was none.
  bool drop();

 private:
  Fetch fetch_;
  Clock& clock_;
  std::optional<std::string> text_;
  std::chrono::steady_clock::time_point renew_at_{};
};

// OAuth2 (RFC 6749, 4.4): {"access_token": …, "expires_in": …}. Without expires_in: five minutes.
Result<Token> token_of(const Response& response);

// "Basic " with both in base64.
std::string basic_credentials(const std::string& user, const std::string& password);

}  // namespace dovetail::providers

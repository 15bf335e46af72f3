// Access tokens that expire: kept, renewed before their end, dropped when refused.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/clock.hpp"
#include "engine/error.hpp"
#include "providers/toolkit/http/message.hpp"
#include "providers/toolkit/http/transport.hpp"

namespace dovetail::providers {

struct Token {
  std::string text;
  std::chrono::seconds lifetime{0};  // from when it was given
};

// For any number of threads.
class TokenKeeper {
 public:
  using Fetch = std::function<Result<Token>(Transport& over)>;
  TokenKeeper(Fetch fetch, Clock& clock) : fetch_(std::move(fetch)), clock_(clock) {}

  // A token with a tenth of its life, at most a minute, still ahead; fetched over that connection if need be.
  Result<std::string> current(Transport& over);
  // The system refused that one: unless there is another already, the next is fetched. false: it was no token of ours.
  bool drop(std::string_view refused);

 private:
  Fetch fetch_;
  Clock& clock_;
  std::mutex mutex_;
  std::optional<std::string> text_;
  std::string dropped_;
  std::chrono::steady_clock::time_point renew_at_{};
};

// OAuth2 (RFC 6749, 4.4): {"access_token": …, "expires_in": …}. Without expires_in: five minutes.
Result<Token> token_of(const Response& response);
// The same as a judgement: an answer without a token is none.
Result<void> token_is_there(const Response& response);

// "Basic " with both in base64.
std::string basic_credentials(const std::string& user, const std::string& password);

}  // namespace dovetail::providers

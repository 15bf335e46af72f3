// Netvisor's use of HTTP: every request carries a code over its exact URL and headers, made anew for every attempt.
#pragma once

#include <string>

#include "engine/clock.hpp"
#include "providers/toolkit/http/client.hpp"

namespace dovetail::providers::netvisor {

struct Keys {
  std::string customer_id, customer_key;  // "User ID" and "Key" of the API identifier
  std::string partner_id, partner_key;    // of the integration, one pair for all customers
  std::string organisation_id;            // "1234567-8"
};

// What is signed besides the keys, as the headers say it.
struct Stamp {
  std::string timestamp;       // "2025-06-01 09:08:07.123", UTC
  std::string timestamp_unix;  // "1748768887"
  std::string transaction_id;
};
Stamp stamp_of(std::chrono::system_clock::time_point time, std::string transaction_id);

// Lower-case hex of HMAC-SHA256; `url` byte for byte as requested.
std::string message_code(const std::string& url, const std::string& sender, const std::string& language,
                         const Stamp& stamp, const Keys& keys);

class NetvisorDialect : public Dialect {
 public:
  NetvisorDialect(Keys keys, Clock& clock) : keys_(std::move(keys)), clock_(clock) {}
  Result<void> sign(Request& attempt, Transport& over) override;
  std::optional<Refusal> judge(Response& response) const override;

 private:
  Keys keys_;
  Clock& clock_;
};

}  // namespace dovetail::providers::netvisor

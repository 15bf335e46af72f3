#include "providers/netvisor/signature.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "providers/netvisor/envelope.hpp"
#include "providers/toolkit/http/mac.hpp"

namespace dovetail::providers::netvisor {
namespace {

constexpr const char* sender = "Dovetail";  // ASCII: other letters break the code on the way
constexpr const char* language = "EN";

struct Meaning {
  Error::Kind kind;
  bool had_no_effect;
};

Meaning meaning_of(const std::string& code, int status) {
  if (code == "AUTHENTICATION_FAILED" || code == "SERVICE_ACCESS_ERROR") return {Error::Kind::auth, true};
  if (code == "PERIOD_LOCK") return {Error::Kind::deferred, true};
  // The second spelling is one that older clients know.
  if (code == "SYSTEM_MAINTENANCE" || code == "SYSTEM_MAINTANANCE" || code == "REQUEST_NOT_UNIQUE")
    return {Error::Kind::transient, true};
  if (code == "TECHNICAL_ERROR") return {Error::Kind::transient, false};
  if (code == "INVALID_DATA" || code == "INVALID_DATA_SIZE" || code == "DUPLICATE_DATA" || status < 400)
    return {Error::Kind::data, true};
  return {kind_of_status(status), status < 500};
}

}  // namespace

Stamp stamp_of(std::chrono::system_clock::time_point time, std::string transaction_id) {
  const auto whole = std::chrono::floor<std::chrono::milliseconds>(time);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(whole);
  return {
      .timestamp = fmt::format("{:%Y-%m-%d %H:%M:%S}.{:03}", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                               (whole - seconds).count()),
      .timestamp_unix = std::to_string(seconds.time_since_epoch().count()),
      .transaction_id = std::move(transaction_id)};
}

std::string message_code(const std::string& url, const std::string& sent_by, const std::string& in_language,
                         const Stamp& stamp, const Keys& keys) {
  const std::string message = fmt::format("{}&{}&{}&{}&{}&{}&{}&{}&{}&{}", url, sent_by, keys.customer_id,
                                          stamp.timestamp, in_language, keys.organisation_id, stamp.transaction_id,
                                          stamp.timestamp_unix, keys.customer_key, keys.partner_key);
  return hex(hmac_sha256(keys.customer_key + '&' + keys.partner_key, message));
}

Result<void> NetvisorDialect::sign(Request& attempt, Transport& over) {
  const Stamp stamp = stamp_of(clock_.wall_time(), random_uuid());
  const auto add = [&attempt](const char* name, const std::string& value) {
    attempt.headers.push_back({std::string("X-Netvisor-") + name, value});
  };
  add("Authentication-Sender", sender);
  add("Authentication-CustomerId", keys_.customer_id);
  add("Authentication-PartnerId", keys_.partner_id);
  add("Authentication-Timestamp", stamp.timestamp);
  add("Authentication-TimestampUnix", stamp.timestamp_unix);
  add("Authentication-TransactionId", stamp.transaction_id);
  add("Interface-Language", language);
  add("Organisation-ID", keys_.organisation_id);
  add("Authentication-MAC", message_code(over.base() + attempt.target, sender, language, stamp, keys_));
  add("Authentication-MACHashCalculationAlgorithm", "HMACSHA256");
  add("Authentication-UseHTTPResponseStatusCodes", "1");
  if (!attempt.body.empty()) attempt.content_type = "text/plain";
  return {};
}

std::optional<Refusal> NetvisorDialect::judge(Response& response) const {
  const Envelope envelope = read_envelope(response.body);
  const bool http_ok = response.status >= 200 && response.status < 300;
  if (envelope.ok && http_ok) return std::nullopt;
  if (envelope.found && !envelope.ok) {
    response.absent = says_no_such_employee(envelope);
    if (response.absent) return std::nullopt;
    const Meaning meaning = meaning_of(envelope.code, response.status);
    return Refusal{.error = {.kind = meaning.kind, .what = envelope.text}, .had_no_effect = meaning.had_no_effect};
  }
  if (!http_ok) return Dialect::judge(response);
  return Refusal{.error = {.kind = Error::Kind::transient, .what = "the answer holds no Netvisor status"},
                 .had_no_effect = false};
}

}  // namespace dovetail::providers::netvisor

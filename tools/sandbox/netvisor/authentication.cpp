#include "tools/sandbox/netvisor/authentication.hpp"

#include <fmt/format.h>

#include "tools/sandbox/core/digest.hpp"
#include "tools/sandbox/ids/civil_date.hpp"

namespace dovetail::sandbox::netvisor {

namespace {

constexpr std::string_view prefix = "X-Netvisor-Authentication-";

std::string sent(const Call& call, std::string_view name) {
  return std::string(call.header(fmt::format("{}{}", prefix, name)));
}

Refusal bad_keys() {
  return {"AUTHENTICATION_FAILED",
          "Integration keys are not valid. Please check the keys specific to the user and partner.",
          "Integraatioavaimet eivät kelpaa. Tarkista käyttäjä- ja kumppanikohtaiset avaimet.",
          {}};
}

// YYYY-MM-DD HH:MM:SS.mmm, GMT.
std::optional<Moment> moment_from(std::string_view text) {
  if (text.size() != 23 || text[10] != ' ' || text[13] != ':' || text[16] != ':' || text[19] != '.')
    return std::nullopt;
  const auto day = date_from(text.substr(0, 10));
  const auto hour = to_number(text.substr(11, 2)), minute = to_number(text.substr(14, 2)),
             second = to_number(text.substr(17, 2)), milli = to_number(text.substr(20, 3));
  if (!day || !hour || !minute || !second || !milli || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  using namespace std::chrono;
  const sys_days date(year(day->year) / day->month / day->day);
  return date + hours(*hour) + minutes(*minute) + seconds(*second) + milliseconds(*milli);
}

std::string canonical(const Call& call, const std::string& uri, const Keys& keys, bool with_unix_time) {
  std::string text = fmt::format("{}&{}&{}&{}&{}&{}&{}", uri, sent(call, "Sender"), sent(call, "CustomerId"),
                                 sent(call, "Timestamp"), call.header("X-Netvisor-Interface-Language"),
                                 call.header("X-Netvisor-Organisation-ID"), sent(call, "TransactionId"));
  if (with_unix_time) text += '&' + sent(call, "TimestampUnix");
  return text + '&' + keys.customer + '&' + keys.partner;
}

std::optional<Refusal> check_time(System& system, const Call& call, Algorithm algorithm) {
  const Refusal wrong{"AUTHENTICATION_FAILED", "Timestamp is not valid", "Aikaleima ei kelpaa", {}};
  const auto claimed = moment_from(sent(call, "Timestamp"));
  if (!claimed) return wrong;
  if (algorithm != Algorithm::hmac_sha256) return std::nullopt;  // the old schemes are known to leave it unchecked
  const auto seconds = to_number(sent(call, "TimestampUnix"));
  const auto claimed_seconds = std::chrono::floor<std::chrono::seconds>(*claimed).time_since_epoch().count();
  if (!seconds || *seconds != claimed_seconds) return wrong;
  const auto window = std::chrono::seconds(system.knobs.number("timestamp_window_s"));
  const auto off = std::chrono::abs(system.clock.now() - *claimed);
  return off > window ? std::optional(wrong) : std::nullopt;
}

std::expected<Algorithm, Refusal> algorithm_of(const System& system, const Call& call) {
  const std::string name = sent(call, "MACHashCalculationAlgorithm");
  if (equal_fold(name, "HMACSHA256")) return Algorithm::hmac_sha256;
  const bool legacy = system.knobs.on("legacy_mac");
  if (legacy && name.empty()) return Algorithm::md5;
  if (legacy && equal_fold(name, "SHA256")) return Algorithm::sha256;
  return std::unexpected(Refusal{"AUTHENTICATION_FAILED",
                                 "MAC hash calculation algorithm is not supported",
                                 "MAC-tiivisteen laskenta-algoritmi ei ole tuettu",
                                 {}});
}

// The test environment prints what it signed, with bare ampersands: that body is no well-formed XML.
std::string mac_hint(const Call& call, const std::string& uri, const Keys& keys, Algorithm algorithm) {
  std::string signed_text = canonical(call, uri, keys, algorithm == Algorithm::hmac_sha256);
  signed_text.resize(signed_text.size() - keys.customer.size() - keys.partner.size() - 2);
  return fmt::format(" :: {}&YOUR_PRIVATE_KEY_HERE :: {}", signed_text,
                     upper(message_code(call, uri, keys, algorithm)));
}

std::string uri_of(const System& system, const Call& call) {
  const std::string& advertised = system.knobs.text("advertised_base");
  return (advertised.empty() ? fmt::format("http://{}", call.header("Host")) : advertised) + call.target;
}

}  // namespace

std::string message_code(const Call& call, const std::string& uri, const Keys& keys, Algorithm algorithm) {
  const std::string text = canonical(call, uri, keys, algorithm == Algorithm::hmac_sha256);
  switch (algorithm) {
    case Algorithm::hmac_sha256:
      return to_hex(hmac_sha256(keys.customer + '&' + keys.partner, text));
    case Algorithm::sha256:
      return to_hex(sha256(text));
    case Algorithm::md5:
      return to_hex(md5(text));
  }
  return {};
}

std::expected<const Json*, Refusal> Gate::admit(System& system, const Call& call) {
  const Json* partner = system.store.find("partners", sent(call, "PartnerId"));
  if (partner == nullptr) {
    return std::unexpected(Refusal{"AUTHENTICATION_FAILED",
                                   "Integration partner not found, see the documentation",
                                   "Integraatiokumppania ei löydy, katso dokumentaatio",
                                   {}});
  }
  const Json* customer = system.store.find("customers", sent(call, "CustomerId"));
  if (customer == nullptr || text_member(*customer, "organisation_id") != call.header("X-Netvisor-Organisation-ID") ||
      member(*customer, "active") != true) {
    return std::unexpected(bad_keys());
  }
  const auto language = upper(call.header("X-Netvisor-Interface-Language"));
  if (sent(call, "Sender").empty() || (language != "FI" && language != "EN" && language != "SE")) {
    return std::unexpected(bad_keys());
  }
  const auto algorithm = algorithm_of(system, call);
  if (!algorithm) return std::unexpected(algorithm.error());
  if (auto wrong = check_time(system, call, *algorithm)) return std::unexpected(*wrong);
  const Keys keys{text_member(*customer, "key"), text_member(*partner, "key")};
  const std::string uri = uri_of(system, call);
  if (!equal_fold(sent(call, "MAC"), message_code(call, uri, keys, *algorithm))) {
    Refusal refusal = bad_keys();
    if (system.knobs.on("mac_hint")) refusal.tail = mac_hint(call, uri, keys, *algorithm);
    return std::unexpected(refusal);
  }
  const std::string transaction = sent(call, "TransactionId");
  const bool is_new = seen_.insert(sent(call, "PartnerId") + '\n' + transaction).second;
  if (transaction.empty() || (!is_new && system.knobs.is("reused_transaction", "refused"))) {
    return std::unexpected(Refusal{
        "REQUEST_NOT_UNIQUE", "Transaction identifier has already been used", "Tapahtumatunnus on jo käytetty", {}});
  }
  return customer;
}

}  // namespace dovetail::sandbox::netvisor

// A Netvisor client of its own making: it signs as the wire reference says, with nothing of the sandbox's.
#pragma once

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/hmac.h>

#include <chrono>
#include <map>
#include <pugixml.hpp>
#include <string>

#include "tests/tools/sandbox/client.hpp"

namespace dovetail::sandbox::test {

inline std::string hex_hmac(const std::string& key, const std::string& text) {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), bytes, &size);
  std::string hex;
  for (unsigned at = 0; at < size; ++at) hex += fmt::format("{:02x}", bytes[at]);
  return hex;
}

struct NetvisorClient {
  explicit NetvisorClient(const Sandbox& sandbox) : http(client_of(sandbox)), base(sandbox.url()) {}

  // All headers, signed for `target`; what `changes` names replaces the value before it is signed.
  httplib::Headers sign(const std::string& target, const std::map<std::string, std::string>& changes = {}) {
    const auto now = std::chrono::system_clock::now() + ahead;
    const auto milli = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    std::map<std::string, std::string> value = {
        {"Sender", "Test"},
        {"CustomerId", "cust-1"},
        {"PartnerId", "sandbox-partner"},
        {"Timestamp", fmt::format("{:%Y-%m-%d %H:%M:%S}.{:03}", fmt::gmtime(milli / 1000), milli % 1000)},
        {"TimestampUnix", std::to_string(milli / 1000)},
        {"TransactionId", fmt::format("transaction-{}-{}", milli, ++transactions)},
        {"Language", "EN"},
        {"Organisation", "1234567-8"},
        {"Key", "custkey"},
        {"PartnerKey", "partnerkey"}};
    for (const auto& [name, changed] : changes) value[name] = changed;
    const std::string text = base + target + '&' + value["Sender"] + '&' + value["CustomerId"] + '&' +
                             value["Timestamp"] + '&' + value["Language"] + '&' + value["Organisation"] + '&' +
                             value["TransactionId"] + '&' + value["TimestampUnix"] + '&' + value["Key"] + '&' +
                             value["PartnerKey"];
    httplib::Headers headers = {
        {"X-Netvisor-Interface-Language", value["Language"]},
        {"X-Netvisor-Organisation-ID", value["Organisation"]},
        {"X-Netvisor-Authentication-MACHashCalculationAlgorithm", "HMACSHA256"},
        {"X-Netvisor-Authentication-MAC", hex_hmac(value["Key"] + '&' + value["PartnerKey"], text)}};
    for (const char* name : {"Sender", "CustomerId", "PartnerId", "Timestamp", "TimestampUnix", "TransactionId"}) {
      headers.emplace(std::string("X-Netvisor-Authentication-") + name, value[name]);
    }
    if (real_codes) headers.emplace("X-Netvisor-Authentication-UseHTTPResponseStatusCodes", "1");
    return headers;
  }

  httplib::Response get(const std::string& target) { return call(http, "GET", target, sign(target)); }
  httplib::Response post(const std::string& target, const std::string& body) {
    return call(http, "POST", target, sign(target), body, "text/plain");
  }

  httplib::Client http;
  std::string base;
  std::chrono::seconds ahead{0};
  bool real_codes = true;
  static inline int transactions = 0;
};

// "OK", or the second Status of a failure.
inline std::string status_text(const httplib::Response& response) {
  pugi::xml_document document;
  INFO(response.body);
  REQUIRE(document.load_string(response.body.c_str()));
  const auto status = document.child("Root").child("ResponseStatus");
  const std::string first = status.child("Status").text().get();
  return first == "OK" ? first : status.child("Status").next_sibling("Status").text().get();
}

}  // namespace dovetail::sandbox::test

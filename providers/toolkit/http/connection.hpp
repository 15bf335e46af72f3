// A connection to one host over HTTP or HTTPS, kept alive between requests.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "providers/toolkit/http/transport.hpp"

namespace dovetail::providers {

struct Endpoint {
  std::string base;          // "https://host[:port][/path]"; plain http only to this machine itself
  std::string ca_file = {};  // PEM with the authorities to trust; empty: the machine's own. Verification is always on
  std::string proxy = {};    // "http://[user:password@]host:port"; empty: none
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds write_timeout{30'000};
  std::chrono::milliseconds read_timeout{120'000};      // without a byte
  std::chrono::milliseconds whole_timeout{300'000};     // from the request to the answer's last byte
  std::size_t largest_answer = std::size_t{64} << 20U;  // bytes, after decompression
};

// Of a system that answers everybody in one list: some 1,000 bytes for each of 500,000 people.
inline constexpr std::size_t largest_list_of_all = std::size_t{512} << 20U;

// An Error of kind input where that is no proxy; empty is none, and fine.
Result<void> check_proxy(const std::string& proxy);

// An Error of kind input where the endpoint is not usable as given.
Result<std::unique_ptr<Transport>> connect(const Endpoint& endpoint);

}  // namespace dovetail::providers

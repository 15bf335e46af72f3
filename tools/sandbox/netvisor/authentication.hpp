// Who is calling, and whether the message authentication code proves it.
#pragma once

#include <expected>
#include <set>
#include <string>

#include "tools/sandbox/core/system.hpp"
#include "tools/sandbox/netvisor/envelope.hpp"

namespace dovetail::sandbox::netvisor {

struct Keys {
  std::string customer;
  std::string partner;
};

enum class Algorithm { hmac_sha256, sha256, md5 };

// Lower-case hex over the exact `uri` and the header values as they were sent.
std::string message_code(const Call& call, const std::string& uri, const Keys& keys, Algorithm algorithm);

// Remembers the transaction ids of every partner for as long as it lives.
class Gate {
 public:
  // The row of `customers` that the call belongs to, or why it is turned away. The call counts as seen afterwards.
  std::expected<const Json*, Refusal> admit(System& system, const Call& call);

 private:
  std::set<std::string> seen_;
};

}  // namespace dovetail::sandbox::netvisor

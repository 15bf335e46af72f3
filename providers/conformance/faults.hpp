// What goes wrong between an adapter and its system, ordered by a conformance case. Works against any system: the real
// one, too.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "providers/toolkit/http/transport.hpp"

namespace dovetail::providers::conformance {

struct Fault {
  enum class Kind : std::uint8_t {
    lost_request,  // never reaches the system
    lost_answer,   // the system answers, and nobody hears it
    status,        // the system is not asked; this is the answer instead
    cut_answer,    // half of the answer's body, as if it were whole
    foreign_page,  // 200, and a page of something else
  };
  Kind kind = Kind::status;
  int times = 1;             // matching calls that suffer; -1: all
  bool writes_only = false;  // calls that are not GET
  int status = 503;
  std::vector<Header> headers = {};
};

// Outlives the transports that it stands behind. Calls for tokens never suffer.
class Faults {
 public:
  void order(Fault fault);
  void clear();
  std::unique_ptr<Transport> between(std::unique_ptr<Transport> transport);
  // True after a call for a token was seen.
  bool saw_token_call() const { return saw_token_call_; }

 private:
  friend class FaultyTransport;
  std::optional<Fault> strike(const Request& request);  // for any number of threads
  std::mutex mutex_;
  std::vector<Fault> ordered_;
  bool saw_token_call_ = false;
};

}  // namespace dovetail::providers::conformance

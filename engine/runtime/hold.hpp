// The lease of a connection, held while a manual run writes.
#pragma once

#include <optional>
#include <string>

#include "engine/runtime/means.hpp"

namespace dovetail {

// Gives it back at its end.
class Hold {
 public:
  Hold(const Means& means, ConnectionId id, RunId run);
  ~Hold();
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

  // Workers take no more lanes of the connection from now on; waits for those that are at work. Error::transient: they
  // did not end within `patience`.
  Result<void> take(std::chrono::milliseconds patience);
  // While the run goes on. An Error: the lease is somebody else's by now, and nothing more may be written.
  Result<void> renew();

 private:
  Result<void> try_take();

  const Means& means_;
  ConnectionId id_;
  std::string owner_;
  std::optional<Lease> wanted_, lease_;
  std::chrono::steady_clock::time_point renewed_{};
};

}  // namespace dovetail

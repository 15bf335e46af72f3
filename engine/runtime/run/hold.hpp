// The lease of a connection, held while a manual run writes.
#pragma once

#include <functional>
#include <mutex>
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

  // Workers take no more lanes of the connection from now on; waits for those that are at work, also where the worker
  // has stood still for longer than the connection's lease. Error::transient: they did not end within `patience`.
  // Error::input: `is_told_to_stop`, which is asked while this waits.
  Result<void> take(std::chrono::milliseconds patience, const std::function<bool()>& is_told_to_stop = {});
  // While the run goes on, and before each of its calls; from any thread. An Error: the lease was somebody else's
  // meanwhile, and nothing more may be written.
  Result<void> renew();

 private:
  Result<void> take_first();
  Result<void> try_take();

  const Means& means_;
  ConnectionId id_;
  std::string owner_;
  std::mutex mutex_;  // of all below
  std::optional<Lease> wanted_, lease_;
  std::int64_t fence_ = 0;  // of the lease, as it was had last
  bool is_lost_ = false;    // for good
  // By both clocks: one stands still while the machine sleeps, the other may be set.
  std::chrono::steady_clock::time_point renewed_{};
  std::chrono::system_clock::time_point renewed_wall_{};
};

}  // namespace dovetail

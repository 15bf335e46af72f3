// When this process first looked in vain for what a write was to make. From then on counts how long a replica may lag:
// a call that was tried several times may end long after its intent, and other machines' clocks, or one that was set,
// tell nothing.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <utility>

#include "engine/durable/intent.hpp"

namespace dovetail {

// For any thread. Of one store.
class FirstLooks {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // What a look that begins now does not show may show later.
  bool may_lag(const Intent& intent, Time now, std::chrono::milliseconds lag) const;
  // Such a look was in vain. Returns when the first one was, which is this one if there was none.
  Time note(const Intent& intent, Time now);
  // What became of it is known.
  void forget(const Intent& intent);

 private:
  using Key = std::pair<IntentId, Instant>;  // an id that was rolled back may come again
  mutable std::mutex mutex_;
  std::map<Key, Time> first_;
};

}  // namespace dovetail

// Who a provider is, and its people, kept for a while: what writes, creations and unique values are judged by.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/runtime/means.hpp"
#include "engine/runtime/push/rivals.hpp"

namespace dovetail {

class Populations {
 public:
  explicit Populations(const Means& means) : means_(means), rivals_(means) {}

  Rivals& rivals() { return rivals_; }

  // Asks the provider whose keys these are, unless it was asked in the last minutes. As verify_company().
  Result<void> verify(Opened& opened);

  // A connection's listing, for one thread at a time: whoever holds this decides who is created.
  class Held {
   public:
    const Snapshot& snapshot() const { return *snapshot_; }
    // After a creation: adds the record, or, if it cannot be read, has the next one list again.
    void add_created(Opened& opened, const std::string& id);

   private:
    friend class Populations;
    std::unique_lock<std::mutex> lock_;
    std::unique_ptr<Snapshot>* place_ = nullptr;
    const Snapshot* snapshot_ = nullptr;
  };

  // Listed no longer ago than `age`; else lists now, which may take long. An Error where the listing failed or was
  // partial: then nobody may be created.
  Result<Held> take(Opened& opened, std::chrono::milliseconds age);

  // Drops listings that are too old to judge by, and nobody has at the moment.
  void forget_old();

 private:
  struct Listing {
    std::mutex mutex;
    std::unique_ptr<Snapshot> snapshot;  // nullptr: none
    const ir::Program* rules = nullptr;  // whose layout it has
    std::chrono::steady_clock::time_point taken{};
  };

  const Means& means_;
  std::mutex mutex_;
  std::map<ConnectionId, Listing> listings_;
  struct Verified {
    std::int64_t version = 0;  // of the connection
    std::chrono::steady_clock::time_point at{};
  };
  std::map<ConnectionId, Verified> verified_;
  Rivals rivals_;
};

}  // namespace dovetail

// When which connection is swept, on threads of its own: a hub that takes long to read, or does not answer, keeps no
// lane waiting, and no manual run. A sweep writes to no system, so it needs no part in the connection's lease.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "engine/runtime/work/connection_queue.hpp"
#include "engine/runtime/work/trouble.hpp"

namespace dovetail {

class Sweeps {
 public:
  using Times = std::map<ConnectionId, std::chrono::steady_clock::time_point>;

  struct Options {
    std::string owner;                  // of the leases: unique among the workers of a store
    std::chrono::milliseconds every{};  // 0: never
    Times* swept = nullptr;             // when each was swept last, where that is to outlive this; nullptr: it is not
  };

  // All must outlive it. `gives_up`: calls that are out are waited for, and no more go out; asked from any thread.
  // `on_done` is called after each, from its thread.
  Sweeps(const Means& means, Troubles& troubles, Options options, std::function<bool()> gives_up,
         std::function<void()> on_done);

  void start();
  // What is planned is not begun any more.
  void end() { queue_.end(); }
  // After end(): waits for those under way.
  void join();

  // If it is due here, and with no other worker of the store. By one thread.
  void plan(const Connection& connection);
  bool is_busy() const { return queue_.is_busy(); }

 private:
  bool is_due(ConnectionId id) const;
  void sweep_one(const Connection& connection);
  void open_and_sweep(const Connection& connection);
  void not_swept(const Connection& connection, const std::string& why);
  void look_soon_again(ConnectionId id);

  const Means& means_;
  Troubles& troubles_;
  const Options options_;
  std::function<bool()> gives_up_;

  mutable std::mutex mutex_;  // of the times
  Times own_swept_;
  Times& swept_;
  ConnectionQueue queue_;  // last: its threads use the others
};

}  // namespace dovetail

// Looks whether connections that are held off are well again, on threads of their own: a system that does not answer
// takes minutes to say so, and keeps neither lanes nor other probes waiting.
#pragma once

#include <atomic>
#include <functional>

#include "engine/runtime/work/connection_queue.hpp"
#include "engine/runtime/work/trouble.hpp"

namespace dovetail {

class Probes {
 public:
  // All must outlive it. `stops`: no probe goes on once it is set; `on_done` is called after each, from its thread.
  Probes(const Means& means, Troubles& troubles, const std::atomic<bool>& stops, std::function<void()> on_done)
      : means_(means),
        troubles_(troubles),
        stops_(stops),
        queue_([this](const Connection& connection) { probe(connection); }, std::move(on_done)) {}

  void start();
  // What is planned is not begun any more.
  void end() { queue_.end(); }
  // After end(): waits for the calls that are out.
  void join() { queue_.join(); }

  // If one is due, and none is planned or under way. By one thread.
  void plan(const Connection& connection);
  bool is_busy() const { return queue_.is_busy(); }

 private:
  void probe(const Connection& connection);

  const Means& means_;
  Troubles& troubles_;
  const std::atomic<bool>& stops_;
  ConnectionQueue queue_;  // last: its threads use the others
};

}  // namespace dovetail

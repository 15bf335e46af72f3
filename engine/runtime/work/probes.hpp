// Looks whether connections that are held off are well again, on threads of their own: a system that does not answer
// takes minutes to say so, and keeps neither lanes nor other probes waiting.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "engine/runtime/work/trouble.hpp"

namespace dovetail {

class Probes {
 public:
  // All must outlive it. `stops`: no probe goes on once it is set; `on_done` is called after each, from its thread.
  Probes(const Means& means, Troubles& troubles, const std::atomic<bool>& stops, std::function<void()> on_done)
      : means_(means), troubles_(troubles), stops_(stops), on_done_(std::move(on_done)) {}
  ~Probes() {
    end();
    join();
  }
  Probes(const Probes&) = delete;
  Probes& operator=(const Probes&) = delete;

  void start();
  // What is planned is not begun any more.
  void end();
  // After end(): waits for the calls that are out.
  void join();

  // If one is due, and none is planned or under way.
  void plan(const Connection& connection);
  bool is_busy() const;

 private:
  void probe_planned();

  const Means& means_;
  Troubles& troubles_;
  const std::atomic<bool>& stops_;
  std::function<void()> on_done_;

  mutable std::mutex mutex_;  // of all below, but the threads
  std::condition_variable planned_;
  bool ends_ = false;
  std::deque<Connection> queue_;
  std::set<ConnectionId> probing_;  // planned, or under way
  std::vector<std::thread> threads_;
};

}  // namespace dovetail

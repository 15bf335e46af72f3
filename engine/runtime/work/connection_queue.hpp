// Connections that are worked off on threads of their own, each once at a time: what takes minutes for one of them
// keeps neither lanes nor, while there are threads, the others waiting.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "engine/durable/connection.hpp"

namespace dovetail {

class ConnectionQueue {
 public:
  // `work` must not throw; `on_done` is called after each. Both from the queue's threads, and all must outlive it.
  ConnectionQueue(std::function<void(const Connection&)> work, std::function<void()> on_done)
      : work_(std::move(work)), on_done_(std::move(on_done)) {}
  ~ConnectionQueue() {
    end();
    join();
  }
  ConnectionQueue(const ConnectionQueue&) = delete;
  ConnectionQueue& operator=(const ConnectionQueue&) = delete;

  void start(unsigned threads);
  // What is planned is not begun any more.
  void end();
  bool has_ended() const;
  // After end(): waits for those under way. Returns those that were not begun.
  std::deque<Connection> join();

  // Not for one that is planned or under way already.
  void plan(const Connection& connection);
  bool contains(ConnectionId id) const;  // planned, or under way
  bool is_busy() const;

 private:
  void work_off();

  const std::function<void(const Connection&)> work_;
  const std::function<void()> on_done_;

  mutable std::mutex mutex_;  // of all below, but the threads
  std::condition_variable planned_;
  bool ends_ = false;
  std::deque<Connection> waiting_;
  std::set<ConnectionId> all_;  // planned, or under way
  std::vector<std::thread> threads_;
};

}  // namespace dovetail

#include "engine/runtime/work/connection_queue.hpp"

#include <cassert>
#include <utility>

namespace dovetail {

void ConnectionQueue::start(unsigned threads) {
  {
    const std::lock_guard lock(mutex_);
    ends_ = false;
  }
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work_off(); });
}

void ConnectionQueue::end() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  planned_.notify_all();
}

bool ConnectionQueue::has_ended() const {
  const std::lock_guard lock(mutex_);
  return ends_;
}

std::deque<Connection> ConnectionQueue::join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  const std::lock_guard lock(mutex_);
  all_.clear();
  return std::exchange(waiting_, {});
}

void ConnectionQueue::plan(const Connection& connection) {
  {
    const std::lock_guard lock(mutex_);
    [[maybe_unused]] const bool is_new = all_.insert(connection.id).second;
    assert(is_new);
    waiting_.push_back(connection);
  }
  planned_.notify_one();
}

bool ConnectionQueue::contains(ConnectionId id) const {
  const std::lock_guard lock(mutex_);
  return all_.contains(id);
}

bool ConnectionQueue::is_busy() const {
  const std::lock_guard lock(mutex_);
  return !all_.empty();
}

void ConnectionQueue::work_off() {
  std::unique_lock lock(mutex_);
  while (true) {
    planned_.wait(lock, [&] { return ends_ || !waiting_.empty(); });
    if (ends_) return;
    const Connection connection = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work_(connection);
    lock.lock();
    all_.erase(connection.id);
    lock.unlock();
    on_done_();
    lock.lock();
  }
}

}  // namespace dovetail

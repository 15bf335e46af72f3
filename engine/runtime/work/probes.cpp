#include "engine/runtime/work/probes.hpp"

#include <exception>

namespace dovetail {
namespace {

constexpr unsigned probes_at_once = 4;  // one system that hangs keeps no other from being found well

}  // namespace

void Probes::start() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = false;
  }
  for (unsigned i = 0; i < probes_at_once; ++i) threads_.emplace_back([this] { probe_planned(); });
}

void Probes::end() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  planned_.notify_all();
}

void Probes::join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  const std::lock_guard lock(mutex_);
  queue_.clear();
  probing_.clear();
}

void Probes::plan(const Connection& connection) {
  {
    const std::lock_guard lock(mutex_);
    if (probing_.contains(connection.id) || !troubles_.begins_probe(connection.id)) return;
    probing_.insert(connection.id);
    queue_.push_back(connection);
  }
  planned_.notify_one();
}

bool Probes::is_busy() const {
  const std::lock_guard lock(mutex_);
  return !probing_.empty();
}

void Probes::probe_planned() {
  std::unique_lock lock(mutex_);
  while (true) {
    planned_.wait(lock, [&] { return ends_ || !queue_.empty(); });
    if (ends_) return;
    const Connection connection = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    try {
      troubles_.probe(connection, [this] {
        const std::lock_guard asked(mutex_);
        return ends_ || stops_;
      });
    } catch (const std::exception&) {
      means_.telemetry.log(Telemetry::Level::error, "not probed",
                           {{"connection", connection.name}, {"why", std::string(own_mistake)}});
    }
    lock.lock();
    probing_.erase(connection.id);
    lock.unlock();
    on_done_();
    lock.lock();
  }
}

}  // namespace dovetail

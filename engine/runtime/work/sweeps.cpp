#include "engine/runtime/work/sweeps.hpp"

#include <algorithm>
#include <exception>

#include "engine/runtime/lease_name.hpp"
#include "engine/runtime/work/sweep.hpp"

namespace dovetail {

using Level = Telemetry::Level;

namespace {

constexpr unsigned sweeps_at_once = 2;  // one hub that hangs keeps no other from being swept

}  // namespace

Sweeps::Sweeps(const Means& means, Troubles& troubles, Options options, std::function<bool()> gives_up,
               std::function<void()> on_done)
    : means_(means),
      troubles_(troubles),
      options_(std::move(options)),
      gives_up_(std::move(gives_up)),
      on_done_(std::move(on_done)),
      swept_(options_.swept != nullptr ? *options_.swept : own_swept_) {}

void Sweeps::start() {
  if (options_.every.count() == 0) return;
  {
    const std::lock_guard lock(mutex_);
    ends_ = false;
  }
  for (unsigned i = 0; i < sweeps_at_once; ++i) threads_.emplace_back([this] { sweep_planned(); });
}

void Sweeps::end() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  planned_.notify_all();
}

void Sweeps::join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  const std::lock_guard lock(mutex_);
  for (const Connection& connection : queue_) swept_.erase(connection.id);
  queue_.clear();
}

bool Sweeps::is_due(ConnectionId id) const {
  const std::lock_guard lock(mutex_);
  const auto last = swept_.find(id);
  return !ends_ && (last == swept_.end() || means_.clock.now() - last->second >= options_.every);
}

// The lease on sweeping lasts until the next one is due, so that one worker of all does it.
void Sweeps::plan(const Connection& connection) {
  if (options_.every.count() == 0 || !is_due(connection.id)) return;
  bool mine = false;
  const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
    const auto lease =
        transaction.take_lease(sweep_lease(connection.id), options_.owner, now(means_), now(means_) + options_.every);
    if (!lease) return std::unexpected(lease.error());
    mine = lease->has_value();
    return {};
  });
  if (!done) return;
  if (!mine) return look_soon_again(connection.id);  // who does it may fail, or be gone
  {
    const std::lock_guard lock(mutex_);
    swept_[connection.id] = means_.clock.now();
    queue_.push_back(connection);
  }
  planned_.notify_one();
}

bool Sweeps::is_busy() const {
  const std::lock_guard lock(mutex_);
  return at_work_ > 0 || !queue_.empty();
}

void Sweeps::sweep_planned() {
  std::unique_lock lock(mutex_);
  while (true) {
    planned_.wait(lock, [&] { return ends_ || !queue_.empty(); });
    if (ends_) return;
    const Connection connection = std::move(queue_.front());
    queue_.pop_front();
    ++at_work_;
    lock.unlock();
    try {
      sweep_one(connection);
    } catch (const std::exception&) {  // what it says may quote values
      not_swept(connection, std::string(own_mistake));
    }
    lock.lock();
    --at_work_;
    lock.unlock();
    on_done_();
    lock.lock();
  }
}

void Sweeps::sweep_one(const Connection& connection) {
  auto opened = means_.opener.open(connection, today(means_));
  if (!opened) {
    troubles_.count_unopened(connection, opened.error());
    return not_swept(connection, opened.error().what);
  }
  const auto may_call = [this]() -> Result<void> {
    if (!gives_up_()) return {};
    return std::unexpected(
        Error{.kind = Error::Kind::transient, .what = "nothing was read: this worker was told to stop meanwhile"});
  };
  const Asking asking(**opened, may_call, gives_up_);
  const Result<Swept> swept = sweep(means_, **opened);
  if (!swept) return not_swept(connection, swept.error().what);
  means_.telemetry.log(Level::info, "swept",
                       {{"connection", connection.name},
                        {"people", std::to_string(swept->people)},
                        {"changed", std::to_string(swept->changed)},
                        {"added", std::to_string(swept->added)},
                        {"removed", std::to_string(swept->removed)}});
}

void Sweeps::not_swept(const Connection& connection, const std::string& why) {
  means_.telemetry.log(Level::warning, "not swept", {{"connection", connection.name}, {"why", why}});
  look_soon_again(connection.id);
}

void Sweeps::look_soon_again(ConnectionId id) {
  const auto soon = std::min(options_.every, means_.limits.longest_probe);
  const std::lock_guard lock(mutex_);
  swept_[id] = means_.clock.now() - options_.every + soon;
}

}  // namespace dovetail

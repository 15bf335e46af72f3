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
      swept_(options_.swept != nullptr ? *options_.swept : own_swept_),
      queue_([this](const Connection& connection) { sweep_one(connection); }, std::move(on_done)) {}

void Sweeps::start() {
  if (options_.every.count() > 0) queue_.start(sweeps_at_once);
}

void Sweeps::join() {
  const std::deque<Connection> not_begun = queue_.join();
  const std::lock_guard lock(mutex_);
  for (const Connection& connection : not_begun) swept_.erase(connection.id);
}

bool Sweeps::is_due(ConnectionId id) const {
  if (queue_.has_ended() || queue_.contains(id)) return false;
  const std::lock_guard lock(mutex_);
  const auto last = swept_.find(id);
  return last == swept_.end() || means_.clock.now() - last->second >= options_.every;
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
  }
  queue_.plan(connection);
}

void Sweeps::sweep_one(const Connection& connection) {
  try {
    open_and_sweep(connection);
  } catch (const std::exception&) {  // what it says may quote values
    not_swept(connection, std::string(own_mistake));
  }
}

void Sweeps::open_and_sweep(const Connection& connection) {
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

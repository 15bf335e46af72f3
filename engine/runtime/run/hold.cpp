#include "engine/runtime/run/hold.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/runtime/lease_name.hpp"

namespace dovetail {

Hold::Hold(const Means& means, ConnectionId id, RunId run)
    : means_(means), id_(id), owner_(run_owner(run) + std::to_string(now(means).time_since_epoch().count())) {}

Hold::~Hold() {
  (void)means_.store.write([&](Transaction& transaction) -> Result<void> {
    for (const std::optional<Lease>& lease : {wanted_, lease_}) {
      if (!lease) continue;
      if (const Result<bool> given = transaction.give_back(*lease); !given) return std::unexpected(given.error());
    }
    return {};
  });
}

Result<void> Hold::take(std::chrono::milliseconds patience, const std::function<bool()>& is_told_to_stop) {
  const auto until = means_.clock.now() + patience;
  while (true) {
    if (Result<void> tried = take_first(); !tried) return tried;
    if (lease_) {
      fence_ = lease_->fence;
      return {};
    }
    if (is_told_to_stop && is_told_to_stop()) {
      return std::unexpected(
          Error{.kind = Error::Kind::input, .what = "this was told to stop while it waited; nothing was written"});
    }
    if (means_.clock.now() >= until) {
      return std::unexpected(Error{.kind = Error::Kind::transient,
                                   .what = "somebody else is writing for this connection; try again later"});
    }
    means_.clock.sleep(std::chrono::milliseconds(50));
  }
}

Result<void> Hold::renew() {
  const std::lock_guard lock(mutex_);
  const auto third = means_.limits.lease / 3;
  if (!is_lost_ && lease_ && means_.clock.now() - renewed_ < third && means_.clock.wall_time() - renewed_wall_ < third)
    return {};
  if (!is_lost_) {
    if (Result<void> tried = try_take(); !tried) return tried;
    // A lease that was over grows by one when it is taken again, and by one more for whoever had it in between.
    is_lost_ = !lease_ || lease_->fence > fence_ + 1;
    if (!is_lost_) fence_ = lease_->fence;
  }
  if (!is_lost_) return {};
  return std::unexpected(Error{.kind = Error::Kind::transient,
                               .what = "the connection was taken over meanwhile; resume the run",
                               .retry_after = std::chrono::minutes(1)});
}

// No lane is taken any more once the wish is known; one that is at work may have a call on its way, whoever has the
// connection.
Result<void> Hold::take_first() {
  renewed_ = means_.clock.now();
  renewed_wall_ = means_.clock.wall_time();
  Result<void> wished = means_.store.write([&](Transaction& transaction) -> Result<void> {
    const Instant time = now(means_);
    auto wanted = transaction.take_lease(wanted_lease(id_), owner_, time, time + means_.limits.lease);
    if (!wanted) return std::unexpected(wanted.error());
    wanted_ = *wanted;
    return {};
  });
  if (!wished) return wished;
  bool is_worked = false;
  std::optional<Lease> taken;
  Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
    is_worked = false;
    const Instant time = now(means_);
    auto lease = transaction.take_lease(connection_lease(id_), owner_, time, time + means_.limits.lease);
    if (!lease) return std::unexpected(lease.error());
    taken = std::move(*lease);
    if (!taken) return {};
    if (const auto freed = transaction.reap(time); !freed) return std::unexpected(freed.error());
    const auto lanes = transaction.lanes(id_);
    if (!lanes) return std::unexpected(lanes.error());
    is_worked = std::ranges::any_of(*lanes, [](const Lane& lane) { return lane.state == LaneState::worked; });
    if (!is_worked) return {};
    return std::unexpected(Error{.kind = Error::Kind::transient, .what = "a lane is at work"});  // taken back
  });
  if (is_worked) return {};
  if (done) lease_ = std::move(taken);
  return done;
}

Result<void> Hold::try_take() {
  renewed_ = means_.clock.now();
  renewed_wall_ = means_.clock.wall_time();
  return means_.store.write([&](Transaction& transaction) -> Result<void> {
    const Instant time = now(means_);
    auto wanted = transaction.take_lease(wanted_lease(id_), owner_, time, time + means_.limits.lease);
    if (!wanted) return std::unexpected(wanted.error());
    wanted_ = *wanted;
    auto lease = transaction.take_lease(connection_lease(id_), owner_, time, time + means_.limits.lease);
    if (!lease) return std::unexpected(lease.error());
    lease_ = *lease;
    return {};
  });
}

}  // namespace dovetail

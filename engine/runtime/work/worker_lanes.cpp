// Which connections and lanes a worker has: taken, renewed, lost to somebody else, given back.
#include <algorithm>

#include "engine/runtime/lease_name.hpp"
#include "engine/runtime/work/worker.hpp"

namespace dovetail {

using Level = Telemetry::Level;

Result<std::size_t> Worker::take_work() {
  {
    const std::lock_guard lock(mutex_);
    if (at_work_.size() >= options_.threads) return 0;
  }
  std::vector<ConnectionId> due;
  const Result<void> read = means_.store.read([&](Transaction& transaction) -> Result<void> {
    auto connections = transaction.due_connections(now(means_));
    if (!connections) return std::unexpected(connections.error());
    due = std::move(*connections);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  std::size_t count = 0;
  for (const ConnectionId id : due) {
    const Result<std::size_t> lanes = take_lanes(id);
    if (!lanes) return lanes;
    count += *lanes;
  }
  return count;
}

std::size_t Worker::room_in(ConnectionId id) const {
  const std::lock_guard lock(mutex_);
  const std::size_t busy = at_work_.size();
  const std::size_t free = options_.threads > busy ? options_.threads - busy : 0;
  const auto taken = taken_.find(id);
  if (taken == taken_.end()) return free;
  const std::size_t most = taken->second.at_once;
  return std::min(free, most > taken->second.at_work ? most - taken->second.at_work : 0);
}

// Knows how many lanes may be worked on at once. false: somebody else has the connection, or it cannot be opened.
Result<bool> Worker::take_connection(ConnectionId id) {
  {
    const std::lock_guard lock(mutex_);
    if (taken_.contains(id)) return true;
  }
  std::optional<Lease> lease;
  std::optional<Connection> connection;
  const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
    const Instant time = now(means_);
    auto wanted = transaction.take_lease(wanted_lease(id), options_.name, time, time);
    if (!wanted) return std::unexpected(wanted.error());
    if (!*wanted) return {};  // a manual run waits for it
    auto taken = transaction.take_lease(connection_lease(id), options_.name, time, time + means_.limits.lease);
    if (!taken) return std::unexpected(taken.error());
    lease = *taken;
    auto stored = transaction.connection(id);
    if (!stored) return std::unexpected(stored.error());
    connection = *stored;
    return {};
  });
  if (!done) return std::unexpected(done.error());
  if (!lease || !connection) return false;
  Taken taken{.lease = *lease, .connection = *connection, .at_once = 1, .at_work = 0, .unused = {}};
  auto opened = means_.opener.open(*connection, today(means_));
  if (opened) {
    taken.at_once = std::max(1U, (*opened)->system(ir::Side::provider).capabilities().writes_at_once);
    taken.unused.push_back(std::move(*opened));
  } else {
    troubles_.count_unopened(*connection, opened.error());
  }
  const bool usable = !taken.unused.empty();
  const std::lock_guard lock(mutex_);
  taken_.emplace(id, std::move(taken));
  return usable;
}

Result<std::size_t> Worker::take_lanes(ConnectionId id) {
  if (is_left_alone(id)) return 0;
  const Result<bool> mine = take_connection(id);
  if (!mine) return std::unexpected(mine.error());
  const std::size_t room = *mine ? room_in(id) : 0;
  if (room == 0) return 0;
  std::vector<Claim> claims;
  std::optional<Connection> connection;
  std::optional<Lease> lease;
  bool asked = false;
  const Deadline deadline = next_deadline();
  const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
    claims.clear();
    asked = false;
    const Instant time = now(means_);
    const Instant until = time + means_.limits.lease;
    const auto wanted = transaction.take_lease(wanted_lease(id), options_.name, time, time);
    if (!wanted) return std::unexpected(wanted.error());
    if (!*wanted) return {};
    auto kept = transaction.take_lease(connection_lease(id), options_.name, time, until);
    if (!kept) return std::unexpected(kept.error());
    asked = true;
    lease = std::move(*kept);
    if (!lease) return {};
    auto stored = transaction.connection(id);
    if (!stored) return std::unexpected(stored.error());
    connection = *stored;
    auto claimed = transaction.claim(id, options_.name, room, time, until);
    if (!claimed) return std::unexpected(claimed.error());
    claims = std::move(*claimed);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  const std::size_t count = claims.size();
  {
    const std::lock_guard lock(mutex_);
    if (asked && !keep_lease(id, lease)) lose_work_of(id);
    if (asked && !lease && taken_.at(id).at_work == 0) taken_.erase(id);
    if (connection && lease) taken_.at(id).connection = *connection;
    for (Claim& claim : claims) {
      ++taken_.at(id).at_work;
      // Where it was lost, and has come back before its end, the one that ends has no part in it any more.
      at_work_.insert_or_assign(std::pair(id, claim.hub_id), AtWork{.claim = claim, .deadline = deadline});
      tasks_.push_back({id, std::move(claim)});
    }
  }
  changed_.notify_all();
  return count;
}

// Under the mutex. false: somebody else has the connection, or had it since: a lease that was over grows by one when it
// is taken again, and by one more for whoever had it in between.
bool Worker::keep_lease(ConnectionId id, const std::optional<Lease>& lease) {
  const auto taken = taken_.find(id);
  if (taken == taken_.end()) return true;
  if (!lease) return false;
  Lease& own = taken->second.lease;
  const bool kept = lease->fence <= own.fence + 1;
  if (lease->fence > own.fence) own = *lease;
  return kept;
}

// Under the mutex. A manual run may have found out by now what became of a call, or be writing.
void Worker::lose_work_of(ConnectionId id) {
  for (auto& [key, at_work] : at_work_) at_work.lost |= key.first == id;
}

// A connection without lanes at work is left to others.
void Worker::give_back_leases(bool all) {
  const std::lock_guard leasing(leasing_);
  std::vector<Lease> leases;
  {
    const std::lock_guard lock(mutex_);
    for (auto it = taken_.begin(); it != taken_.end();) {
      if (it->second.at_work > 0 && !all) {
        ++it;
        continue;
      }
      leases.push_back(it->second.lease);
      it = taken_.erase(it);
    }
  }
  if (leases.empty()) return;
  const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
    for (const Lease& lease : leases) {
      if (const Result<bool> given = transaction.give_back(lease); !given) return std::unexpected(given.error());
    }
    return {};
  });
  if (!done) means_.telemetry.log(Level::warning, "leases not given back", {{"why", done.error().what}});
}

void Worker::renew() {
  const std::lock_guard leasing(leasing_);
  std::vector<Claim> claims;
  std::vector<ConnectionId> connections;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, at_work] : at_work_) claims.push_back(at_work.claim);
    for (const auto& [id, taken] : taken_) connections.push_back(id);
  }
  if (claims.empty() && connections.empty()) return;
  const Deadline deadline = next_deadline();
  std::vector<bool> is_mine;
  std::vector<std::optional<Lease>> leases;
  const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
    is_mine.clear();
    leases.clear();
    const Instant time = now(means_);
    for (const Claim& claim : claims) {
      const auto kept = transaction.renew(claim, time + means_.limits.lease);
      if (!kept) return std::unexpected(kept.error());
      is_mine.push_back(*kept);
    }
    for (const ConnectionId id : connections) {
      auto kept = transaction.take_lease(connection_lease(id), options_.name, time, time + means_.limits.lease);
      if (!kept) return std::unexpected(kept.error());
      leases.push_back(std::move(*kept));
    }
    return {};
  });
  if (!done) return means_.telemetry.log(Level::warning, "leases not renewed", {{"why", done.error().what}});
  {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < connections.size(); ++i) {
      if (!keep_lease(connections[i], leases[i])) lose_work_of(connections[i]);
    }
    for (std::size_t i = 0; i < claims.size(); ++i) {
      const auto found = at_work_.find({claims[i].connection, claims[i].hub_id});
      if (found == at_work_.end() || found->second.claim.fence != claims[i].fence) continue;
      found->second.lost |= !is_mine[i];
      found->second.deadline = deadline;
    }
  }
  means_.step("renewed");
}

}  // namespace dovetail

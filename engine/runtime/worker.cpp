#include "engine/runtime/worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "engine/runtime/lease_name.hpp"
#include "engine/runtime/sweep.hpp"
#include "engine/runtime/tries.hpp"

namespace dovetail {

using Level = Telemetry::Level;

namespace {

constexpr std::chrono::milliseconds longest_poll{1000};
constexpr std::string_view own_mistake = "a mistake of this program";
constexpr unsigned probes_at_once = 4;  // one system that hangs keeps no other from being found well

}  // namespace

Worker::Worker(const Means& means, WorkerOptions options)
    : means_(means),
      options_(std::move(options)),
      populations_(means),
      troubles_(means),
      swept_(options_.swept != nullptr ? *options_.swept : own_swept_) {}

Worker::~Worker() { stop_threads(); }

Result<void> Worker::run() { return work(Until::stopped); }
Result<void> Worker::run_until_idle() { return work(Until::idle); }
Result<void> Worker::run_until_quiet() { return work(Until::quiet); }

Result<void> Worker::work(Until until) {
  start_threads();
  bool ever = false;
  Result<void> result;
  unsigned failures = 0;
  while (!stopping_) {
    if (const Result<void> kept = keep_up(); !kept) {
      result = kept;
      break;
    }
    const auto began = means_.clock.now();
    const Result<std::size_t> taken = take_work();
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(means_.clock.now() - began);
    if (!taken) {
      const bool may_pass = taken.error().kind == Error::Kind::transient && until == Until::stopped;
      if (!may_pass && (!ever || taken.error().kind == Error::Kind::data)) {
        result = std::unexpected(taken.error());
        break;
      }
      means_.telemetry.log(Level::error, "the store does not answer", {{"why", taken.error().what}});
      means_.clock.sleep(
          std::min(pause_after(means_.limits, failures++, std::nullopt), std::chrono::milliseconds(10'000)));
      continue;
    }
    ever = true;
    failures = 0;
    if (*taken > 0) continue;
    if (until != Until::stopped) {
      const Result<bool> over = is_over(until);
      if (over && *over) break;
    }
    give_back_leases(false);
    std::unique_lock lock(mutex_);
    // Where many connections make a look long, there are fewer of them.
    changed_.wait_for(lock, std::clamp(20 * took, options_.poll, std::max(options_.poll, longest_poll)));
  }
  stop_threads();
  give_back_leases(true);
  if (!result) means_.telemetry.log(Level::error, "the worker has ended", {{"why", result.error().what}});
  return result;
}

Result<bool> Worker::is_over(Until until) {
  {
    const std::lock_guard lock(mutex_);
    if (!at_work_.empty() || sweeping_ > 0 || !probing_.empty()) return false;
  }
  bool over = false;
  const Result<void> read = means_.store.read([&](Transaction& transaction) -> Result<void> {
    const auto due = transaction.due_connections(now(means_));
    if (!due) return std::unexpected(due.error());
    over = due->empty();
    if (!over || until == Until::idle) return {};
    const auto connections = transaction.connections();
    if (!connections) return std::unexpected(connections.error());
    for (const Connection& connection : *connections) {
      const auto lanes = transaction.lanes(connection.id);
      if (!lanes) return std::unexpected(lanes.error());
      over &= std::ranges::none_of(*lanes, [](const Lane& lane) {
        return lane.state == LaneState::worked || (lane.state == LaneState::due && lane.attempts > 0);
      });
    }
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return over;
}

// --- threads ---

void Worker::start_threads() {
  ends_ = all_over_ = false;
  for (unsigned i = 0; i < std::max(1U, options_.threads); ++i) threads_.emplace_back([this] { work_off(); });
  for (unsigned i = 0; i < probes_at_once; ++i) probers_.emplace_back([this] { probe_planned(); });
  renewer_ = std::thread([this] { renew_in_time(); });
}

// What was taken is brought to its end first.
void Worker::stop_threads() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  probe_planned_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  for (std::thread& thread : probers_) thread.join();
  probers_.clear();
  {
    const std::lock_guard lock(mutex_);
    probes_.clear();
    probing_.clear();
    all_over_ = true;
  }
  over_.notify_all();
  if (renewer_.joinable()) renewer_.join();
}

void Worker::work_off() {
  while (true) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return ends_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    work_on(task);
  }
}

void Worker::work_on(const Task& task) {
  std::unique_ptr<Opened> opened;
  try {
    auto found = opened_for(task.connection);
    if (found) opened = std::move(*found);
    if (!found) {
      postpone(task, found.error());
    } else if (task.claim) {
      push_claim(task, *opened);
    } else {
      sweep_connection(task, *opened);
    }
  } catch (const std::exception& mistake) {
    opened.reset();  // whatever state it is in
    try {
      give_up(task, mistake.what());
    } catch (const std::exception&) {  // its lease frees the lane
    }
  }
  give_back(task, std::move(opened));
}

// One person's, or one connection's, that stops nobody else's. What it says may quote values, so no log has it.
void Worker::give_up(const Task& task, std::string_view what) {
  Connection connection;
  {
    const std::lock_guard lock(mutex_);
    connection = taken_.at(task.connection).connection;
  }
  if (!task.claim) return not_swept(connection, std::string(own_mistake));
  means_.telemetry.log(
      Level::error, "not pushed",
      {{"connection", connection.name}, {"hub_id", task.claim->hub_id}, {"why", std::string(own_mistake)}});
  const Error error{.kind = Error::Kind::data,
                    .what = fmt::format("{}: {}. Please tell its makers", own_mistake, what)};
  Tries tries = tries_after(means_, *task.claim, error);
  tries.why = own_mistake;
  const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
    const Result<bool> mine =
        tries.parks ? transaction.park(*task.claim, tries.why) : transaction.retry(*task.claim, *tries.at, tries.why);
    if (!mine) return std::unexpected(mine.error());
    if (!*mine) return {};
    return transaction.report(problem_of(means_, connection, *task.claim, error, tries));
  });
  if (!done) means_.telemetry.log(Level::warning, "lane not given back", {{"why", done.error().what}});
}

// The connection cannot be opened. What is wrong with it holds it off, what is wrong with the store does not; the lane
// waits.
void Worker::postpone(const Task& task, const Error& why) {
  Connection connection;
  {
    const std::lock_guard lock(mutex_);
    connection = taken_.at(task.connection).connection;
  }
  count_unopened(connection, why);
  if (!task.claim) return not_swept(connection, why.what);
  const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
    const auto mine = transaction.retry(*task.claim, now(means_) + means_.limits.first_retry, why.what);
    return mine ? Result<void>{} : std::unexpected(mine.error());
  });
  if (!done) means_.telemetry.log(Level::warning, "lane not given back", {{"why", done.error().what}});
}

void Worker::count_unopened(const Connection& connection, const Error& why) {
  if (why.kind == Error::Kind::transient) return;
  Pushed failed;
  failed.trouble = why;
  failed.trouble->kind = Error::Kind::input;
  troubles_.count(connection, failed);
}

void Worker::push_claim(const Task& task, Opened& opened) {
  const Asking asking(opened, [&] { return may_call(*task.claim); });
  const Pushed pushed = push(means_, opened, populations_, *task.claim);
  const Instant since = task.claim->events.empty() ? now(means_) : task.claim->events.front().due;
  means_.telemetry.lane(opened.connection.name, std::string(name(pushed.kind)), now(means_) - since);
  const bool well = !pushed.trouble && pushed.kind == Pushed::Kind::finished;
  means_.telemetry.log(well ? Level::info : Level::warning, "pushed",
                       {{"connection", opened.connection.name},
                        {"hub_id", task.claim->hub_id},
                        {"outcome", std::string(name(pushed.kind))},
                        {"writes", std::to_string(pushed.writes)},
                        {"why", pushed.said()}});
  troubles_.count(opened.connection, pushed);
}

Worker::Deadline Worker::next_deadline() const {
  const auto length = means_.limits.lease - means_.limits.lease / 6;
  return {means_.clock.now() + length, means_.clock.wall_time() + length};
}

// A worker that stood still for longer than its lease sends nothing more: another one may have written since.
Result<void> Worker::may_call(const Claim& claim) const {
  const std::lock_guard lock(mutex_);
  const auto found = at_work_.find({claim.connection, claim.hub_id});
  const bool may = found != at_work_.end() && found->second.claim.fence == claim.fence && !found->second.lost &&
                   means_.clock.now() < found->second.deadline.time &&
                   means_.clock.wall_time() < found->second.deadline.wall_time;
  if (may) return {};
  return std::unexpected(
      Error{.kind = Error::Kind::transient,
            .what = "nothing was sent: this worker stood still for longer than its lease, and the "
                    "person may be another worker's by now, or a manual run's",
            .retry_after = std::max<std::chrono::milliseconds>(means_.limits.lease, std::chrono::seconds(30))});
}

void Worker::sweep_connection(const Task&, Opened& opened) {
  const Result<Swept> swept = sweep(means_, opened);
  if (!swept) return not_swept(opened.connection, swept.error().what);
  means_.telemetry.log(Level::info, "swept",
                       {{"connection", opened.connection.name},
                        {"people", std::to_string(swept->people)},
                        {"changed", std::to_string(swept->changed)},
                        {"added", std::to_string(swept->added)},
                        {"removed", std::to_string(swept->removed)}});
}

void Worker::not_swept(const Connection& connection, const std::string& why) {
  means_.telemetry.log(Level::warning, "not swept", {{"connection", connection.name}, {"why", why}});
  const auto soon = std::min(options_.sweep, means_.limits.longest_probe);
  const std::lock_guard lock(mutex_);
  swept_[connection.id] = means_.clock.now() - options_.sweep + soon;
}

// One thread's own; opened again on another day.
Result<std::unique_ptr<Opened>> Worker::opened_for(ConnectionId id) {
  Connection connection;
  {
    const std::lock_guard lock(mutex_);
    Taken& taken = taken_.at(id);
    const CivilDay day = today(means_);
    while (!taken.unused.empty()) {
      std::unique_ptr<Opened> opened = std::move(taken.unused.back());
      taken.unused.pop_back();
      if (opened->today == day && opened->connection.version == taken.connection.version) return opened;
    }
    connection = taken.connection;
  }
  return means_.opener.open(connection, today(means_));
}

void Worker::give_back(const Task& task, std::unique_ptr<Opened> opened) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto taken = taken_.find(task.connection); taken != taken_.end()) {
      --taken->second.at_work;
      if (opened) taken->second.unused.push_back(std::move(opened));
    }
    if (task.claim) {
      const auto found = at_work_.find({task.connection, task.claim->hub_id});
      if (found != at_work_.end() && found->second.claim.fence == task.claim->fence) at_work_.erase(found);
    } else {
      --sweeping_;
    }
  }
  changed_.notify_all();
}

// --- taking lanes ---

Result<std::size_t> Worker::take_work() {
  {
    const std::lock_guard lock(mutex_);
    if (at_work_.size() + sweeping_ >= options_.threads) return 0;
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
  const std::size_t busy = at_work_.size() + sweeping_;
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
    count_unopened(*connection, opened.error());
  }
  const bool usable = !taken.unused.empty();
  const std::lock_guard lock(mutex_);
  taken_.emplace(id, std::move(taken));
  return usable;
}

Result<std::size_t> Worker::take_lanes(ConnectionId id) {
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

// --- upkeep ---

Result<void> Worker::keep_up() {
  const auto time = means_.clock.now();
  if (time - last_upkeep_ < options_.upkeep) return {};
  last_upkeep_ = time;
  std::vector<Connection> connections;
  std::map<ConnectionId, std::size_t> waiting;
  const bool counts = time - last_counting_ >= std::chrono::seconds(5);  // a statement for each connection
  const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
    const auto freed = transaction.reap(now(means_));
    if (!freed) return std::unexpected(freed.error());
    auto all = transaction.connections();
    if (!all) return std::unexpected(all.error());
    connections = std::move(*all);
    for (const Connection& connection : connections) {
      if (!counts) break;
      const auto count = transaction.waiting(connection.id);
      if (!count) return std::unexpected(count.error());
      waiting[connection.id] = *count;
    }
    return {};
  });
  if (!done) return done.error().kind == Error::Kind::data ? done : Result<void>{};
  if (counts) last_counting_ = time;
  forget_old();
  for (const Connection& connection : connections) {
    if (counts) means_.telemetry.waiting(connection.name, waiting[connection.id]);
    if (connection.state == ConnectionState::quarantined) plan_probe(connection);
    if (connection.state == ConnectionState::active) plan_sweep(connection);
  }
  return {};
}

// A failure is no harm: it is tried again in the next hour.
void Worker::forget_old() {
  const auto time = means_.clock.now();
  if (last_forgetting_ && time - *last_forgetting_ < std::chrono::hours(1)) return;
  last_forgetting_ = time;
  std::size_t rows = 0;
  const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
    const auto gone = transaction.expire(now(means_), now(means_) - means_.limits.kept);
    if (!gone) return std::unexpected(gone.error());
    rows = *gone;
    return {};
  });
  if (done && rows > 0) means_.telemetry.log(Level::info, "forgot what was too old", {{"rows", std::to_string(rows)}});
}

// Before a third of the lease is over, whatever else goes on.
void Worker::renew_in_time() {
  auto last = means_.clock.now();
  std::unique_lock lock(mutex_);
  while (!all_over_) {
    if (const auto time = means_.clock.now(); time - last >= means_.limits.lease / 3) {
      last = time;
      lock.unlock();
      renew();
      lock.lock();
    } else {
      over_.wait_for(lock, options_.poll);
    }
  }
}

// A system that does not answer takes minutes to say so.
void Worker::plan_probe(const Connection& connection) {
  {
    const std::lock_guard lock(mutex_);
    if (probing_.contains(connection.id) || !troubles_.begins_probe(connection.id)) return;
    probing_.insert(connection.id);
    probes_.push_back(connection);
  }
  probe_planned_.notify_one();
}

void Worker::probe_planned() {
  std::unique_lock lock(mutex_);
  while (true) {
    probe_planned_.wait(lock, [&] { return ends_ || !probes_.empty(); });
    if (ends_) return;
    const Connection connection = std::move(probes_.front());
    probes_.pop_front();
    lock.unlock();
    try {
      troubles_.probe(connection, [this] {
        const std::lock_guard asked(mutex_);
        return ends_ || stopping_;
      });
    } catch (const std::exception&) {
      means_.telemetry.log(Level::error, "not probed",
                           {{"connection", connection.name}, {"why", std::string(own_mistake)}});
    }
    lock.lock();
    probing_.erase(connection.id);
    changed_.notify_all();
  }
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

// The lease on sweeping lasts until the next one is due, so that one worker of all does it.
void Worker::plan_sweep(const Connection& connection) {
  if (options_.sweep.count() == 0) return;
  const auto time = means_.clock.now();
  {
    const std::lock_guard lock(mutex_);
    const auto last = swept_.find(connection.id);
    if (last != swept_.end() && time - last->second < options_.sweep) return;
  }
  const Result<bool> usable = take_connection(connection.id);
  if (!usable || !*usable || room_in(connection.id) == 0) return;
  bool mine = false;
  const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
    const auto lease =
        transaction.take_lease(sweep_lease(connection.id), options_.name, now(means_), now(means_) + options_.sweep);
    if (!lease) return std::unexpected(lease.error());
    mine = lease->has_value();
    return {};
  });
  if (!done) return;
  {
    const std::lock_guard lock(mutex_);
    // Who does it may fail, or be gone.
    swept_[connection.id] = mine ? time : time - options_.sweep + std::min(options_.sweep, means_.limits.longest_probe);
    if (!mine) return;
    ++taken_.at(connection.id).at_work;
    ++sweeping_;
    tasks_.push_back({connection.id, std::nullopt});
  }
  changed_.notify_all();
}

}  // namespace dovetail

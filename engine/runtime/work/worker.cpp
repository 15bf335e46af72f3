#include "engine/runtime/work/worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <set>
#include <system_error>

#include "engine/runtime/lease_name.hpp"
#include "engine/runtime/push/tries.hpp"
#include "engine/system_error.hpp"

namespace dovetail {

using Level = Telemetry::Level;

namespace {

constexpr std::chrono::milliseconds longest_poll{500};  // a signal wakes nobody
constexpr std::chrono::milliseconds shortest_to_leave_alone{20'000};
constexpr std::chrono::milliseconds longest_wait_for_store{10'000}, longest_nap{100};

}  // namespace

Worker::Worker(const Means& means, WorkerOptions options)
    : means_(means),
      options_(std::move(options)),
      populations_(means),
      troubles_(means),
      probes_(means, troubles_, stopping_, [this] { changed_.notify_all(); }),
      sweeps_(
          means_, troubles_, {.owner = options_.name, .every = options_.sweep, .swept = options_.swept},
          [this] { return gives_up(); }, [this] { changed_.notify_all(); }) {}

Worker::~Worker() { stop_threads(); }

namespace {

std::int64_t machine_time() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

void Worker::stop() {
  std::int64_t never = 0;
  stopped_at_.compare_exchange_strong(never, machine_time());
  stopping_ = true;
}

bool Worker::gives_up() const {
  const std::int64_t since = stopped_at_;
  return since != 0 && machine_time() - since >= options_.grace.count();
}

Result<void> Worker::run() { return work(Until::stopped); }
Result<void> Worker::run_until_idle() { return work(Until::idle); }
Result<void> Worker::run_until_quiet() { return work(Until::quiet); }

Result<void> Worker::work(Until until) {
  until_ = until;
  if (Result<void> started = start(); !started) return started;
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
      wait_for_store(std::min(pause_after(means_.limits, failures++, std::nullopt), longest_wait_for_store));
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

void Worker::wait_for_store(std::chrono::milliseconds time) const {
  const auto end = means_.clock.now() + time;
  while (!stopping_ && means_.clock.now() < end) {
    means_.clock.sleep(std::min(longest_nap, std::chrono::ceil<std::chrono::milliseconds>(end - means_.clock.now())));
  }
}

Result<bool> Worker::is_over(Until until) {
  {
    const std::lock_guard lock(mutex_);
    if (!at_work_.empty()) return false;
  }
  if (probes_.is_busy() || sweeps_.is_busy()) return false;
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

Result<void> Worker::start() {
  if (!threads_.empty()) return {};
  try {
    start_threads();
  } catch (const std::system_error& refused) {
    stop_threads();
    return std::unexpected(Error{.kind = Error::Kind::transient,
                                 .what = "the workers: " + what_is_lacking(refused).value_or(refused.what())});
  }
  return {};
}

void Worker::start_threads() {
  ends_ = all_over_ = false;
  for (unsigned i = 0; i < std::max(1U, options_.threads); ++i) threads_.emplace_back([this] { work_off(); });
  probes_.start();
  sweeps_.start();
  renewer_ = std::thread([this] { renew_in_time(); });
}

// What was taken is brought to its end first.
void Worker::stop_threads() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  probes_.end();
  sweeps_.end();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  probes_.join();
  sweeps_.join();
  {
    const std::lock_guard lock(mutex_);
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
    } else {
      push_claim(task, *opened);
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
  means_.telemetry.log(
      Level::error, "not pushed",
      {{"connection", connection.name}, {"hub_id", task.claim.hub_id}, {"why", std::string(own_mistake)}});
  const Error error{.kind = Error::Kind::data,
                    .what = fmt::format("{}: {}. Please tell its makers", own_mistake, what)};
  Tries tries = tries_after(means_, task.claim, error);
  tries.why = own_mistake;
  const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
    const Result<bool> mine =
        tries.parks ? transaction.park(task.claim, tries.why) : transaction.retry(task.claim, *tries.at, tries.why);
    if (!mine) return std::unexpected(mine.error());
    if (!*mine) return {};
    return transaction.report(problem_of(means_, connection, task.claim, error, tries));
  });
  if (!done) means_.telemetry.log(Level::warning, "lane not given back", {{"why", done.error().what}});
}

// The connection cannot be opened; the lane waits.
void Worker::postpone(const Task& task, const Error& why) {
  Connection connection;
  {
    const std::lock_guard lock(mutex_);
    connection = taken_.at(task.connection).connection;
  }
  troubles_.count_unopened(connection, why);
  const Result<void> done = means_.store.write([&](Transaction& transaction) -> Result<void> {
    const auto mine = transaction.retry(task.claim, now(means_) + means_.limits.first_retry, why.what);
    return mine ? Result<void>{} : std::unexpected(mine.error());
  });
  if (!done) means_.telemetry.log(Level::warning, "lane not given back", {{"why", done.error().what}});
}

void Worker::push_claim(const Task& task, Opened& opened) {
  const Asking asking(opened, [&] { return may_call(task.claim); }, [this] { return gives_up(); });
  const Pushed pushed = push(means_, opened, populations_, task.claim);
  const Instant since = task.claim.events.empty() ? now(means_) : task.claim.events.front().due;
  means_.telemetry.lane(opened.connection.name, std::string(name(pushed.kind)), now(means_) - since);
  const bool well = !pushed.trouble && pushed.kind == Pushed::Kind::finished;
  means_.telemetry.log(well ? Level::info : Level::warning, "pushed",
                       {{"connection", opened.connection.name},
                        {"hub_id", task.claim.hub_id},
                        {"outcome", std::string(name(pushed.kind))},
                        {"writes", std::to_string(pushed.writes)},
                        {"needs_you", std::to_string(pushed.needs_you)},
                        {"why", pushed.said()}});
  leave_alone(opened.connection, pushed);
  if (!gives_up()) troubles_.count(opened.connection, pushed);  // what was broken off says nothing of a system
}

Worker::Deadline Worker::next_deadline() const {
  const auto length = means_.limits.lease - means_.limits.lease / 6;
  return {means_.clock.now() + length, means_.clock.wall_time() + length};
}

// A system that asked one person to wait for long asked all of them: else each would ask it once more.
void Worker::leave_alone(const Connection& connection, const Pushed& pushed) {
  const bool asked = pushed.trouble && pushed.trouble->kind == Error::Kind::rate &&
                     pushed.trouble->retry_after > shortest_to_leave_alone;
  if (!asked || until_ != Until::stopped) return;
  std::optional<std::string> mark = retried_mark(connection.id);
  {
    const std::lock_guard lock(mutex_);
    LeftAlone& alone = left_alone_[connection.id];
    const auto wanted = means_.clock.now() + *pushed.trouble->retry_after;
    const bool is_known = alone.until + shortest_to_leave_alone > wanted;
    alone = {.until = std::max(alone.until, wanted), .asked = means_.clock.now(), .mark = std::move(mark)};
    if (is_known) return;
  }
  means_.telemetry.log(Level::warning, "waits", {{"connection", connection.name}, {"why", pushed.said()}});
}

std::optional<std::string> Worker::retried_mark(ConnectionId id) {
  std::optional<std::string> mark;
  static_cast<void>(means_.store.read([&](Transaction& transaction) -> Result<void> {
    auto found = transaction.setting(retried_setting(id));
    if (found) mark = std::move(*found);
    return {};
  }));
  return mark;
}

// Until the time is over, or somebody wants it to be tried at once, which is looked for once a second.
bool Worker::is_left_alone(ConnectionId id) {
  std::optional<std::string> mark;
  {
    const std::lock_guard lock(mutex_);
    const auto found = left_alone_.find(id);
    if (found == left_alone_.end()) return false;
    const auto time = means_.clock.now();
    if (time >= found->second.until) {
      left_alone_.erase(found);
      return false;
    }
    if (time - found->second.asked < std::chrono::seconds(1)) return true;
    found->second.asked = time;
    mark = found->second.mark;
  }
  if (retried_mark(id) == mark) return true;
  const std::lock_guard lock(mutex_);
  left_alone_.erase(id);
  return false;
}

Result<void> Worker::may_call() const {
  if (!gives_up()) return {};
  return std::unexpected(
      Error{.kind = Error::Kind::transient, .what = "nothing was sent: this worker was told to stop meanwhile"});
}

// A worker that stood still for longer than its lease sends nothing more: another one may have written since.
Result<void> Worker::may_call(const Claim& claim) const {
  if (Result<void> may = may_call(); !may) return may;
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
    const auto found = at_work_.find({task.connection, task.claim.hub_id});
    if (found != at_work_.end() && found->second.claim.fence == task.claim.fence) at_work_.erase(found);
  }
  changed_.notify_all();
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
  std::set<std::string, std::less<>> names;
  for (const Connection& connection : connections) names.insert(connection.name);
  means_.telemetry.only(names);
  populations_.forget_old();
  for (const Connection& connection : connections) {
    if (counts) means_.telemetry.waiting(connection.name, waiting[connection.id]);
    if (connection.state == ConnectionState::quarantined) probes_.plan(connection);
    if (connection.state == ConnectionState::active) sweeps_.plan(connection);
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
    const auto kept = time_kept(transaction, means_.limits);  // others may have said so since this worker began
    if (!kept) return std::unexpected(kept.error());
    const auto gone = transaction.expire(now(means_), now(means_) - *kept);
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

}  // namespace dovetail

// PostgreSQL: sessions that share a pool of connections. What was lost with a connection is run again on the next one;
// whether a commit whose answer was lost has happened is asked for by a mark that each transaction leaves.
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/store/conninfo.hpp"
#include "engine/store/open_files.hpp"
#include "engine/store/postgres_help.hpp"
#include "engine/store/schema.hpp"
#include "engine/store/sql_store.hpp"

namespace dovetail::store {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr unsigned needed = 2;           // connections: one to work with, and the one that shows life
constexpr unsigned most_conflicts = 20;  // then the caller hears of it
constexpr unsigned most_stale = 3;       // a function that read before its transaction stays stale

struct Session {
  std::string name;  // of its mark
  std::int64_t mark = 0;
  std::unique_ptr<Sql> sql;  // of the pool's; null: not connected
};

// One write, over as many attempts as it takes.
struct Attempts {
  Clock::time_point give_up;
  milliseconds pause{20};
  unsigned conflicts = 0, stale = 0;
  bool checks_key = false;
};

class PostgresStore final : public SqlStore, public RateScopes {
 public:
  PostgresStore(std::unique_ptr<Database> database, std::string conninfo, OpenOptions options)
      : SqlStore(std::move(database)), conninfo_(std::move(conninfo)), options_(options) {}
  ~PostgresStore() override;
  PostgresStore(const PostgresStore&) = delete;
  PostgresStore& operator=(const PostgresStore&) = delete;

  Result<void> start(const KeyedHash::Key& key);
  Result<void> write(const Work& work) override;
  Result<void> read(const Work& work) override;
  Result<void> write_sql(const SqlWork& work) override;
  Result<void> read_sql(const SqlWork& work) override;

  Result<milliseconds> take_place(std::string_view scope, milliseconds apart) override;
  Result<void> pause(std::string_view scope, milliseconds time) override;
  Result<bool> try_enter(std::string_view scope) override;
  void leave(std::string_view scope) override;

 private:
  using Once = std::function<Result<void>(Sql&, bool& again)>;

  std::unique_ptr<Sql> connect() const;
  void configure(Sql& sql) const;
  Result<void> check_server(Sql& sql);
  void connect(Session& session);
  void drop(Session& session);
  std::unique_ptr<Sql> take_connection(std::unique_lock<std::mutex>& lock);
  void note_crowded(const SqlFailure& failure);
  bool gives_up() const { return options_.gives_up && options_.gives_up(); }
  void sleep(milliseconds time) const;
  Error error_of(const SqlFailure& failure) const;
  Result<void> on_a_session(const Once& once, bool may_write, bool checks_key = false);
  std::optional<Result<void>> attempt(Session& session, const Once& once, bool may_write, Attempts& attempts);
  bool leave_mark(Session& session, bool checks_key) const;
  bool is_rotated(Session& session);
  Error rotated() const;
  bool is_committed(Session& session);
  std::unique_ptr<Session> take();
  void put_back(std::unique_ptr<Session> session);
  void pulse_on();
  void show_life();
  void keep_alive();
  std::unique_ptr<Sql> connection_for_life();
  std::string scope_row(std::string_view scope) const { return "scope/" + database_->hasher.hash(scope); }
  std::string scope_lock(std::string_view scope) const;
  Result<bool> at_the_door(const std::string& statement);

  std::string conninfo_;
  OpenOptions options_;
  std::string key_name_;  // of the key that this opening seals with

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Session>> free_;
  unsigned made_ = 0, connected_ = 0;  // sessions; those of them that have a connection
  Clock::time_point crowded_until_{};  // nobody asks the server for one more before that
  Clock::time_point said_crowded_{};
  bool is_closing_ = false;

  // Taken before mutex_.
  std::mutex life_mutex_;
  // Holds the lock that says that this instance is alive, and those of scopes that one call at a time may be made in.
  std::unique_ptr<Sql> life_;
  bool shows_life_ = false;  // it has the lock
  std::thread pulse_;
};

std::unique_ptr<Sql> PostgresStore::connect() const {
  auto sql = std::make_unique<Sql>(Engine::postgres, conninfo_);
  configure(*sql);
  return sql;
}

void PostgresStore::configure(Sql& sql) const {
  sql.plain("set client_min_messages = warning");
  // Statements are planned once, mostly while tables are still small, and must be as good when they are large.
  sql.plain("set enable_seqscan = off");
  sql.plain("set jit = off");
  sql.plain("set lock_timeout = '30s'");
  sql.plain("set idle_in_transaction_session_timeout = '60s'");
}

// What would else be refused in the server's own words, one statement later.
Result<void> PostgresStore::check_server(Sql& sql) {
  const auto refuse = [this](const std::string& what) {
    return std::unexpected(Error{.kind = Error::Kind::input, .what = database_->description + ": " + what});
  };
  const auto [number, encoding, role, schema, path] =
      sql.row<std::int64_t, std::string, std::string, std::string, std::string>(
             "select cast(current_setting('server_version_num') as bigint), current_setting('server_encoding'),"
             " cast(current_user as text), coalesce(cast(current_schema() as text), ''),"
             " current_setting('search_path')")
          .value();
  database_->role = role;
  if (const auto old = too_old(static_cast<int>(number))) return refuse(*old);
  if (encoding != "UTF8") return refuse("its encoding is " + encoding + "; create the database with encoding UTF8");
  if (schema.empty()) return refuse(no_schema_help(role, path));
  return {};
}

// Throws SqlFailure where the server gives none and no other session has one to spare.
void PostgresStore::connect(Session& session) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (connected_ == 0 || Clock::now() >= crowded_until_) {
      lock.unlock();
      try {
        session.sql = connect();
        lock.lock();
        ++connected_;
        return;
      } catch (const SqlFailure& failure) {
        if (failure.kind != SqlFailure::Kind::crowded) throw;
        note_crowded(failure);
        lock.lock();
        if (connected_ == 0) throw;
      }
    }
    if ((session.sql = take_connection(lock))) return;
    if (gives_up()) throw SqlFailure(SqlFailure::Kind::lost, "the program ends");
    changed_.wait_for(lock, milliseconds(100));
  }
}

void PostgresStore::drop(Session& session) {
  if (!session.sql) return;
  session.sql.reset();
  {
    const std::lock_guard lock(mutex_);
    --connected_;
  }
  changed_.notify_all();
}

// One that nobody uses now; null: there is none.
std::unique_ptr<Sql> PostgresStore::take_connection(std::unique_lock<std::mutex>&) {
  for (const auto& each : free_) {
    if (each->sql) return std::move(each->sql);
  }
  return nullptr;
}

// Nobody asks again for a while, and people are told, once a minute.
void PostgresStore::note_crowded(const SqlFailure& failure) {
  std::string text;
  {
    const std::lock_guard lock(mutex_);
    const auto time = Clock::now();
    crowded_until_ = time + std::chrono::seconds(1);
    if (time < said_crowded_ + std::chrono::minutes(1)) return;
    said_crowded_ = time;
    text = error_of(failure).what + (connected_ > 0 ? "; the work goes on with what there is" : "; it is tried again");
  }
  if (options_.say) options_.say(text);
}

// Under the mutex, or before there are threads.
Error PostgresStore::error_of(const SqlFailure& failure) const {
  Error error = database_->error(failure);
  if (failure.kind != SqlFailure::Kind::crowded) return error;
  const unsigned has = connected_ + (pulse_.joinable() ? 1U : 0U);
  error.what += "; this process has " + std::to_string(has) + (has == 1 ? " connection" : " connections") + ", needs " +
                std::to_string(needed) + " and uses up to " + std::to_string(std::max(options_.sessions, 1U) + 1);
  error.retry_after = std::chrono::seconds(1);
  return error;
}

void PostgresStore::sleep(milliseconds time) const {
  for (const auto end = Clock::now() + time; Clock::now() < end && !gives_up();) {
    std::this_thread::sleep_for(std::min<Clock::duration>(end - Clock::now(), milliseconds(50)));
  }
}

PostgresStore::~PostgresStore() {
  {
    const std::lock_guard lock(mutex_);
    is_closing_ = true;
  }
  changed_.notify_all();
  if (pulse_.joinable()) pulse_.join();
}

Result<void> PostgresStore::start(const KeyedHash::Key& key) {
  key_name_ = KeyedHash(key).key_name();
  for (const auto give_up = Clock::now() + options_.wait;;) {
    try {
      auto sql = std::make_unique<Sql>(Engine::postgres, conninfo_);
      if (auto fits = check_server(*sql); !fits) return fits;
      configure(*sql);
      if (auto prepared = prepare(*database_, key, *sql, {options_.create, !options_.read_only}); !prepared) {
        return prepared;
      }
      if (options_.read_only) return {};
      life_ = std::move(sql);
      show_life();
      break;
    } catch (const SqlFailure& failure) {
      life_.reset();
      if (failure.kind == SqlFailure::Kind::lost && Clock::now() < give_up && !gives_up()) {
        sleep(milliseconds(100));
        continue;
      }
      Error error = error_of(failure);
      if (failure.kind == SqlFailure::Kind::lost && !postgres_help(failure.what(), {}) && no_more_files() == 0) {
        error.what = database_->description + ": the server does not answer (" + failure.what() + ")";
      }
      return std::unexpected(std::move(error));
    }
  }
  pulse_ = std::thread([this] { pulse_on(); });
  return {};
}

// Lanes and leases of an instance without this lock are anybody's. Under life_mutex_, or before there are threads.
void PostgresStore::show_life() {
  const auto tell_time = [this] {
    const auto time = life_->row<std::int64_t>("select cast(extract(epoch from clock_timestamp()) * 1000 as bigint)");
    database_->server_time_is(std::chrono::system_clock::time_point(milliseconds(std::get<0>(time.value()))));
  };
  const std::string lock = "pg_advisory_lock_shared(4711, " + std::to_string(database_->instance) + ")";
  if (life_ && shows_life_) {
    try {
      return tell_time();
    } catch (const SqlFailure&) {
      life_.reset();
    }
  }
  shows_life_ = false;
  if (!life_) life_ = connection_for_life();
  life_->plain("select " + lock);
  shows_life_ = true;
  tell_time();
}

// Where the server gives no more, one that others can do without.
std::unique_ptr<Sql> PostgresStore::connection_for_life() {
  try {
    return connect();
  } catch (const SqlFailure& failure) {
    if (failure.kind != SqlFailure::Kind::crowded) throw;
    note_crowded(failure);
    std::unique_lock lock(mutex_);
    auto spared = connected_ > 1 ? take_connection(lock) : nullptr;
    if (!spared) throw;
    --connected_;
    return spared;
  }
}

// A failure is tried again in a second; until then others may take over, which the fences allow.
void PostgresStore::keep_alive() {
  const std::lock_guard living(life_mutex_);
  try {
    show_life();
  } catch (const SqlFailure&) {
    life_.reset();
  }
}

void PostgresStore::pulse_on() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, std::chrono::seconds(1), [this] { return is_closing_; })) {
    lock.unlock();
    keep_alive();
    lock.lock();
  }
}

// One that is connected rather than one that would have to connect.
std::unique_ptr<Session> PostgresStore::take() {
  std::unique_lock lock(mutex_);
  const unsigned most = std::max(options_.sessions, 1U);
  changed_.wait(lock, [&] { return !free_.empty() || made_ < most; });
  auto found = std::ranges::find_if(free_, [](const auto& each) { return each->sql != nullptr; });
  if (found == free_.end() && made_ < most) {
    auto session = std::make_unique<Session>();
    session->name = std::to_string(database_->instance) + "-" + std::to_string(++made_);
    return session;
  }
  if (found == free_.end()) found = std::prev(free_.end());
  auto session = std::move(*found);
  free_.erase(found);
  return session;
}

void PostgresStore::put_back(std::unique_ptr<Session> session) {
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(session));
  }
  changed_.notify_all();
}

// Waits for the lost transaction, should the server still be busy with it, also where it was the session's first: a row
// that nobody has committed is waited for by whoever would insert it, not by whoever would lock it.
bool PostgresStore::is_committed(Session& session) {
  drop(session);
  connect(session);
  session.sql->plain("begin");
  const auto row = session.sql->row<std::int64_t>(
      "insert into commit_mark (session, mark, at) values (:session, 0, 0)"
      " on conflict (session) do update set at = commit_mark.at returning mark",
      session.name);
  session.sql->plain("rollback");
  return row && std::get<0>(*row) == session.mark;
}

Result<void> PostgresStore::on_a_session(const Once& once, bool may_write, bool checks_key) {
  if (may_write && options_.read_only) {
    return std::unexpected(database_->error({SqlFailure::Kind::read_only, "it was opened for reading only"}));
  }
  auto session = take();
  Attempts attempts{.give_up = Clock::now() + options_.patience, .checks_key = checks_key};
  while (true) {
    try {
      if (auto result = attempt(*session, once, may_write, attempts)) {
        put_back(std::move(session));
        return std::move(*result);
      }
    } catch (...) {  // the function's own; closing the session ends what it had begun
      drop(*session);
      put_back(std::move(session));
      throw;
    }
    sleep(attempts.pause);
    attempts.pause = std::min(attempts.pause * 2, milliseconds(500));
  }
}

// nullopt: try again.
std::optional<Result<void>> PostgresStore::attempt(Session& session, const Once& once, bool may_write,
                                                   Attempts& attempts) {
  bool is_committing = session.mark < 0;  // left so by the attempt before
  try {
    if (is_committing) {
      session.mark = -session.mark;
      if (is_committed(session)) return Result<void>();
      is_committing = false;
    }
    if (!session.sql) connect(session);
    session.sql->plain(may_write ? statements_.begin_writing : statements_.begin_reading);
    if (attempts.checks_key) session.sql->plain("lock table meta in row share mode");  // whoever rotates the key waits
    bool again = false;
    auto result = once(*session.sql, again);
    if (!result || !may_write) {
      session.sql->plain("rollback");
      if (!result && again && ++attempts.stale <= most_stale) return std::nullopt;
      return result;
    }
    ++session.mark;
    if (!leave_mark(session, attempts.checks_key)) {
      session.sql->plain("rollback");
      return std::unexpected(rotated());
    }
    is_committing = true;
    session.sql->plain("commit");
    return result;
  } catch (const SqlFailure& failure) {
    drop(session);  // which also ends what it had begun
    const bool is_lost = failure.kind == SqlFailure::Kind::lost || failure.kind == SqlFailure::Kind::crowded;
    if (is_committing) session.mark = -session.mark;
    if (is_lost && Clock::now() < attempts.give_up && !gives_up()) return std::nullopt;
    if (failure.kind == SqlFailure::Kind::conflict && ++attempts.conflicts <= most_conflicts) return std::nullopt;
    session.mark = std::abs(session.mark);
    if (failure.kind == SqlFailure::Kind::corrupt && is_rotated(session)) return std::unexpected(rotated());
    const std::lock_guard lock(mutex_);
    Error error = error_of(failure);
    if (is_committing) error.kind = Error::Kind::in_doubt;
    return std::unexpected(std::move(error));
  }
}

// false: the store has another key by now, and what this transaction sealed nobody could open.
bool PostgresStore::leave_mark(Session& session, bool checks_key) const {
  const std::string only = checks_key ? key_name_ : std::string();
  return session.sql->run(
             "insert into commit_mark (session, mark, at)"
             " select :session, cast(:mark as bigint), cast(extract(epoch from now()) * 1000 as bigint)"
             " where :only = '' or exists (select 1 from meta where name = 'key_name' and content = :key)"
             " on conflict (session) do update set mark = excluded.mark, at = excluded.at",
             session.name, session.mark, only, only) != 0;
}

bool PostgresStore::is_rotated(Session& session) {
  try {
    connect(session);
    const auto row = session.sql->row<std::string>("select content from meta where name = 'key_name'");
    return row && std::get<0>(*row) != key_name_;
  } catch (const SqlFailure&) {
    drop(session);
    return false;
  }
}

Error PostgresStore::rotated() const {
  return {.kind = Error::Kind::data,
          .what = database_->description +
                  ": its key was changed while this was running; nothing was written. Start "
                  "again with the new key"};
}

Result<void> PostgresStore::write(const Work& work) {
  std::optional<SqlTransaction> transaction;
  auto result = on_a_session(
      [&](Sql& sql, bool& again) -> Result<void> {
        transaction.emplace(*database_, statements_, sql, true);
        auto done = work(*transaction);
        if (transaction->failure()) throw SqlFailure(*transaction->failure());
        again = transaction->had_conflict();
        return done;
      },
      true, true);
  if (result && transaction) transaction->committed();
  return result;
}

Result<void> PostgresStore::read(const Work& work) {
  return on_a_session(
      [&](Sql& sql, bool&) -> Result<void> {
        SqlTransaction transaction(*database_, statements_, sql, false);
        auto done = work(transaction);
        if (transaction.failure()) throw SqlFailure(*transaction.failure());
        return done;
      },
      false);
}

Result<void> PostgresStore::write_sql(const SqlWork& work) {
  return on_a_session([&](Sql& sql, bool&) { return work(sql); }, true);
}

Result<void> PostgresStore::read_sql(const SqlWork& work) {
  return on_a_session([&](Sql& sql, bool&) { return work(sql); }, false);
}

// --- rate scopes ---

#define SERVER_TIME "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)"

// The row's time is when the next call may be made.
Result<milliseconds> PostgresStore::take_place(std::string_view scope, milliseconds apart) {
  std::int64_t wait = 0;
  const Result<void> done = write_sql([&](Sql& sql) -> Result<void> {
    const auto row = sql.row<std::int64_t>(
        "insert into lease (name, owner, instance, fence, lease_until) values (:name, '', 0, 0, " SERVER_TIME
        " + :apart) on conflict (name) do update set"
        " lease_until = greatest(lease.lease_until, " SERVER_TIME
        ") + :same returning lease_until - :this - " SERVER_TIME,
        scope_row(scope), apart.count(), apart.count(), apart.count());
    wait = std::get<0>(row.value());
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return milliseconds(std::max<std::int64_t>(0, wait));
}

Result<void> PostgresStore::pause(std::string_view scope, milliseconds time) {
  return write_sql([&](Sql& sql) -> Result<void> {
    sql.run("insert into lease (name, owner, instance, fence, lease_until) values (:name, '', 0, 0, " SERVER_TIME
            " + :time) on conflict (name) do update set"
            " lease_until = greatest(lease.lease_until, " SERVER_TIME " + :same)",
            scope_row(scope), time.count(), time.count());
    return {};
  });
}

// A session's lock goes with the session, so with a process that dies. Two scopes of one number wait for each other,
// which harms nobody.
std::string PostgresStore::scope_lock(std::string_view scope) const {
  std::uint32_t number = 2166136261U;
  for (const char each : scope) number = (number ^ static_cast<unsigned char>(each)) * 16777619U;
  return "(4712, " + std::to_string(static_cast<std::int32_t>(number)) + ")";
}

Result<bool> PostgresStore::at_the_door(const std::string& statement) {
  const std::lock_guard lock(life_mutex_);
  try {
    if (!life_ || !shows_life_) show_life();
    bool is_open = false;
    life_->each_row("select case when " + statement + " then '1' else '0' end", 1,
                    [&](const Sql::Row& row) { is_open = row[0] == "1"; });
    return is_open;
  } catch (const SqlFailure& failure) {
    life_.reset();
    return std::unexpected(database_->error(failure));
  }
}

Result<bool> PostgresStore::try_enter(std::string_view scope) {
  return at_the_door("pg_try_advisory_lock" + scope_lock(scope));
}

void PostgresStore::leave(std::string_view scope) {
  static_cast<void>(at_the_door("pg_advisory_unlock" + scope_lock(scope)));  // lost with its session, or given back
}

}  // namespace

Result<std::unique_ptr<SqlStore>> open_postgres(const std::string& conninfo, const KeyedHash::Key& key,
                                                const OpenOptions& options) {
  auto store =
      std::make_unique<PostgresStore>(std::make_unique<Database>(Engine::postgres, described_conninfo(conninfo), key),
                                      completed_conninfo(conninfo), options);
  if (auto started = store->start(key); !started) return std::unexpected(started.error());
  return store;
}

}  // namespace dovetail::store

// SQLite: one thread writes, and commits together what waits at the same time; readers have sessions of their own.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <filesystem>
#include <future>
#include <mutex>
#include <thread>

#include "engine/store/file_lock.hpp"
#include "engine/store/schema.hpp"
#include "engine/store/sql_store.hpp"

namespace dovetail::store {
namespace {

constexpr std::size_t most_together = 64;  // writes in one commit

std::string connect_text(const std::string& path, bool read_only) {
  return "db=\"" + path + "\" timeout=5" + (read_only ? " readonly=1" : "");
}

// Which file it is, whatever its name; nullopt: there is none of that name.
std::optional<std::pair<dev_t, ino_t>> file_at(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return std::pair(status.st_dev, status.st_ino);
}

// A write that waits for its turn, and how it ended.
struct Waiting {
  const Work* work = nullptr;  // one of the two
  const SqlWork* sql_work = nullptr;
  std::promise<Result<void>> done;
};

class SqliteStore final : public SqlStore {
 public:
  SqliteStore(std::unique_ptr<Database> database, std::optional<FileLock> lock, std::string path, OpenOptions options)
      : SqlStore(std::move(database)), lock_(std::move(lock)), path_(std::move(path)), options_(options) {}
  ~SqliteStore() override;
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;

  Result<void> start(const KeyedHash::Key& key);
  Result<void> write(const Work& work) override;
  Result<void> read(const Work& work) override;
  Result<void> write_sql(const SqlWork& work) override;
  Result<void> read_sql(const SqlWork& work) override;

 private:
  void forget_the_future();
  Result<void> submit(Waiting waiting);
  void write_on();
  bool is_still_there(std::deque<Waiting>& group);
  void write_together(std::deque<Waiting>& group);
  Result<void> write_alone(Waiting& waiting);
  void answer_alone(Waiting& waiting);
  Result<void> in_savepoint(Waiting& waiting, std::deque<SqlTransaction>& finished);
  void give_up();
  Result<void> reading(const std::function<Result<void>(Sql&)>& work);
  void reader_is_gone();

  std::optional<FileLock> lock_;
  std::string path_;
  OpenOptions options_;
  std::string whole_path_;                       // wherever the process goes
  std::optional<std::pair<dev_t, ino_t>> file_;  // that was opened

  std::unique_ptr<Sql> writer_;
  std::mutex queue_mutex_;
  std::condition_variable queue_changed_;
  std::deque<Waiting> queue_;
  bool is_closing_ = false;

  std::mutex readers_mutex_;
  std::condition_variable reader_is_back_;
  std::vector<std::unique_ptr<Sql>> readers_;
  unsigned readers_out_ = 0;

  std::thread thread_;
};

SqliteStore::~SqliteStore() {
  {
    const std::lock_guard lock(queue_mutex_);
    is_closing_ = true;
  }
  queue_changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<void> SqliteStore::start(const KeyedHash::Key& key) {
  try {
    writer_ = std::make_unique<Sql>(Engine::sqlite, connect_text(path_, options_.read_only));
    if (!options_.read_only) {
      writer_->plain("pragma journal_mode = wal");
      writer_->plain("pragma synchronous = full");
      writer_->plain("pragma foreign_keys = on");
      writer_->plain("pragma journal_size_limit = 67108864");
      writer_->plain("pragma wal_autocheckpoint = 8192");  // pages: 32 MiB
      writer_->plain("pragma cache_size = -65536");        // KiB, as far as it is used
    }
    auto prepared = prepare(*database_, key, *writer_, {options_.create, !options_.read_only});
    if (!prepared) return prepared;
    if (options_.read_only) return {};
    // Whoever had lanes and leases is gone: the lock is ours.
    writer_->plain("update lane set owner = '', run_at = 0 where owner <> ''");
    writer_->plain("update lease set owner = '', lease_until = 0 where owner <> ''");
    forget_the_future();
  } catch (const SqlFailure& failure) {
    return std::unexpected(database_->error(failure));
  }
  whole_path_ = std::filesystem::absolute(path_).string();
  file_ = file_at(whole_path_);
  thread_ = std::thread([this] { write_on(); });
  return {};
}

// Where the clock was put back since: what came in after the time that it is now, or is to be tried again later than
// any pause lasts, would wait for that time to come again. What is dated (it came at no time) stays.
void SqliteStore::forget_the_future() {
  const auto now =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  writer_->run(
      "update lane set run_at = :now where owner = '' and parked = 0 and tail > done and run_at > :same and"
      " ((attempts > 0 and run_at > :far) or exists (select 1 from event where event.connection = lane.connection"
      " and event.hub_id = lane.hub_id and event.seq > lane.done and event.at > :soon))",
      now, now, now + 2 * 3600 * 1000, now + 1000);
}

Result<void> SqliteStore::submit(Waiting waiting) {
  if (options_.read_only) {
    return std::unexpected(database_->error({SqlFailure::Kind::read_only, "it was opened for reading only"}));
  }
  assert(std::this_thread::get_id() != thread_.get_id());  // a write within a write would wait for itself
  auto done = waiting.done.get_future();
  {
    const std::lock_guard lock(queue_mutex_);
    queue_.push_back(std::move(waiting));
  }
  queue_changed_.notify_one();
  return done.get();
}

Result<void> SqliteStore::write(const Work& work) { return submit({&work, nullptr, {}}); }
Result<void> SqliteStore::write_sql(const SqlWork& work) { return submit({nullptr, &work, {}}); }

void SqliteStore::write_on() {
  std::unique_lock lock(queue_mutex_);
  while (true) {
    queue_changed_.wait(lock, [this] { return is_closing_ || !queue_.empty(); });
    if (queue_.empty()) return;
    std::deque<Waiting> group;
    const bool is_alone = queue_.front().sql_work != nullptr;
    while (!queue_.empty() && group.size() < (is_alone ? 1 : most_together)) {
      if (!group.empty() && queue_.front().sql_work != nullptr) break;
      group.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    lock.unlock();
    if (is_still_there(group)) write_together(group);
    lock.lock();
  }
}

// What is written into a file that has lost its name is lost with the process.
bool SqliteStore::is_still_there(std::deque<Waiting>& group) {
  if (file_at(whole_path_) == file_) return true;
  for (Waiting& each : group) {
    each.done.set_value(std::unexpected(
        Error{.kind = Error::Kind::data,
              .what = "SQLite " + path_ +
                      ": the file was removed, moved or replaced while it was open, so nothing more is written. Bring "
                      "it back with its -wal file, or restore a backup (dovetail store restore), and start again"}));
  }
  return false;
}

void SqliteStore::give_up() {
  try {
    if (writer_->in_transaction()) writer_->plain("rollback");
  } catch (const SqlFailure&) {
    // Nothing was committed; the next transaction says what is wrong.
    writer_->reconnect();
  }
}

// In a savepoint each, so that one failing takes nothing of the others with it. Where the database gave the whole
// transaction up (no room, a broken disk), each is run again alone.
void SqliteStore::write_together(std::deque<Waiting>& group) {
  std::vector<Result<void>> results;
  std::deque<SqlTransaction> finished;
  bool is_whole = group.size() > 1;
  if (is_whole) {
    try {
      writer_->plain(statements_.begin_writing);
      for (Waiting& each : group) {
        results.push_back(in_savepoint(each, finished));
        if (!writer_->in_transaction()) is_whole = false;
        if (!is_whole) break;
      }
      if (is_whole) writer_->plain("commit");
    } catch (...) {  // whose it was is seen when each is run alone
      is_whole = false;
    }
    if (!is_whole) give_up();
  }
  if (!is_whole) {
    for (Waiting& each : group) answer_alone(each);
    return;
  }
  for (SqlTransaction& each : finished) each.committed();
  for (std::size_t i = 0; i < group.size(); ++i) group[i].done.set_value(std::move(results[i]));
}

// What a function throws, whoever asked for it gets.
void SqliteStore::answer_alone(Waiting& waiting) {
  try {
    waiting.done.set_value(write_alone(waiting));
  } catch (...) {
    give_up();
    waiting.done.set_exception(std::current_exception());
  }
}

Result<void> SqliteStore::in_savepoint(Waiting& waiting, std::deque<SqlTransaction>& finished) {
  writer_->plain("savepoint one");
  finished.emplace_back(*database_, statements_, *writer_, true);
  auto result = run_work(*waiting.work, finished.back(), *database_);
  if (result) {
    writer_->plain("release one");
  } else {
    finished.pop_back();
    if (writer_->in_transaction()) writer_->plain("rollback to one");
    if (writer_->in_transaction()) writer_->plain("release one");
  }
  return result;
}

Result<void> SqliteStore::write_alone(Waiting& waiting) {
  try {
    writer_->plain(statements_.begin_writing);
    SqlTransaction transaction(*database_, statements_, *writer_, true);
    auto result =
        waiting.work != nullptr ? run_work(*waiting.work, transaction, *database_) : (*waiting.sql_work)(*writer_);
    if (!result) {
      give_up();
      return result;
    }
    writer_->plain("commit");
    transaction.committed();
    return result;
  } catch (const SqlFailure& failure) {
    give_up();
    return std::unexpected(database_->error(failure));
  }
}

Result<void> SqliteStore::reading(const std::function<Result<void>(Sql&)>& work) {
  std::unique_ptr<Sql> session;
  try {
    {
      std::unique_lock lock(readers_mutex_);
      reader_is_back_.wait(lock,
                           [this] { return !readers_.empty() || readers_out_ < std::max(options_.sessions, 1U); });
      ++readers_out_;
      if (!readers_.empty()) {
        session = std::move(readers_.back());
        readers_.pop_back();
      }
    }
    if (!session) session = std::make_unique<Sql>(Engine::sqlite, connect_text(path_, true));
    session->plain(statements_.begin_reading);
    auto result = work(*session);
    session->plain("rollback");
    const std::lock_guard lock(readers_mutex_);
    --readers_out_;
    readers_.push_back(std::move(session));
    reader_is_back_.notify_one();
    return result;
  } catch (const SqlFailure& failure) {
    reader_is_gone();
    return std::unexpected(database_->error(failure));
  } catch (...) {
    reader_is_gone();
    throw;
  }
}

void SqliteStore::reader_is_gone() {
  const std::lock_guard lock(readers_mutex_);
  --readers_out_;
  reader_is_back_.notify_one();
}

Result<void> SqliteStore::read(const Work& work) {
  return reading([&](Sql& sql) {
    SqlTransaction transaction(*database_, statements_, sql, false);
    return run_work(work, transaction, *database_);
  });
}

Result<void> SqliteStore::read_sql(const SqlWork& work) { return reading(work); }

std::unexpected<Error> input(const std::string& path, const std::string& what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = "SQLite " + path + ": " + what});
}

// What SQLite has not moved into the database yet, and the lock, are beside it, under its name: under another name, or
// mounted without its folder, the newest would be missing, and two processes could write at once.
Result<void> refuse_other_names(const std::string& path) {
  const std::filesystem::path file(real_file(path));
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  struct statx own{}, around{};
  if (::statx(AT_FDCWD, file.c_str(), 0, STATX_NLINK | STATX_MNT_ID, &own) != 0) return {};  // opening it says why
  if (::statx(AT_FDCWD, folder.c_str(), 0, STATX_MNT_ID, &around) != 0) return {};
  if ((own.stx_mask & STATX_NLINK) != 0 && own.stx_nlink > 1) {
    return input(path, fmt::format("the file has {} names (hard links), and what is newest is kept beside only one of "
                                   "them; remove the others (find -samefile names them)",
                                   own.stx_nlink));
  }
  const bool known = (own.stx_mask & around.stx_mask & STATX_MNT_ID) != 0;
  if (known && own.stx_mnt_id != around.stx_mnt_id) {
    return input(path,
                 "the file is mounted without its folder, and what is newest is kept beside it; mount the folder that "
                 "it is in");
  }
  return {};
}

// SQLite says "unable to open database file" to nearly everything; what is wrong can be said better before.
Result<void> look_at(const std::string& path, const OpenOptions& options) {
  namespace fs = std::filesystem;
  std::error_code problem;
  const fs::path file(path);
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  if (path.empty() || path.find('"') != path.npos) return input(path, "a path is needed, without quotation marks");
  if (path == ":memory:") return input(path, "a store in memory would be forgotten at once; name a file");
  if (path.starts_with("file:")) return input(path, "this is an address, not a path; name the file itself");
  if (fs::is_directory(file, problem)) return input(path, "this is a folder; give the file in it");
  if (!fs::exists(file, problem)) {
    if (problem) return input(path, problem.message());
    if (!options.create) return input(path, "there is no store; `dovetail store init` makes one");
    if (!fs::is_directory(folder, problem)) return input(path, "the folder " + folder.string() + " is not there");
    // Nobody else's business: the file is made before SQLite would make it for all to read.
    const int made = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (made < 0) return input(path, std::strerror(errno));
    ::close(made);
    return {};
  }
  return refuse_other_names(path);
}

}  // namespace

Result<std::unique_ptr<SqlStore>> open_sqlite(const std::string& path, const KeyedHash::Key& key,
                                              const OpenOptions& options) {
  if (auto looked = look_at(path, options); !looked) return std::unexpected(looked.error());
  std::optional<FileLock> lock;
  if (!options.read_only) {
    auto taken = FileLock::take(real_file(path) + ".lock", options.wait, options.lets_go);
    if (!taken) {
      Error error = taken.error();
      error.what = "SQLite " + path + ": " + error.what;
      return std::unexpected(std::move(error));
    }
    lock = std::move(*taken);
  }
  auto store = std::make_unique<SqliteStore>(std::make_unique<Database>(Engine::sqlite, "SQLite " + path, key),
                                             std::move(lock), path, options);
  if (auto started = store->start(key); !started) return std::unexpected(started.error());
  return store;
}

}  // namespace dovetail::store

// What goes wrong around a store: processes that die, files that are full, broken or somebody else's, servers that go
// away.
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <random>
#include <thread>

#include "engine/store/care.hpp"
#include "engine/store/schema.hpp"
#include "engine/store/statements.hpp"
#include "tests/engine/store/test_store.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

// A process of its own, with a pipe to say something through. The parent must have no store open.
class Child {
 public:
  explicit Child(const std::function<void(int say)>& work) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) FAIL("pipe");
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ends[0]);
      work(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    from_ = ends[0];
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    kill();
    ::close(from_);
  }

  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  // One line; empty: the child is gone.
  std::string hear() const {
    std::string line;
    for (char c = 0; ::read(from_, &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
  int from_ = -1;
};

void say(int to, const std::string& text) {
  const std::string line = text + "\n";
  if (::write(to, line.data(), line.size()) < 0) ::_exit(1);
}

// One event and one count in the error log, together.
Result<void> write_number(Store& store, ConnectionId id, const std::string& number) {
  return store.write([&](Transaction& now) -> Result<void> {
    const auto took = now.take_in({number, id, "person", Event::changed, at(1), at(1)});
    if (!took) return std::unexpected(took.error());
    Problem problem;
    problem.connection = id;
    return now.report(problem);
  });
}

std::string refusal(const std::string& where, const OpenOptions& options = {.wait = std::chrono::milliseconds(50)}) {
  const auto opened = open_store(where, test_key(), options);
  REQUIRE_FALSE(opened);
  return opened.error().what;
}

}  // namespace

namespace {

void kill_a_writer(const std::string& kind, int rounds) {
  TestStore store(kind);
  const ConnectionId id = add_connection(store);
  store.close();
  std::mt19937 random(11);
  int next = 0;
  std::vector<std::string> acknowledged;
  for (int round = 0; round < rounds; ++round) {
    Child child([&](int to) {
      auto mine = open_store(store.where(), store.key());
      if (!mine) ::_exit(1);
      for (int i = next;; ++i) {
        if (!write_number(**mine, id, std::to_string(i))) ::_exit(1);
        say(to, std::to_string(i));
      }
    });
    std::string line = child.hear();
    REQUIRE_FALSE(line.empty());
    acknowledged.push_back(line);
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
    child.kill();
    while (!(line = child.hear()).empty()) acknowledged.push_back(line);
    next = std::stoi(acknowledged.back()) + 2;  // the one after it may have been committed
  }
  store.open();
  const auto waiting = store.read([&](Transaction& now) { return now.waiting(id); });
  CHECK(waiting >= acknowledged.size());
  CHECK(waiting <= acknowledged.size() + static_cast<std::size_t>(rounds));
  CHECK(store.read([&](Transaction& now) { return now.problems(id, false); }).at(0).times == waiting);
  for (const std::string& each : acknowledged) {
    CHECK_FALSE(
        store.write([&](Transaction& now) { return now.take_in({each, id, "person", Event::changed, at(1), at(1)}); }));
  }
}

}  // namespace

TEST_CASE("what was acknowledged is there after kill -9, whole, and nothing by halves") {
  kill_a_writer(GENERATE(both_stores()), 12);
}

TEST_CASE("what was acknowledged is there after 300 kills", "[long]") { kill_a_writer(GENERATE(both_stores()), 300); }

TEST_CASE("the lanes of a worker that was killed are free long before its lease is over") {
  const std::string kind = GENERATE(both_stores());
  TestStore store(kind);
  const ConnectionId id = add_connection(store);
  REQUIRE(write_number(*store, id, "1"));
  store.close();
  Child child([&](int to) {
    auto mine = open_store(store.where(), store.key());
    const auto claimed = (*mine)->write([&](Transaction& now) -> Result<void> {
      auto got = now.claim(id, "worker", 1, at(10), at(1'000'000'000));
      if (!got || got->size() != 1) ::_exit(1);
      auto lease = now.take_lease("connection/1", "worker", at(10), at(1'000'000'000));
      if (!lease || !*lease) ::_exit(1);
      return {};
    });
    say(to, claimed ? "claimed" : "failed");
    ::pause();
  });
  REQUIRE(child.hear() == "claimed");
  const auto claim = [&] {
    return store.write([&](Transaction& now) -> Result<std::vector<Claim>> {
      if (auto reaped = now.reap(at(20)); !reaped) return std::unexpected(reaped.error());
      return now.claim(id, "other", 1, at(30), at(1'000));
    });
  };
  if (kind == "postgresql") {
    store.open();
    CHECK(claim().empty());  // it lives
    CHECK_FALSE(store.write([](Transaction& now) { return now.take_lease("connection/1", "other", at(20), at(30)); }));
  }
  child.kill();
  if (kind == "sqlite") store.open();
  std::vector<Claim> claims;
  for (int i = 0; i < 40 && claims.empty(); ++i) {
    claims = claim();
    if (claims.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  CHECK(claims.size() == 1);
  CHECK(store.write([](Transaction& now) { return now.take_lease("connection/1", "other", at(20), at(30)); }));
}

TEST_CASE("a SQLite store that another process has open is refused with its number, and may be read") {
  TestStore store("sqlite");
  add_connection(store);
  store.close();
  Child child([&](int to) {
    const auto mine = open_store(store.where(), store.key());
    say(to, mine ? "open" : "refused");
    ::pause();
  });
  REQUIRE(child.hear() == "open");
  CHECK_THAT(refusal(store.where()), Catch::Contains("process " + std::to_string(child.pid()) + " has it open"));
  const auto reading = open_store(store.where(), store.key(), {.read_only = true});
  REQUIRE(reading);
  CHECK((*reading)->read([](Transaction& now) -> Result<void> {
    CHECK(now.connections().value().size() == 1);
    return {};
  }));
  CHECK((*reading)->write([](Transaction&) -> Result<void> { return {}; }).error().kind == Error::Kind::input);
  child.kill();
  const auto own = open_store(store.where(), store.key());
  REQUIRE(own);
  for (int i = 0; i < 2; ++i) {
    CHECK_THAT(refusal(store.where()), Catch::Contains("this process has it open already"));
  }
}

TEST_CASE("a SQLite store with two names is refused: what is newest is beside one of them only") {
  TestStore store("sqlite");
  store.close();
  const std::string other = store.folder().file("other.db");
  std::filesystem::create_hard_link(store.file(), other);
  for (const std::string& where : {store.where(), "sqlite:" + other}) {
    CHECK_THAT(refusal(where), Catch::Contains("the file has 2 names (hard links)"));
  }
  std::filesystem::remove(other);
  std::filesystem::create_symlink(store.file(), other);
  CHECK(open_store("sqlite:" + other, store.key()));
}

TEST_CASE("where there is no store, or something else, is said so") {
  const Folder folder;
  CHECK_THAT(refusal("sqlite:" + folder.file("none.db")), Catch::Contains("there is no store"));
  CHECK_FALSE(std::filesystem::exists(folder.file("none.db")));
  CHECK_THAT(refusal("sqlite:" + folder.path().string()), Catch::Contains("folder"));
  CHECK_THAT(refusal("sqlite:" + folder.file("no/such.db"), {.create = true}), Catch::Contains("is not there"));
  CHECK_THAT(refusal("sqlite:"), Catch::Contains("a path is needed"));
  CHECK_THAT(refusal("sqlite:file:x?mode=memory"), Catch::Contains("this is an address, not a path"));
  CHECK_THAT(refusal("mysql:x"), Catch::Contains("sqlite:PATH or postgresql:CONNINFO"));
  folder.write("text.db", "this is no database, but long enough to be looked at as one: " + std::string(5000, 'x'));
  CHECK_THAT(refusal("sqlite:" + folder.file("text.db")), Catch::Contains("not a database"));
  REQUIRE(run("sqlite3 '" + folder.file("other.db") + "' 'create table meta (name text, content text)'").exit == 0);
  CHECK_THAT(refusal("sqlite:" + folder.file("other.db")), Catch::Contains("another program's"));
  const PostgresServer& server = PostgresServer::shared();
  CHECK_THAT(refusal("postgresql:" + server.conninfo("nobody")), Catch::Contains("does not exist"));
  CHECK_THAT(refusal("postgresql:host=127.0.0.1 port=1 dbname=x"), Catch::Contains("does not answer"));
  CHECK_THAT(refusal("postgresql:nonsense"), Catch::Contains("not allowed"));
}

TEST_CASE("a password is not told") {
  CHECK(refusal("postgresql:host=127.0.0.1 port=1 dbname=x password=geheim").find("geheim") == std::string::npos);
  CHECK(refusal("postgresql://me:geheim@127.0.0.1:1/x").find("geheim") == std::string::npos);
}

TEST_CASE("a store is brought up to date from every earlier version, with what is in it") {
  const std::string kind = GENERATE(both_stores());
  TestStore store(kind);  // for its place
  const ConnectionId id = add_connection(store);
  const RunId run_id = store.write([&](Transaction& now) -> Result<RunId> {
    Run of;
    of.connection = id;
    const auto added = now.add(of);
    if (!added) return added;
    if (auto put = now.put_document(*added, "inputs", "as it was", at(100)); !put) return std::unexpected(put.error());
    return added;
  });
  store.close();
  const int newest = static_cast<int>(store::migrations().size());
  for (int version = 1; version < newest; ++version) {
    // As the version made it: the newer tables are not there yet.
    const std::vector<std::string> newer = {"kept_value", "guarded", "flip", "tombstone", "commit_mark"};
    const std::vector<std::string> third = {"notification", "store_setting", "rule_set"};
    std::string statements = "update meta set content = '" + std::to_string(version) + "' where name = 'schema';";
    if (version < 4) statements += "drop table run_document_part; alter table run_document drop column parts;";
    if (version < 3) {
      for (const std::string& table : third) statements += "drop table " + table + ";";
    }
    if (version < 2) {
      for (const std::string& table : newer) statements += "drop table " + table + ";";
    }
    if (kind == "sqlite") {
      REQUIRE(run("sqlite3 '" + store.file() + "' \"" + statements + "\"").exit == 0);
    } else {
      PostgresServer::shared().query(store.where().substr(store.where().find(':') + 1), statements);
    }
    CHECK_THAT(refusal(store.where(), {.read_only = true}), Catch::Contains("store migrate"));
    store.open();
    CHECK(store.read([&](Transaction& now) { return now.connection(id); }));
    CHECK_FALSE(store.read([&](Transaction& now) { return now.is_erased(id, "a"); }));
    CHECK_FALSE(store.read([&](Transaction& now) { return now.setting("mail"); }));
    CHECK(store.read([&](Transaction& now) { return now.document(run_id, "inputs"); }) == "as it was");
    store.close();
  }
}

TEST_CASE("a newer version's store is refused, and left alone") {
  const std::string kind = GENERATE(both_stores());
  TestStore store(kind);
  store.close();
  const std::string newer = "update meta set content = '99' where name = 'schema'";
  if (kind == "sqlite") {
    REQUIRE(run("sqlite3 '" + store.file() + "' \"" + newer + "\"").exit == 0);
  } else {
    PostgresServer::shared().query(store.where().substr(store.where().find(':') + 1), newer);
  }
  CHECK_THAT(refusal(store.where(), {.create = true}), Catch::Contains("a newer version of Dovetail"));
}

TEST_CASE("when the disk is full a write says so, nothing of it stays, and the next one works") {
  TestStore store("sqlite");
  const ConnectionId id = add_connection(store);
  store.close();
  Child child([&](int to) {
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{.rlim_cur = 600'000, .rlim_max = RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto mine = open_store(store.where(), store.key());
    if (!mine) ::_exit(1);
    for (int i = 0; i < 100'000; ++i) {
      const auto written = write_number(**mine, id, std::to_string(i));
      if (written) continue;
      say(to, std::to_string(i));
      say(to, written.error().kind == Error::Kind::transient ? "transient" : "other");
      say(to, written.error().what);
      limit.rlim_cur = RLIM_INFINITY;
      ::setrlimit(RLIMIT_FSIZE, &limit);
      const auto again = write_number(**mine, id, std::to_string(i));
      say(to, again ? "written" : again.error().what);
      break;
    }
  });
  const std::size_t before = std::stoul("0" + child.hear());
  CHECK(before > 10);
  CHECK(child.hear() == "transient");
  CHECK_THAT(child.hear(), Catch::Contains("no room") || Catch::Contains("the disk refuses"));
  CHECK(child.hear() == "written");
  child.kill();
  store.open();
  CHECK(store.read([&](Transaction& now) { return now.waiting(id); }) == before + 1);
  CHECK(store.read([&](Transaction& now) { return now.problems(id, false); }).at(0).times == before + 1);
}

TEST_CASE("what somebody may not read or write is refused with the reason") {
  if (::geteuid() != 0) return;  // to be somebody else, one must be root first
  TestStore store("sqlite");
  add_connection(store);
  store.close();
  const auto as_nobody = [&](const OpenOptions& options) {
    Child child([&](int to) {
      const passwd* nobody = ::getpwnam("nobody");
      if (::setgid(nobody->pw_gid) != 0 || ::setuid(nobody->pw_uid) != 0) ::_exit(1);
      const auto opened = open_store(store.where(), store.key(), options);
      say(to, opened ? "opened" : opened.error().what);
    });
    return child.hear();
  };
  CHECK_THAT(as_nobody({}), Catch::Contains("ermission"));
  ::chmod(store.folder().path().c_str(), 0777);
  CHECK_THAT(as_nobody({.read_only = true}), Catch::Contains("not allowed") || Catch::Contains("ermission"));
  ::chmod((store.file() + ".lock").c_str(), 0666);
  ::chmod(store.file().c_str(), 0444);
  CHECK_THAT(as_nobody({}), Catch::Contains("only be read") || Catch::Contains("ermission"));
}

TEST_CASE("a damaged file is an error or has what it had, never something else") {
  TestStore store("sqlite");
  const ConnectionId id = add_connection(store);
  Base base;
  for (int i = 0; i < 200; ++i) {
    Link link;
    link.hub_id = "h" + std::to_string(i);
    link.provider_id = std::to_string(i);
    link.base = {
        {"Name", "", {{"name", {State::value, "Åsa " + std::to_string(i)}}}, {}, {}, {}, {}, {}, "r", "run 1"}};
    base.links.push_back(std::move(link));
  }
  store.write([&](Transaction& now) { return now.replace_links(id, {}, base); });
  std::ranges::sort(base.links, {}, &Link::hub_id);
  store.close();
  std::ifstream whole(store.file(), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(whole)), {});
  std::mt19937 random(5);
  int errors = 0;
  for (int round = 0; round < 60; ++round) {
    std::string damaged = bytes;
    for (int i = 0; i < 20; ++i) damaged[random() % damaged.size()] ^= static_cast<char>(1U << (random() % 8));
    const Folder folder;
    folder.write("test.db", damaged);
    const auto opened = open_store("sqlite:" + folder.file("test.db"), store.key());
    if (!opened) {
      ++errors;
      continue;
    }
    Base read;
    const auto done = (*opened)->read([&](Transaction& now) -> Result<void> {
      auto found = now.base(id);
      if (!found) return std::unexpected(found.error());
      read = std::move(*found);
      return {};
    });
    if (!done) ++errors;
    if (!done) CHECK_FALSE(done.error().what.empty());
    // Ids stand in clear, so that damage to them shows as people who are not known, not as wrong values.
    for (const Link& each : read.links) {
      const auto same = std::ranges::find(base.links, each.hub_id, &Link::hub_id);
      if (same != base.links.end()) CHECK(each.base == same->base);
    }
  }
  CHECK(errors > 10);
}

TEST_CASE("when the PostgreSQL server is killed and comes back, every write happens once") {
  PostgresServer server;
  const std::string where = "postgresql:" + server.make_database();
  auto opened = open_store(where, test_key(), {.create = true});
  REQUIRE(opened);
  Store& store = **opened;
  ConnectionId id = 0;
  REQUIRE(store.write([&](Transaction& now) -> Result<void> {
    id = now.add(some_connection()).value();
    return {};
  }));
  std::atomic<int> written = 0;
  std::atomic<bool> has_failed = false;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 3; ++writer) {
    writers.emplace_back([&] {
      for (int i = 0; i < 400; ++i) {
        // Without an id: a write that happens twice counts twice.
        const auto done = write_number(store, id, "");
        if (!done) has_failed = true;
        ++written;
        if (!done) return;
      }
    });
  }
  for (int kills = 0; kills < 3; ++kills) {
    const int target = 200 * (kills + 1);
    while (written < target && !has_failed) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    server.kill();
    server.start();
  }
  for (std::thread& each : writers) each.join();
  REQUIRE_FALSE(has_failed);
  std::size_t waiting = 0;
  REQUIRE(store.read([&](Transaction& now) -> Result<void> {
    waiting = now.waiting(id).value();
    CHECK(now.problems(id, false).value().at(0).times == waiting);
    return {};
  }));
  CHECK(waiting == 1200);
}

TEST_CASE("when the primary is killed and its standby is promoted, nothing that was acknowledged is lost") {
  PostgresServer primary;
  PostgresServer standby(&primary);
  const std::string name = primary.conninfo("postgres");
  primary.query(name, "alter system set synchronous_standby_names = 'standby'");
  primary.query(name, "select pg_reload_conf()");
  const std::string where = "postgresql:host=127.0.0.1,127.0.0.1 port=" + std::to_string(primary.port()) + "," +
                            std::to_string(standby.port()) +
                            " user=postgres dbname=postgres target_session_attrs=read-write";
  auto opened = open_store(where, test_key(), {.create = true});
  if (!opened) FAIL(opened.error().what);
  Store& store = **opened;
  ConnectionId id = 0;
  REQUIRE(store.write([&](Transaction& now) -> Result<void> {
    id = now.add(some_connection()).value();
    return {};
  }));
  std::atomic<int> written = 0;
  std::atomic<bool> has_failed = false;
  std::thread writer([&] {
    for (int i = 0; i < 300; ++i) {
      if (!write_number(store, id, "")) has_failed = true;
      ++written;
    }
  });
  while (written < 100 && !has_failed) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  primary.kill();
  standby.promote();
  writer.join();
  REQUIRE_FALSE(has_failed);
  REQUIRE(store.read([&](Transaction& now) -> Result<void> {
    CHECK(now.waiting(id).value() == 300);
    return {};
  }));
}

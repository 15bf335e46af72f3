// A worker that is told to stop does so soon, whatever it waits for.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "engine/runtime/lease_name.hpp"
#include "tests/places.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using std::chrono::milliseconds;

namespace {

// `dovetail work` on a stage's store, in a process of its own.
class Program {
 public:
  Program(const std::string& where, const KeyedHash::Key& key) {
    const std::string program = DOVETAIL_BINARY_DIR "/bin/dovetail", log = folder_.file("log"), text = key_text(key);
    child_ = ::fork();
    if (child_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::dup2(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), STDERR_FILENO);
      ::setenv("DOVETAIL_KEY", text.c_str(), 1);
      ::execl(program.c_str(), "dovetail", "work", "--sweep", "0", "--store", where.c_str(), nullptr);
      ::_exit(127);
    }
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }

  std::string log() const { return folder_.read("log"); }
  void wait_for(const std::string& text) const {
    for (int i = 0; i < 800 && log().find(text) == std::string::npos; ++i)
      std::this_thread::sleep_for(milliseconds(25));
    INFO(log());
    REQUIRE(log().find(text) != std::string::npos);
  }
  // How long it took to end after SIGTERM; -1: not within ten seconds.
  long stop() {
    const auto begun = std::chrono::steady_clock::now();
    ::kill(child_, SIGTERM);
    for (int i = 0; i < 1000; ++i) {
      if (::waitpid(child_, &status_, WNOHANG) == child_) {
        child_ = 0;
        return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun).count();
      }
      std::this_thread::sleep_for(milliseconds(10));
    }
    return -1;
  }
  int exit_code() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1; }

 private:
  Folder folder_;
  pid_t child_ = 0;
  int status_ = 0;
};

constexpr long soon = 8000;  // far below what each of them would wait for, also on a machine with much to do

template <typename Condition>
void wait_until(const Condition& is_so) {
  for (int i = 0; i < 800 && !is_so(); ++i) std::this_thread::sleep_for(milliseconds(25));
  REQUIRE(is_so());
}

}  // namespace

TEST_CASE("a worker ends soon after SIGTERM while a system lets it wait, and the change goes out later") {
  Stage stage({.store = "postgresql", .people = 2, .creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  stage.provider->forget_calls();
  stage.provider->add_fault({{"kind", "status"}, {"status", 429}, {"retry_after", 19}, {"times", -1}});
  stage.hub->patch_row("users", id, {{"givenName", "Later"}});
  stage.tell(id);
  Program worker(stage.store.where(), stage.store.key());
  worker.wait_for(" working ");
  wait_until([&] { return !stage.provider->calls().empty(); });
  const long took = worker.stop();
  INFO(worker.log());
  CHECK(took >= 0);
  CHECK(took < soon);
  CHECK(worker.exit_code() == 0);
  stage.provider->clear_faults();
  stage.command("retry payroll " + id);  // it would wait for as long as it was asked to
  stage.work();
  CHECK(stage.employee_of(id)["FirstName"] == "Later");
}

TEST_CASE("a worker ends soon after SIGTERM while its database is gone, or stands still") {
  PostgresServer server;
  Stage stage({.store = "postgresql:" + server.make_database(), .people = 2, .creates = false});
  stage.activate();
  const std::string where = stage.store.where();
  Program worker(where, stage.store.key());
  worker.wait_for(" working ");
  SECTION("gone") {
    stage.store.close();
    server.kill();
    std::this_thread::sleep_for(milliseconds(300));
  }
  SECTION("gone, for a while") {
    stage.store.close();
    server.kill();
    std::this_thread::sleep_for(milliseconds(2500));
  }
  SECTION("it stands still") {
    server.query(server.conninfo("postgres"), "select 1");
    server.stand_still(true);
    std::this_thread::sleep_for(milliseconds(700));
  }
  const long took = worker.stop();
  server.stand_still(false);
  INFO(worker.log());
  CHECK(took >= 0);
  CHECK(took < soon);
  CHECK(worker.exit_code() == 0);
}

TEST_CASE("a worker ends soon after SIGTERM while somebody has locked a table that it reads before it begins") {
  PostgresServer server;
  Stage stage({.store = "postgresql:" + server.make_database(), .people = 2, .creates = false});
  stage.activate();
  const std::string where = stage.store.where();
  auto locking = std::async(std::launch::async, [&] {
    server.query(where.substr(11), "begin; lock table connection in access exclusive mode; select pg_sleep(15)");
  });
  wait_until([&] {
    const std::string held =
        "select 1 from pg_locks where mode = 'AccessExclusiveLock' and granted and pid <> "
        "pg_backend_pid() and relation = 'connection'::regclass";
    return !server.query(where.substr(11), held).empty();
  });
  Program worker(where, stage.store.key());
  worker.wait_for(" working ");
  const long took = worker.stop();
  INFO(worker.log());
  CHECK(took >= 0);
  CHECK(took < soon);
  CHECK(worker.exit_code() == 0);
  server.query(server.conninfo("postgres"),
               "select pg_terminate_backend(pid) from pg_stat_activity where query like 'begin; lock%'");
  CHECK_THROWS(locking.get());
}

TEST_CASE("a worker whose server gives it no connection says so at once, asks again, and works when it gets some") {
  Stage stage({.store = "postgresql", .people = 2, .creates = false});
  stage.activate();
  PostgresServer& server = PostgresServer::shared();
  const std::string database = server.query(stage.store.where().substr(11), "select current_database()").front();
  server.query(server.conninfo("postgres"), "create role scarce login connection limit 0");
  server.query(server.conninfo(database), "grant usage on schema public to scarce");
  server.query(server.conninfo(database), "grant all on all tables in schema public to scarce");
  server.query(server.conninfo(database), "grant all on all sequences in schema public to scarce");
  Program worker(stage.store.where() + " user=scarce", stage.store.key());
  worker.wait_for("waiting for the store");
  CHECK_THAT(worker.log(),
             Catch::Contains("the role's CONNECTION LIMIT is used up: ALTER ROLE scarce CONNECTION LIMIT"));
  server.query(server.conninfo("postgres"), "alter role scarce connection limit 2");
  worker.wait_for(" working ");
  const std::string id = stage.hub_ids().front();
  stage.hub->patch_row("users", id, {{"givenName", "Through two"}});
  stage.tell(id);
  wait_until([&] { return stage.employee_of(id)["FirstName"] == "Through two"; });
  const long took = worker.stop();
  CHECK(took >= 0);
  CHECK(took < soon);
}

TEST_CASE("a system that asks to be left alone for hours is asked once, and it is shown until when") {
  Stage stage({.people = 4, .creates = false});
  stage.activate();
  stage.forget_calls();
  stage.provider->add_fault({{"kind", "status"}, {"status", 429}, {"retry_after", 360'000'000}, {"times", -1}});
  const std::vector<std::string> ids = stage.hub_ids();
  for (const std::string& id : ids) {
    stage.hub->patch_row("users", id, {{"givenName", "Later"}});
    stage.tell(id);
  }
  const Means with = stage.means();
  Worker worker(with, {.name = "test", .threads = 1, .poll = milliseconds(10), .sweep = {}});
  auto working = std::async(std::launch::async, [&] { return worker.run(); });
  wait_until([&] { return !stage.problems().empty(); });
  std::this_thread::sleep_for(milliseconds(500));
  const std::vector<Problem> problems = stage.problems();
  REQUIRE(problems.size() == 1);  // the others were not tried
  CHECK(problems.front().reason == Reason::rate_limited);
  CHECK_THAT(problems.front().what, Catch::Contains("it asked us to wait until 20") &&
                                        Catch::Contains("which is more than a day: it is asked again in a day"));
  const auto counts = stage.store.read([&](Transaction& now) { return now.count_problems(stage.id); });
  REQUIRE(counts.waits_until);
  CHECK(*counts.waits_until > now(with) + std::chrono::hours(23));
  CHECK(*counts.waits_until <= now(with) + std::chrono::hours(24));
  stage.provider->clear_faults();
  stage.store.write([&](Transaction& transaction) -> Result<void> {  // as `dovetail retry payroll` does
    if (Result<void> put = transaction.put_setting(retried_setting(stage.id), "now"); !put) return put;
    return transaction.unpark(stage.id, {}, now(with));
  });
  for (const std::string& id : ids) wait_until([&] { return stage.employee_of(id)["FirstName"] == "Later"; });
  worker.stop();
  CHECK(working.get());
}

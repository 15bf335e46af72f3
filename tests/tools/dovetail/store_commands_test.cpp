// The commands on a store, as somebody types them, with the simulators as systems.
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/places.hpp"
#include "tests/run.hpp"

using namespace dovetail::test;

namespace {

// Huma and Netvisor on this machine, with the file of credentials that opens them.
class Systems {
 public:
  Systems() {
    const std::string program = DOVETAIL_BINARY_DIR "/bin/dovetail", out = folder_.file("sandbox"), keys = this->keys();
    child_ = ::fork();
    if (child_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);
      ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
      ::execl(program.c_str(), "dovetail", "sandbox", "huma", "netvisor", "--people", "5", "--countries", "FI",
              "--credentials", keys.c_str(), nullptr);
      ::_exit(127);
    }
    for (int i = 0; i < 200 && folder_.read("sandbox").find("Control") == std::string::npos; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ::chmod(keys.c_str(), 0600);
  }
  Systems(const Systems&) = delete;
  Systems& operator=(const Systems&) = delete;
  ~Systems() {
    ::kill(child_, SIGTERM);
    int status = 0;
    ::waitpid(child_, &status, 0);
  }

  std::string url(const std::string& system) const {
    const std::string text = folder_.read("sandbox");
    const std::size_t at = text.find(system + " http") + system.size() + 1;
    return text.substr(at, text.find('\n', at) - at);
  }
  std::string keys() const { return folder_.file("keys.json"); }

 private:
  Folder folder_;
  pid_t child_ = 0;
};

// dovetail with a store of the test's own.
class Shell {
 public:
  Answer operator()(const std::string& command, const std::string& environment = {}) const {
    return answer(fmt::format("cd '{}' && {} dovetail {}", folder.path().string(), environment, command));
  }
  std::string add(const Systems& systems) const {
    return fmt::format(
        "connection add fin --map netvisor --hub huma:{} --provider netvisor:{} --credentials {} "
        "--test-system on",
        systems.url("huma"), systems.url("netvisor"), systems.keys());
  }
  // A new store with that connection.
  void connect(const Systems& systems) const {
    REQUIRE((*this)("store init").exit == 0);
    REQUIRE((*this)(add(systems) + " --yes").exit == 0);
  }
  Folder folder;
};

// Of a plan as JSON: the hub's ids of its people.
std::vector<std::string> hub_ids(const std::string& plan) {
  std::vector<std::string> ids;
  const nlohmann::json document = nlohmann::json::parse(plan);
  for (const auto& person : document.at("people")) {
    if (person.at("hub").is_string()) ids.push_back(person.at("hub"));
  }
  return ids;
}

}  // namespace

TEST_CASE("without a store, what to do is said, and nothing is made") {
  const Shell dovetail;
  const Answer refused = dovetail("connection list");
  CHECK(refused.exit == 2);
  CHECK_THAT(refused.err, Catch::Contains("dovetail store init"));
  CHECK(std::filesystem::is_empty(dovetail.folder.path()));
}

TEST_CASE("a store and its key are made once, for nobody else to read") {
  const Shell dovetail;
  REQUIRE(dovetail("store init").exit == 0);
  const std::string key = dovetail.folder.read("dovetail.db.key");
  CHECK_THAT(dovetail("store init").out, Catch::Contains("already"));
  CHECK(dovetail.folder.read("dovetail.db.key") == key);
  for (const char* name : {"dovetail.db", "dovetail.db.key"}) {
    const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    CHECK((std::filesystem::status(dovetail.folder.file(name)).permissions() & others) == std::filesystem::perms::none);
  }
  std::filesystem::remove(dovetail.folder.file("dovetail.db.key"));
  CHECK_THAT(dovetail("connection list").err, Catch::Contains("the store's key is not there"));
  dovetail.folder.write("dovetail.db.key", std::string(64, 'a'));
  CHECK_THAT(dovetail("connection list").err, Catch::Contains("another store's key"));
}

TEST_CASE("a connection is added when a person says that its company is meant, checked, changed and removed") {
  const Systems systems;
  const Shell dovetail;
  REQUIRE(dovetail("store init").exit == 0);
  const std::string add = dovetail.add(systems);
  const Answer unconfirmed = dovetail(add);
  CHECK(unconfirmed.exit == 2);
  CHECK_THAT(unconfirmed.out, Catch::Contains("1234567-8"));
  CHECK_THAT(unconfirmed.err, Catch::Contains("nothing was stored"));
  CHECK(dovetail(add + " --company 9999999-9").exit == 2);
  CHECK_THAT(dovetail("connection list").out, Catch::Contains("no connections"));
  REQUIRE(dovetail(add + " --company 1234567-8").exit == 0);
  CHECK_THAT(dovetail(add + " --yes").err, Catch::Contains("there is a connection fin already"));
  CHECK_THAT(dovetail("connection show fin").out, Catch::Contains("fresh") && Catch::Contains("1234567-8"));
  CHECK(dovetail("connection check fin").exit == 0);
  CHECK(dovetail("connection show nobody").exit == 2);
  CHECK_THAT(dovetail("connection set fin --setting Nope=3").err, Catch::Contains("has no such setting"));
  CHECK_THAT(dovetail("connection set fin --observe-only on").out, Catch::Contains("only observes"));
  CHECK_THAT(dovetail("connection set fin --scope a").err, Catch::Contains("names nobody whom the hub has by: a"));
  CHECK(dovetail("connection set fin --keys-of provider --credentials " + systems.keys()).exit == 0);
  CHECK_THAT(dovetail("connection pause fin --reason payday").out, Catch::Contains("paused: payday"));
  CHECK_THAT(dovetail("connection resume fin").out, Catch::Contains("fresh"));
  CHECK_THAT(dovetail("connection list --format json").out, Catch::Contains("\"observe_only\""));
  CHECK(dovetail("connection remove fin").exit == 2);
  CHECK(dovetail("connection remove fin --yes").exit == 0);
  CHECK_THAT(dovetail("connection list").out, Catch::Contains("no connections"));
}

TEST_CASE("links and exclusions are changed by hand, and a person is exported and erased") {
  const Systems systems;
  const Shell dovetail;
  dovetail.connect(systems);
  CHECK_THAT(dovetail("links make fin h1 17").err, Catch::Contains("Huma has no record with the id h1"));
  const std::vector<std::string> ids = hub_ids(dovetail("plan fin --format json").out);
  REQUIRE(ids.size() >= 2);
  CHECK_THAT(dovetail("links make fin " + ids[0] + " 1717").err, Catch::Contains("Netvisor has no record"));
  CHECK(dovetail("links make fin " + ids[0] + " 1").exit == 0);
  CHECK_THAT(dovetail("links make fin " + ids[0] + " 2").err, Catch::Contains(ids[0] + " is linked to 1 already"));
  CHECK_THAT(dovetail("links make fin " + ids[1] + " 1").err, Catch::Contains(ids[0] + " is linked to 1 already"));
  CHECK_THAT(dovetail("links list fin").out, Catch::Contains(ids[0] + "  1  linked, by hand"));
  CHECK(dovetail("links cut fin " + ids[0]).exit == 0);
  CHECK_THAT(dovetail("links list fin " + ids[0]).out, Catch::Contains("not one person"));
  CHECK(dovetail("links cut fin " + ids[0]).exit == 2);
  CHECK_THAT(dovetail("links list fin").out, Catch::Contains("0 links"));
  const std::string& other = ids[1];
  CHECK_THAT(dovetail("exclude fin " + other).err, Catch::Contains("--reason"));
  CHECK_THAT(dovetail("exclude fin h2 --reason 'board member'").err, Catch::Contains("nobody with the id h2"));
  CHECK(dovetail("exclude fin " + other + " --reason 'board member'").exit == 0);
  CHECK_THAT(dovetail("exclude fin " + other + " --field 'Shoe size' --reason x").err,
             Catch::Contains("no field of this label"));
  CHECK_THAT(dovetail("links list fin").out, Catch::Contains("excluded: board member"));
  CHECK_THAT(dovetail("person export " + other).out, Catch::Contains("board member"));
  CHECK(dovetail("person erase " + other).exit == 2);
  CHECK(dovetail("person erase " + other + " --yes").exit == 0);
  CHECK_THAT(dovetail("person export " + other).out, Catch::Contains("erased_before") && !Catch::Contains("board"));
  CHECK(dovetail("log").exit == 0);
  CHECK_THAT(dovetail("retry fin").out, Catch::Contains("nothing waits"));
}

TEST_CASE("a filter that nothing can fit is refused: a mistyped name is not all well") {
  const Systems systems;
  const Shell dovetail;
  dovetail.connect(systems);
  REQUIRE(dovetail("sync fin --decide leave --create none").exit != 2);
  const std::string linked = dovetail("links list fin").out;
  const std::string id = linked.substr(0, linked.find(' '));
  CHECK(dovetail("log fin --person " + id + " --field 'Given name'").exit == 0);
  const Answer field = dovetail("log fin --field Nope");
  CHECK(field.exit == 2);
  CHECK_THAT(field.err,
             Catch::Contains("--field Nope: no field has this label; there are: ") && Catch::Contains("Given name"));
  const Answer person = dovetail("log --person nobody");
  CHECK(person.exit == 2);
  CHECK_THAT(person.err, Catch::Contains("--person nobody: nobody of this id, of either side, is remembered"));
  const Answer links = dovetail("links list fin nobody");
  CHECK(links.exit == 2);
  CHECK_THAT(links.err, Catch::Contains("nobody: nobody of this id"));
  const Answer erased = dovetail("person erase nobody --yes");
  CHECK(erased.exit == 1);
  CHECK_THAT(erased.out, Catch::Contains("nothing was remembered under this id"));
}

TEST_CASE("lists for programs are objects that say what they are") {
  const Systems systems;
  const Shell dovetail;
  dovetail.connect(systems);
  REQUIRE(dovetail("sync fin --decide hub --create none").exit != 2);
  const auto document = [&](const std::string& command, const char* kind, const char* list) {
    const Answer answered = dovetail(command);
    INFO(command << answered.err);
    const nlohmann::json told = nlohmann::json::parse(answered.out);
    CHECK(told.at("dovetail") == kind);
    CHECK(told.at("version") == 1);
    CHECK(told.at(list).is_array());
    return told;
  };
  document("log --format json", "log", "problems");
  document("links list fin --format json", "links", "links");
  document("connection list --format json", "connections", "connections");
  document("undo fin --format json", "undo", "kept");
  CHECK(document("runs fin --format json", "runs", "runs").at("runs").at(0).at("state") == "finished");
  CHECK(nlohmann::json::parse(dovetail("connection show fin --format json").out).at("dovetail") == "connection");
  const Answer both = dovetail("undo fin --run 1 --write 1");
  CHECK(both.exit == 2);
  CHECK_THAT(both.err, Catch::Contains("--run and --write: say one of them"));
}

TEST_CASE("backup, another key and restore, as somebody types them") {
  const Systems systems;
  const Shell dovetail;
  dovetail.connect(systems);
  CHECK(dovetail("store backup copy").exit == 0);
  CHECK_THAT(dovetail("store backup copy").err, Catch::Contains("there is a file already"));
  CHECK(dovetail("store rotate-key").exit == 0);
  CHECK(dovetail("store check").exit == 0);
  CHECK(dovetail("connection check fin").exit == 0);
  CHECK_THAT(dovetail("store restore copy --store sqlite:new.db --key-file dovetail.db.key").err,
             Catch::Contains("another key"));
  CHECK(dovetail("store restore copy --store sqlite:new.db --key-file dovetail.db.key.old").exit == 0);
  CHECK_THAT(dovetail("connection list --store sqlite:new.db --key-file dovetail.db.key.old").out,
             Catch::Contains("paused"));
  CHECK_THAT(dovetail("store restore copy --key-file dovetail.db.key.old").err, Catch::Contains("another store's key"));
}

TEST_CASE("what a restored backup paused goes on by a manual run, and by nothing else") {
  const Systems systems;
  const Shell dovetail;
  dovetail.connect(systems);
  REQUIRE(dovetail("sync fin --create none --decide leave").exit != 2);
  REQUIRE(dovetail("store backup copy").exit == 0);
  REQUIRE(dovetail("store restore copy --store sqlite:new.db --key-file dovetail.db.key").exit == 0);
  const std::string there = " --store sqlite:new.db --key-file dovetail.db.key";
  for (const char* before : {"connection list", "connection pause fin --reason 'payday'"}) {
    REQUIRE(dovetail(before + there).exit == 0);
    const Answer refused = dovetail("connection resume fin" + there);
    CHECK(refused.exit == 2);
    CHECK_THAT(refused.err, Catch::Contains("restored from the backup") && Catch::Contains("dovetail sync fin"));
  }
  CHECK(dovetail("sync fin --create none --decide leave" + there).exit != 2);
  CHECK_THAT(dovetail("connection list" + there).out, Catch::Contains("active"));
}

TEST_CASE("a connection is stopped whatever its rule file is like, and goes on by one that is right") {
  const Systems systems;
  const Shell dovetail;
  dovetail.connect(systems);
  std::filesystem::copy(DOVETAIL_SOURCE_DIR "/rules", dovetail.folder.file("rules"),
                        std::filesystem::copy_options::recursive);
  dovetail.folder.write("rules/netvisor.map", dovetail.folder.read("rules/netvisor.map") + "\nfield \"x\" garbage {\n");
  const auto broken = [&](const std::string& command) {
    return dovetail("connection " + command + " 2>&1; echo $?", "DOVETAIL_RULES=rules").out;
  };
  for (const char* stop : {"set fin --observe-only on", "pause fin --reason 'stop it'"}) {
    const std::string said = broken(stop);
    INFO(said);
    CHECK(said.ends_with("\n0\n"));
  }
  CHECK_THAT(broken("resume fin"), Catch::Contains("garbage") || Catch::Contains("the rule file has mistakes"));
  CHECK_THAT(dovetail("connection list").out, Catch::Contains("paused"));
  CHECK(dovetail("connection resume fin").exit == 0);
}

// As after a power cut between the store's commit and the key file's new name.
TEST_CASE("a change of keys that was cut off is finished at the next use") {
  const Shell dovetail;
  REQUIRE(dovetail("store init").exit == 0);
  const std::string old = dovetail.folder.read("dovetail.db.key");
  REQUIRE(dovetail("store rotate-key").exit == 0);
  const std::string now = dovetail.folder.read("dovetail.db.key");
  dovetail.folder.write("dovetail.db.key.next", now);
  dovetail.folder.write("dovetail.db.key", old);
  CHECK(dovetail("connection list").exit == 0);
  CHECK(dovetail.folder.read("dovetail.db.key") == now);
}

namespace {

// A worker that goes on by itself until it is told to stop.
class RunningWorker {
 public:
  explicit RunningWorker(const Shell& in) {
    const std::string program = DOVETAIL_BINARY_DIR "/bin/dovetail", log = in.folder.file("work.log");
    child_ = ::fork();
    if (child_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::dup2(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), STDERR_FILENO);
      if (::chdir(in.folder.path().c_str()) != 0) ::_exit(126);
      ::execl(program.c_str(), "dovetail", "work", "--sweep", "0", nullptr);
      ::_exit(127);
    }
    wait_for(in, " working ", 1);
  }
  RunningWorker(const RunningWorker&) = delete;
  RunningWorker& operator=(const RunningWorker&) = delete;
  ~RunningWorker() { stop(); }

  int stop() {
    if (child_ <= 0) return -1;
    ::kill(child_, SIGTERM);
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  static void wait_for(const Shell& in, const std::string& text, int times) {
    for (int i = 0; i < 400; ++i) {
      const std::string log = in.folder.read("work.log");
      int found = 0;
      for (std::size_t at = log.find(text); at != log.npos; at = log.find(text, at + 1)) ++found;
      if (found >= times) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    FAIL("the worker does not say `" << text << "`: " << in.folder.read("work.log"));
  }

 private:
  pid_t child_ = 0;
};

// Takes connections, and never says a word.
class SilentServer {
 public:
  SilentServer() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener_, 5) == 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  ~SilentServer() { ::close(listener_); }

  int port() const { return port_; }
  void wait_for_somebody() const { REQUIRE(::accept(listener_, nullptr, nullptr) >= 0); }

 private:
  int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int port_ = 0;
};

}  // namespace

TEST_CASE("a SQLite store has one lock, whatever it is called by, and a file") {
  const Shell dovetail;
  REQUIRE(dovetail("store init").exit == 0);
  CHECK_THAT(dovetail("connection list --store sqlite::memory: --key-file dovetail.db.key").err,
             Catch::Contains("would be forgotten at once"));
  std::filesystem::create_symlink("dovetail.db", dovetail.folder.file("link.db"));
  dovetail.folder.write("work.log", "");
  RunningWorker worker(dovetail);
  const Answer waited = dovetail("store expire --store sqlite:link.db --key-file dovetail.db.key");
  INFO(waited.err);
  CHECK(waited.exit == 0);
  RunningWorker::wait_for(dovetail, "the store is left to another process", 1);
  CHECK_FALSE(std::filesystem::exists(dovetail.folder.file("link.db.lock")));
  CHECK(worker.stop() == 0);
}

TEST_CASE("a worker lets others at its SQLite store for a moment, and goes on by itself") {
  const Systems systems;
  const Shell dovetail;
  dovetail.connect(systems);
  dovetail.folder.write("work.log", "");
  RunningWorker worker(dovetail);
  const Answer paused = dovetail("connection pause fin --reason payday");
  CHECK(paused.exit == 0);
  CHECK_THAT(paused.out, Catch::Contains("paused: payday"));
  RunningWorker::wait_for(dovetail, "working again", 1);
  CHECK(dovetail("connection resume fin").exit == 0);
  RunningWorker::wait_for(dovetail, "working again", 2);
  const Answer ran = dovetail("sync fin --decide leave --create none");
  CHECK(ran.exit != 2);
  RunningWorker::wait_for(dovetail, "working again", 3);
  CHECK_THAT(dovetail("connection show fin").out, Catch::Contains("active"));
  CHECK_THAT(dovetail("event fin somebody").out, Catch::Contains("kept for the worker"));
  CHECK(worker.stop() == 0);
}

TEST_CASE("a worker goes on with the new key when the key was changed beside it") {
  const Systems systems;
  const Shell dovetail;
  dovetail.connect(systems);
  dovetail.folder.write("work.log", "");
  RunningWorker worker(dovetail);
  for (int i = 0; i < 4; ++i) {
    const std::string before = dovetail.folder.read("dovetail.db.key");
    const Answer changed = dovetail("store rotate-key");
    INFO(changed.err);
    CHECK(changed.exit == 0);
    CHECK(dovetail.folder.read("dovetail.db.key") != before);
    CHECK(dovetail.folder.read("dovetail.db.key.old") == before);
    CHECK(dovetail("connection check fin").exit == 0);
  }
  RunningWorker::wait_for(dovetail, "working again", 1);
  CHECK(worker.stop() == 0);
}

TEST_CASE("what a person paused stays paused, and whom a person cut stays cut, through a manual run") {
  const Systems systems;
  const Shell dovetail;
  dovetail.connect(systems);
  REQUIRE(dovetail("sync fin --decide leave --create none").exit != 2);
  const std::string linked = dovetail("links list fin").out;
  const std::string id = linked.substr(0, linked.find(' '));
  REQUIRE_THAT(linked, Catch::Contains(id + "  1") && Catch::Contains("match key"));
  REQUIRE(dovetail("connection pause fin --reason holiday").exit == 0);
  REQUIRE(dovetail("links cut fin " + id).exit == 0);
  const Answer ran = dovetail("sync fin --decide leave --create both");
  CHECK_THAT(ran.out, Catch::Contains("stays paused: dovetail connection resume fin"));
  CHECK_THAT(dovetail("connection show fin").out, Catch::Contains("paused") && Catch::Contains("holiday"));
  CHECK_THAT(dovetail("links list fin " + id).out,
             Catch::Contains("not one person") && !Catch::Contains("linked, match key"));
  // Nor does leaving the person out, and taking them in again, make them one.
  REQUIRE(dovetail("exclude fin " + id + " --reason leave").exit == 0);
  CHECK(dovetail("sync fin --decide leave --create both").exit == 0);
  REQUIRE(dovetail("exclude fin " + id + " --undo").exit == 0);
  CHECK(dovetail("sync fin --decide leave --create both").exit == 0);
  CHECK_THAT(dovetail("links list fin " + id).out,
             Catch::Contains("not one person") && Catch::EndsWith("0 links, 1 not to be added, 1 not one person\n"));
  CHECK_THAT(dovetail("connection resume fin").out, Catch::Contains("active"));
}

TEST_CASE("more events than may wait are left beside a SQLite store, and none is lost") {
  const Systems systems;
  const Shell dovetail;
  dovetail.connect(systems);
  std::string events;
  for (int i = 0; i < 5; ++i) events += fmt::format("{{\"connection\": \"fin\", \"person\": \"p{}\"}}\n", i);
  dovetail.folder.write("events.jsonl", events);
  const Answer sent = dovetail("event --from events.jsonl --most-waiting 2");
  CHECK(sent.exit == 0);
  CHECK_THAT(sent.err, Catch::Contains("2 events wait already, and no more than 2 may"));
  CHECK_THAT(sent.out, Catch::Contains("2 events taken in, 3 kept beside the store until there is room"));
  dovetail.folder.write("work.log", "");
  {
    RunningWorker worker(dovetail);
    for (int i = 0; i < 400 && !std::filesystem::is_empty(dovetail.folder.file("dovetail.db.events")); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
  }
  CHECK_THAT(dovetail("connection show fin").out, Catch::Contains("5 events waiting"));
}

TEST_CASE("a mail server that hangs does not keep a SQLite store from whoever wants it") {
  const Systems systems;
  const Shell dovetail;
  dovetail.connect(systems);
  REQUIRE(dovetail("sync fin --decide leave --create none").exit != 2);  // of which people are to be told
  const SilentServer server;
  REQUIRE(dovetail(fmt::format("mail set --server smtp://127.0.0.1:{} --plain --from dovetail@host.example "
                               "--to payroll@company.example",
                               server.port()))
              .exit == 0);
  dovetail.folder.write("work.log", "");
  RunningWorker worker(dovetail);
  server.wait_for_somebody();
  CHECK(dovetail("connection pause fin --reason payday").exit == 0);
  RunningWorker::wait_for(dovetail, "it took too long, and was broken off", 1);
  RunningWorker::wait_for(dovetail, "working again", 1);
  CHECK(worker.stop() == 0);
  CHECK_THAT(dovetail("mail show").out, Catch::Contains("broken off"));
}

TEST_CASE("events of a file: a person's go together, and what is said twice is one") {
  const Systems systems;
  const Shell dovetail;
  dovetail.connect(systems);
  std::string events;
  for (int i = 0; i < 2400; ++i) {
    events += fmt::format("{{\"connection\": \"fin\", \"person\": \"p{}\"}}\n", i % 1200);
  }
  dovetail.folder.write("events.jsonl", events);
  CHECK(dovetail("event --from events.jsonl").out ==
        "1200 events taken in; 1200 said the same of somebody once more\n");
  CHECK_THAT(dovetail("connection show fin").out, Catch::Contains("1200 events waiting"));
  dovetail.folder.write("events.jsonl",
                        "{\"connection\": \"fin\", \"person\": \"p1\", \"id\": \"a\"}\n"
                        "{\"connection\": \"fin\", \"person\": \"p1\", \"id\": \"b\"}\n");
  CHECK(dovetail("event --from events.jsonl").out == "2 events taken in\n");
  CHECK(dovetail("event --from events.jsonl").out == "0 events taken in, 2 known already\n");
  dovetail.folder.write("events.jsonl",
                        "{\"connection\": \"fin\", \"person\": \"p1\"}\n"
                        "{\"connection\": \"none\", \"person\": \"p1\"}\n");
  const Answer refused = dovetail("event --from events.jsonl");
  CHECK(refused.exit == 2);
  CHECK_THAT(refused.err, Catch::Contains("1 of 2 events taken in; then: "));
}

TEST_CASE("where events cannot be left beside the store, that is said, and nothing is lost silently") {
  const Systems systems;
  const Shell dovetail;
  dovetail.connect(systems);
  dovetail.folder.write("dovetail.db.events", "in the way");
  dovetail.folder.write("work.log", "");
  RunningWorker worker(dovetail);
  RunningWorker::wait_for(dovetail, "working", 1);
  const Answer refused = dovetail("event fin somebody");
  CHECK(refused.exit == 2);
  CHECK_THAT(refused.err, Catch::Contains("dovetail.db.events"));
  CHECK(refused.out.empty());
  CHECK(worker.stop() == 0);
}

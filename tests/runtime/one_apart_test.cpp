// What is wrong with one connection, one person or one moment keeps nobody else waiting.
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <semaphore>
#include <set>
#include <stdexcept>
#include <thread>

#include "tests/forwarding_system.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Side;
using sandbox::Json;

namespace {

using Wrap = std::function<std::unique_ptr<System>(const Connection&, Side, std::unique_ptr<System>)>;

class WrappingOpener : public Opener {
 public:
  WrappingOpener(Opener& below, Wrap wrap) : below_(below), wrap_(std::move(wrap)) {}
  Result<std::unique_ptr<Opened>> open(const Connection& connection, CivilDay today) override {
    if (const auto failure = before_open ? before_open() : std::nullopt) return std::unexpected(*failure);
    Connection known = connection;
    known.id = of == no_connection ? known.id : of;  // whose credentials it has
    auto opened = below_.open(known, today);
    if (!opened) return opened;
    (*opened)->connection = connection;
    for (const Side side : {Side::hub, Side::provider}) {
      std::unique_ptr<System>& system = (*opened)->systems[ir::at(side)];
      if (wrap_) system = wrap_(connection, side, std::move(system));
    }
    return opened;
  }
  ConnectionId of = no_connection;
  std::function<std::optional<Error>()> before_open;

 private:
  Opener& below_;
  Wrap wrap_;
};

// A store that fails at times.
class FailingStore : public Store {
 public:
  explicit FailingStore(Store& below) : below_(below) {}
  Result<void> write(const std::function<Result<void>(Transaction&)>& work) override {
    return failing_writes-- > 0 ? fail() : (failing_writes = 0, below_.write(work));
  }
  Result<void> read(const std::function<Result<void>(Transaction&)>& work) override {
    return failing_reads-- > 0 ? fail() : (failing_reads = 0, below_.read(work));
  }
  const SecretHasher& hasher() const override { return below_.hasher(); }
  std::string describe() const override { return below_.describe(); }
  std::atomic<int> failing_writes = 0, failing_reads = 0;

 private:
  static Result<void> fail() {
    return std::unexpected(Error{.kind = Error::Kind::transient, .what = "the database fails over"});
  }
  Store& below_;
};

bool comes_true(const std::function<bool()>& what) {
  for (int i = 0; i < 2000 && !what(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return what();
}

void rename(Stage& stage, const std::string& id, const std::string& name) {
  stage.hub->patch_row("users", id, {{"givenName", name}});
  stage.tell(id);
}

// A worker until the end of the scope.
class Working {
 public:
  explicit Working(const Means& with, std::chrono::milliseconds sweep = {})
      : worker_(with, {.name = "test", .threads = 2, .poll = std::chrono::milliseconds(10), .sweep = sweep}),
        ended_(std::async(std::launch::async, [this] { return worker_.run(); })) {}
  ~Working() { stop(); }
  void stop() {
    worker_.stop();
    if (ended_.valid()) CHECK(ended_.get());
  }

 private:
  Worker worker_;
  std::future<Result<void>> ended_;
};

class Hanging : public ForwardingSystem {
 public:
  Hanging(std::unique_ptr<System> below, std::binary_semaphore& asked, std::binary_semaphore& answers)
      : ForwardingSystem(std::move(below)), asked_(asked), answers_(answers) {}
  Result<Identity> check() override {
    asked_.release();
    answers_.acquire();
    return below().check();
  }

 private:
  std::binary_semaphore& asked_;
  std::binary_semaphore& answers_;
};

// A hub that is read in full only once it may answer.
class LongList : public ForwardingSystem {
 public:
  LongList(std::unique_ptr<System> below, std::atomic_flag& asked, std::atomic_flag& answers)
      : ForwardingSystem(std::move(below)), asked_(asked), answers_(answers) {}
  Result<Completeness> list(Snapshot& into) override {
    set(asked_);
    answers_.wait(false);
    return below().list(into);
  }
  static void set(std::atomic_flag& flag) {
    flag.test_and_set();
    flag.notify_all();
  }

 private:
  std::atomic_flag& asked_;
  std::atomic_flag& answers_;
};

class Throwing : public ForwardingSystem {
 public:
  Throwing(std::unique_ptr<System> below, std::string id) : ForwardingSystem(std::move(below)), id_(std::move(id)) {}
  Result<bool> get(std::string_view id, Snapshot& into) override {
    if (id == id_) throw std::runtime_error("account 12345678903");
    return below().get(id, into);
  }

 private:
  std::string id_;
};

class Refusing : public ForwardingSystem {
 public:
  using ForwardingSystem::ForwardingSystem;
  Result<std::vector<ChangeOutcome>> update(std::string_view, const std::vector<Change>&) override {
    return std::unexpected(Error{.kind = Error::Kind::data, .what = "Kari Nordmann is somebody else"});
  }
};

}  // namespace

TEST_CASE("while the probe of one connection hangs, the others are pushed, and it goes on when it is answered") {
  Stage stage({.people = 2, .creates = false});
  stage.activate();
  std::binary_semaphore asked(0), answers(0);
  WrappingOpener opener(*stage.opener, [&](const Connection& of, Side side, std::unique_ptr<System> below) {
    if (of.name != "hangs" || side != Side::hub) return below;
    return std::unique_ptr<System>(std::make_unique<Hanging>(std::move(below), asked, answers));
  });
  opener.of = stage.id;
  Connection other = stage.connection();
  other.name = "hangs";
  other.state = ConnectionState::quarantined;
  other.why = "it does not answer";
  const ConnectionId other_id = stage.store.write([&](Transaction& now) { return now.add(other); });
  const Means plain = stage.means();
  const Means with{.store = plain.store,
                   .clock = plain.clock,
                   .opener = opener,
                   .telemetry = plain.telemetry,
                   .limits = plain.limits};
  Working working(with);
  asked.acquire();
  const std::string id = stage.hub_ids().front();
  rename(stage, id, "Synnøve");
  CHECK(comes_true([&] { return stage.employee_of(id)["FirstName"] == "Synnøve"; }));
  answers.release();
  const auto state = [&] {
    return stage.store.read([&](Transaction& now) { return now.connection(other_id); })->state;
  };
  CHECK(comes_true([&] { return state() == ConnectionState::active; }));
}

TEST_CASE("a mistake of the program with one person is in the log, and everybody else is pushed") {
  Stage stage({.people = 4, .creates = false});
  stage.activate();
  const std::vector<std::string> ids = stage.hub_ids();
  WrappingOpener opener(*stage.opener, [&](const Connection&, Side side, std::unique_ptr<System> below) {
    if (side != Side::hub) return below;
    return std::unique_ptr<System>(std::make_unique<Throwing>(std::move(below), ids[1]));
  });
  const Means plain = stage.means();
  const Means with{.store = plain.store,
                   .clock = plain.clock,
                   .opener = opener,
                   .telemetry = plain.telemetry,
                   .limits = plain.limits};
  for (const std::string& id : ids) rename(stage, id, "Synnøve");
  Worker worker(with, {.name = "test", .threads = 2, .poll = std::chrono::milliseconds(10), .sweep = {}});
  REQUIRE(worker.run_until_quiet());
  for (std::size_t i = 0; i < ids.size(); ++i) CHECK((stage.employee_of(ids[i])["FirstName"] == "Synnøve") == (i != 1));
  const auto lane = stage.store.read([&](Transaction& now) { return now.lane(stage.id, ids[1]); });
  REQUIRE(lane);
  CHECK(lane->state == LaneState::parked);
  CHECK(lane->why == "a mistake of this program");
  REQUIRE(stage.problems().size() == 1);
  CHECK(stage.problems().front().hub_id == ids[1]);
  CHECK(stage.problems().front().needs_you);
  CHECK(stage.connection().state == ConnectionState::active);
}

TEST_CASE("a system's words about a person stay out of what is said in clear") {
  Stage stage({.people = 1, .creates = false});
  stage.activate();
  WrappingOpener opener(*stage.opener, [&](const Connection&, Side side, std::unique_ptr<System> below) {
    if (side != Side::provider) return below;
    return std::unique_ptr<System>(std::make_unique<Refusing>(std::move(below)));
  });
  Means with{.store = *stage.store,
             .clock = stage.clock,
             .opener = opener,
             .telemetry = stage.telemetry,
             .limits = test_limits()};
  const std::string id = stage.hub_ids().front();
  rename(stage, id, "Synnøve");
  Worker worker(with, {.name = "test", .threads = 1, .poll = std::chrono::milliseconds(10), .sweep = {}});
  REQUIRE(worker.run_until_quiet());
  const auto lane = stage.store.read([&](Transaction& now) { return now.lane(stage.id, id); });
  REQUIRE(lane);
  CHECK(lane->why == "provider-refused");
  REQUIRE_FALSE(stage.problems().empty());
  CHECK_THAT(stage.problems().front().what, Catch::Contains("Kari Nordmann"));  // the log is sealed
}

TEST_CASE("a store that does not answer when a worker begins is waited for") {
  Stage stage({.people = 1, .creates = false});
  stage.activate();
  FailingStore store(*stage.store);
  store.failing_reads = 3;
  const Means with{.store = store,
                   .clock = stage.clock,
                   .opener = *stage.opener,
                   .telemetry = stage.telemetry,
                   .limits = test_limits()};
  const std::string id = stage.hub_ids().front();
  rename(stage, id, "Synnøve");
  Working working(with);
  CHECK(comes_true([&] { return stage.employee_of(id)["FirstName"] == "Synnøve"; }));
}

TEST_CASE("a store that does not answer while a connection is opened holds nobody off") {
  Stage stage({.people = 1, .creates = false});
  stage.activate();
  WrappingOpener opener(*stage.opener, {});
  std::atomic<int> failing = 3;
  opener.before_open = [&]() -> std::optional<Error> {
    if (failing-- <= 0) return std::nullopt;
    return Error{.kind = Error::Kind::transient, .what = "the database fails over"};
  };
  const Means with{.store = *stage.store,
                   .clock = stage.clock,
                   .opener = opener,
                   .telemetry = stage.telemetry,
                   .limits = test_limits()};
  const std::string id = stage.hub_ids().front();
  rename(stage, id, "Synnøve");
  Working working(with);
  CHECK(comes_true([&] { return stage.employee_of(id)["FirstName"] == "Synnøve"; }));
  CHECK(failing <= 0);
  const auto told = stage.store.read([](Transaction& now) { return now.notifications(); });
  CHECK(std::ranges::count(told, "quarantined", &Notification::kind) == 0);
}

TEST_CASE("somebody who is erased while they are pushed leaves nothing, and the connection goes on") {
  Stage stage({.people = 3, .creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  rename(stage, id, "Synnøve");
  Means with = stage.means();
  std::atomic<bool> done = false;
  with.at_step = [&](std::string_view step) {
    if (step != "after-call" || done.exchange(true)) return;
    stage.store.write([&](Transaction& now) { return now.erase_person(stage.id, id, dovetail::now(with)); });
  };
  Worker worker(with, {.name = "test", .threads = 1, .poll = std::chrono::milliseconds(10), .sweep = {}});
  REQUIRE(worker.run_until_quiet());
  CHECK(done);
  CHECK(stage.connection().state == ConnectionState::active);
  CHECK(stage.problems().empty());
  CHECK_FALSE(stage.link_of(id).has_value());
  CHECK_FALSE(stage.store.read([&](Transaction& now) { return now.lane(stage.id, id); }).has_value());
}

TEST_CASE("a run that cannot write down what became of somebody calls no system any more, and is resumed") {
  Stage stage({.provider = "netvisor", .people = 6, .creates = false});
  stage.activate();
  for (const std::string& id : stage.hub_ids()) stage.hub->patch_row("users", id, {{"givenName", "Synnøve"}});
  FailingStore store(*stage.store);
  Means with{.store = store,
             .clock = stage.clock,
             .opener = *stage.opener,
             .telemetry = stage.telemetry,
             .limits = test_limits()};
  std::atomic<int> commits = 0;
  std::atomic<std::size_t> writes_then = 0;
  with.at_step = [&](std::string_view step) {
    if (step != "before-base" || ++commits != 3) return;
    writes_then = stage.writes();
    store.failing_writes = 1;
  };
  stage.forget_calls();
  Decisions decisions;
  decisions.accept_preselected = true;
  decisions.bulk = Choice::hub;
  RunId id = no_run;
  {
    const auto opened = stage.open();
    auto run = ManualRun::start(with, *opened, "a test");
    REQUIRE(run);
    REQUIRE(run->decide(decisions));
    id = run->run().id;
    CHECK_FALSE(run->apply(std::chrono::seconds(5)));
    CHECK(stage.writes() == writes_then);
    CHECK(writes_then > 0);
  }
  const auto opened = stage.open();
  const Means plain = stage.means();
  auto run = ManualRun::resume(plain, *opened, id);
  REQUIRE(run);
  const auto done = run->apply(std::chrono::seconds(5));
  if (!done) FAIL(done.error().what);
  CHECK(done->finished);
  for (const std::string& each : stage.hub_ids()) CHECK(stage.employee_of(each)["firstname"] == "Synnøve");
}

TEST_CASE("a write in doubt that cannot be read back holds that person, and a run does all others") {
  Stage stage({.people = 6, .creates = false});
  stage.activate();
  const std::vector<std::string> ids = stage.hub_ids();
  const std::string record = stage.link_of(ids[2])->link.provider_id;
  stage.store.write([&](Transaction& now) -> Result<void> {
    Intent intent{.connection = stage.id, .hub_id = ids[2], .provider_id = record, .reference = {}, .writes = {}};
    intent.writes.push_back({.field = "First name",
                             .path = "firstName",
                             .element = {},
                             .before = {State::value, stage.employee_of(ids[2])["FirstName"].get<std::string>()},
                             .after = {State::value, "Synnøve"}});
    intent.at = dovetail::now(stage.means());
    const auto begun = now.begin(intent);
    return begun ? Result<void>{} : std::unexpected(begun.error());
  });
  stage.provider->add_fault(
      {{"kind", "status"}, {"status", 500}, {"method", "GET"}, {"path", "Employees/" + record}, {"times", -1}});
  for (const std::string& id : ids) stage.hub->patch_row("users", id, {{"givenName", "Synnøve"}});
  const ManualRun::Done done = stage.synchronise();
  CHECK(done.applied.count(Outcome::Kind::done) > 0);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    INFO(i);
    CHECK((stage.employee_of(ids[i])["FirstName"] == "Synnøve") == (i != 2));
  }
  std::set<std::string> named;
  for (const Problem& problem : stage.problems()) named.insert(problem.hub_id);
  CHECK(named == std::set<std::string>{ids[2]});
  stage.provider->clear_faults();
  stage.synchronise();
  CHECK(stage.employee_of(ids[2])["FirstName"] == "Synnøve");
  CHECK(stage.problems().empty());
}

TEST_CASE("while the hub is read in full, its people are pushed, and the connection is free for a manual run") {
  for (const char* store : {"sqlite", "postgresql"}) {
    DYNAMIC_SECTION(store) {
      Stage stage({.store = store, .people = 3, .creates = false});
      stage.activate();
      std::atomic_flag asked, answers;
      WrappingOpener opener(*stage.opener, [&](const Connection&, Side side, std::unique_ptr<System> below) {
        if (side == Side::provider) return below;
        return std::unique_ptr<System>(std::make_unique<LongList>(std::move(below), asked, answers));
      });
      const Means plain = stage.means();
      const Means with{.store = plain.store,
                       .clock = plain.clock,
                       .opener = opener,
                       .telemetry = plain.telemetry,
                       .limits = plain.limits};
      const std::vector<std::string> ids = stage.hub_ids();
      const Working working(with, std::chrono::hours(6));
      const std::shared_ptr<void> at_last(nullptr, [&](void*) { LongList::set(answers); });  // before it ends
      REQUIRE(comes_true([&] { return asked.test(); }));
      rename(stage, ids[0], "Meanwhile");
      CHECK(comes_true([&] { return stage.employee_of(ids[0])["FirstName"] == "Meanwhile"; }));
      stage.hub->patch_row("users", ids[1], {{"givenName", "By hand"}});
      stage.synchronise();
      CHECK(stage.employee_of(ids[1])["FirstName"] == "By hand");
      stage.hub->patch_row("users", ids[2], {{"givenName", "Untold"}});
      LongList::set(answers);
      CHECK(comes_true([&] { return stage.employee_of(ids[2])["FirstName"] == "Untold"; }));
    }
  }
}

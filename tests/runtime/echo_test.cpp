// What was written comes back as an event, or in another form: nothing goes back and forth.
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/forwarding_system.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

namespace {

// A provider that keeps family names in capitals, whatever it is sent.
class ShoutingSystem : public ForwardingSystem {
 public:
  ShoutingSystem(std::unique_ptr<System> below, ir::MemberId name) : ForwardingSystem(std::move(below)), name_(name) {}
  Result<std::vector<ChangeOutcome>> update(std::string_view id, const std::vector<Change>& changes) override {
    std::vector<Change> shouted = changes;
    for (Change& change : shouted) {
      if (change.member != name_) continue;
      std::ranges::transform(change.value, change.value.begin(),
                             [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    }
    auto outcomes = below().update(id, shouted);
    if (outcomes) {
      for (ChangeOutcome& outcome : *outcomes) outcome.now.reset();  // it says no more than that it was done
    }
    return outcomes;
  }

 private:
  ir::MemberId name_;
};

class ShoutingOpener : public Opener {
 public:
  explicit ShoutingOpener(Opener& below) : below_(below) {}
  Result<std::unique_ptr<Opened>> open(const Connection& connection, CivilDay today) override {
    auto opened = below_.open(connection, today);
    if (!opened) return opened;
    const ir::Schema& schema = (*opened)->program().rules->schema(ir::Side::provider);
    std::unique_ptr<System>& provider = (*opened)->systems[ir::at(ir::Side::provider)];
    provider = std::make_unique<ShoutingSystem>(std::move(provider), schema.id(*schema.find("lastName")));
    return opened;
  }

 private:
  Opener& below_;
};

}  // namespace

TEST_CASE("a provider that keeps values in a form of its own is written once, and then left alone") {
  Stage stage({.people = 3, .creates = false});
  stage.activate();
  ShoutingOpener opener(*stage.opener);
  const Means plain = stage.means();
  const Means means{.store = plain.store,
                    .clock = plain.clock,
                    .opener = opener,
                    .telemetry = plain.telemetry,
                    .limits = plain.limits};
  const auto work = [&] {
    Worker worker(means, {.name = "test", .threads = 1, .poll = std::chrono::milliseconds(10), .sweep = {}});
    const Result<void> worked = worker.run_until_quiet();
    if (!worked) FAIL(worked.error().what);
  };
  const std::string id = stage.hub_ids().front();
  stage.forget_calls();
  stage.hub->patch_row("users", id, {{"familyName", "Lunde"}});
  stage.tell(id);
  work();
  CHECK(stage.employee_of(id)["LastName"] == "LUNDE");
  for (int turn = 0; turn < 3; ++turn) {
    stage.tell(id);
    work();
  }
  CHECK(stage.writes() == 1);
  CHECK(stage.problems().empty());
  stage.hub->patch_row("users", id, {{"familyName", "Berg"}});  // the hub's next change goes out all the same
  stage.tell(id);
  work();
  CHECK(stage.employee_of(id)["LastName"] == "BERG");
  CHECK(stage.writes() == 2);
}

TEST_CASE("a value that a run read into the hub is not sent back when the hub tells of it") {
  Stage stage({.people = 3, .creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  stage.provider->patch_row("employees", stage.link_of(id)->link.provider_id, {{"FirstName", "Kirsti"}});
  const Means with = stage.means();
  const auto opened = stage.open();
  auto run = ManualRun::start(with, *opened, "a test");
  REQUIRE(run);
  Decisions decisions;
  decisions.accept_preselected = true;
  decisions.bulk = Choice::provider;
  REQUIRE(run->decide(decisions));
  const auto done = run->apply(std::chrono::seconds(5));
  REQUIRE(done);
  REQUIRE(stage.hub->row("users", id)["givenName"] == "Kirsti");
  stage.forget_calls();
  for (int turn = 0; turn < 2; ++turn) {
    stage.tell(id);
    stage.work();
  }
  CHECK(stage.writes() == 0);
  CHECK(stage.employee_of(id)["FirstName"] == "Kirsti");
  CHECK(stage.hub->row("users", id)["givenName"] == "Kirsti");
}

TEST_CASE("a look at the whole hub that fails is made again long before the next one is due") {
  Stage stage({.people = 3, .creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  stage.hub->patch_row("users", id, {{"familyName", "Lunde"}});  // of this nobody tells
  stage.hub->add_fault({{"kind", "empty_list"}, {"times", 1}});
  const Means with = stage.means();
  Worker worker(with, {.name = "test",
                       .threads = 2,
                       .poll = std::chrono::milliseconds(10),
                       .upkeep = std::chrono::milliseconds(20),
                       .sweep = std::chrono::hours(6)});
  std::jthread working([&] { (void)worker.run(); });
  for (int i = 0; i < 1000 && stage.employee_of(id)["LastName"] != "Lunde"; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  worker.stop();
  working.join();
  CHECK(stage.employee_of(id)["LastName"] == "Lunde");
}

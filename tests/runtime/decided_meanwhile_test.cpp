// Decisions that come while others decide, or while a run is carried out: each of them counts.
#include <catch2/catch.hpp>

#include <utility>

#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

Decisions about(const std::string& id, Choice choice) {
  Decisions one;
  one.exact.push_back({.hub_id = id, .provider_id = {}, .field = {}, .element = {}, .choice = choice, .by = {}});
  return one;
}

Result<void> add(ManualRun& run, const Decisions& more) {
  return run.decide_more([&](Decisions before) {
    before.exact.insert(before.exact.end(), more.exact.begin(), more.exact.end());
    return before;
  });
}

ManualRun resumed(const Means& means, Opened& opened, RunId id) {
  auto run = ManualRun::resume(means, opened, id);
  if (!run) FAIL(run.error().what);
  return std::move(*run);
}

// Started after everybody was renamed in the hub.
RunId start(Stage& stage) {
  for (const std::string& id : stage.hub_ids()) stage.hub->patch_row("users", id, {{"givenName", "Synnøve"}});
  const auto opened = stage.open();
  auto run = ManualRun::start(stage.means(), *opened, "a test");
  if (!run) FAIL(run.error().what);
  return run->run().id;
}

bool is_renamed(const Stage& stage, const std::string& id) { return stage.employee_of(id)["FirstName"] == "Synnøve"; }

}  // namespace

TEST_CASE("what two people decide of one run at the same time counts, both") {
  Stage stage({.people = 3, .creates = false});
  const std::vector<std::string> ids = stage.hub_ids();
  const RunId id = start(stage);
  const Means with = stage.means();
  const auto opened = stage.open();
  ManualRun one = resumed(with, *opened, id), other = resumed(with, *opened, id);
  REQUIRE(add(one, about(ids[0], Choice::hub)));
  REQUIRE(add(other, about(ids[1], Choice::leave)));
  CHECK(other.decisions().exact.size() == 2);
  CHECK(resumed(with, *opened, id).decisions().exact.size() == 2);
}

TEST_CASE("what is decided after a run was opened, and before it has the connection, is what it carries out") {
  Stage stage({.people = 3, .creates = false});
  stage.activate();
  const std::vector<std::string> ids = stage.hub_ids();
  const RunId id = start(stage);
  const Means with = stage.means();
  const auto opened = stage.open();
  Decisions all = about(ids[0], Choice::hub);
  all.bulk = Choice::hub;
  REQUIRE(resumed(with, *opened, id).decide(all));
  ManualRun waiting = resumed(with, *opened, id);
  ManualRun other = resumed(with, *opened, id);
  all.exact.front().choice = Choice::leave;
  REQUIRE(other.decide(all));
  const auto done = waiting.apply(std::chrono::seconds(5));
  if (!done) FAIL(done.error().what);
  CHECK(done->finished);
  CHECK_FALSE(is_renamed(stage, ids[0]));
  CHECK(is_renamed(stage, ids[1]));
}

TEST_CASE("what is decided while a run is carried out is carried out next, also where nothing was open") {
  const std::string moment = GENERATE(values<std::string>({"planned", "before-rest", "before-report"}));
  const bool was_open = GENERATE(true, false);
  INFO(moment << (was_open ? ", one was open" : ""));
  Stage stage({.people = 3, .creates = false});
  const std::vector<std::string> ids = stage.hub_ids();
  const RunId id = start(stage);
  const Means with = stage.means();
  const auto opened = stage.open(), beside = stage.open();
  Decisions first = about(ids[1], Choice::hub);
  first.exact.push_back(about(ids[2], Choice::hub).exact.front());
  if (!was_open) first.exact.push_back(about(ids[0], Choice::leave).exact.front());
  first.accept_preselected = true;
  REQUIRE(resumed(with, *opened, id).decide(first));
  Means told = with;
  bool once = false;
  told.at_step = [&](std::string_view step) {
    if (step != moment || std::exchange(once, true)) return;
    ManualRun other = resumed(with, *beside, id);
    REQUIRE(add(other, about(ids[0], Choice::hub)));
  };
  const auto done = resumed(told, *opened, id).apply(std::chrono::seconds(5));
  CHECK(once);
  if (!done) {  // at the last moment: the run stays as it is
    CHECK(moment == "before-report");
    CHECK_FALSE(was_open);
  } else {
    CHECK(done->again);
    CHECK_FALSE(done->finished);
  }
  const auto run = resumed(with, *opened, id);
  CHECK(run.decisions().exact.size() == first.exact.size() + 1);
  bool finished = false;
  for (int i = 0; i < 3 && !finished; ++i) {
    const auto rest = resumed(with, *opened, id).apply(std::chrono::seconds(5));
    if (!rest) FAIL(rest.error().what);
    finished = rest->finished;
  }
  CHECK(finished);
  for (const std::string& each : ids) CHECK(is_renamed(stage, each) == (was_open || each != ids[0]));  // left is left
}

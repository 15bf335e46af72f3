// Runs that somebody stops while they are carried out: by the connection, by a signal, by erasing a person, or by
// killing them. What was done is known, and what was not goes on where it stopped.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/runtime/run/interrupted.hpp"
#include "engine/runtime/run/undo.hpp"
#include "tests/runtime/other_clock.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

// Active, with everybody renamed in the hub since.
struct Renamed {
  explicit Renamed(int people = 4) : stage({.people = people, .creates = false}) {
    stage.activate();
    for (const std::string& one : stage.hub_ids()) stage.hub->patch_row("users", one, {{"givenName", "Solveig"}});
    const Means with = stage.means();
    const auto opened = stage.open();
    auto started = ManualRun::start(with, *opened, "a test");
    if (!started) FAIL(started.error().what);
    Decisions decisions;
    decisions.accept_preselected = true;
    decisions.bulk = Choice::hub;
    REQUIRE(started->decide(decisions));
    id = started->run().id;
    stage.forget_calls();
  }

  // `at_first_call`: done once, when the first write has come back.
  Result<ManualRun::Done> carry_out(const std::function<void()>& at_first_call = {},
                                    const std::function<bool()>& is_told_to_stop = {}) {
    Means with = stage.means();
    bool once = false;
    with.at_step = [&](std::string_view step) {
      if (step == "after-call" && !std::exchange(once, true) && at_first_call) at_first_call();
    };
    const auto opened = stage.open();
    auto run = ManualRun::resume(with, *opened, id);
    if (!run) return std::unexpected(run.error());
    return run->apply(std::chrono::seconds(5), is_told_to_stop);
  }

  std::size_t renamed() const {
    std::size_t count = 0;
    const sandbox::Json all = stage.provider->rows("employees");
    for (const auto& [key, row] : all.items()) count += row["FirstName"] == "Solveig" ? 1U : 0U;
    return count;
  }

  Run stored() {
    const auto all = stage.store.read([&](Transaction& now) { return now.runs(stage.id); });
    return *std::ranges::find(all, id, &Run::id);
  }

  Stage stage;
  RunId id = no_run;
};

}  // namespace

TEST_CASE(
    "a connection that is let only observe while a run is carried out gets no further write, and the run is kept") {
  Renamed scene;
  const auto stopped =
      scene.carry_out([&] { scene.stage.change_connection([](Connection& one) { one.observes_only = true; }); });
  REQUIRE_FALSE(stopped);
  CHECK_THAT(stopped.error().what, Catch::Contains("payroll only observes by now, so nothing more is written") &&
                                       Catch::Contains("is kept with all its decisions"));
  CHECK(scene.renamed() == 1);
  CHECK(scene.stage.writes() == 1);
  const auto refused = scene.carry_out();
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().what, Catch::Contains("only observes: nothing is written"));
  CHECK(scene.stage.problems().empty());

  scene.stage.change_connection([](Connection& one) { one.observes_only = false; });
  const auto done = scene.carry_out();
  if (!done) FAIL(done.error().what);
  CHECK(done->finished);
  CHECK(done->applied.count(Outcome::Kind::done) == done->applied.outcomes.size());
  CHECK(scene.renamed() == 4);
  CHECK(scene.stage.writes() == 4);
}

TEST_CASE(
    "a run stops between two people where its connection is paused meanwhile, and is carried on also while paused") {
  Renamed scene;
  const auto pause = [&] {
    scene.stage.change_connection([](Connection& one) {
      one.state = ConnectionState::paused;
      one.why = "the wrong file";
    });
  };
  const auto stopped = scene.carry_out(pause);
  REQUIRE_FALSE(stopped);
  CHECK_THAT(stopped.error().what,
             Catch::Contains("payroll was paused meanwhile (the wrong file), so this stops here"));
  CHECK(scene.renamed() == 1);
  CHECK(scene.stored().state == RunState::applying);
  CHECK(scene.stage.problems().empty());

  const auto done = scene.carry_out();
  if (!done) FAIL(done.error().what);
  CHECK(done->finished);
  CHECK(done->stays_paused);
  CHECK(scene.renamed() == 4);
  CHECK(scene.stage.writes() == 4);
}

TEST_CASE("a run that is told to stop ends the person at work, and is carried on later") {
  Renamed scene;
  bool is_told = false;
  const auto stopped = scene.carry_out([&] { is_told = true; }, [&] { return is_told; });
  REQUIRE_FALSE(stopped);
  CHECK_THAT(stopped.error().what, Catch::Contains("told to stop"));
  CHECK(scene.renamed() == 1);
  const auto done = scene.carry_out();
  if (!done) FAIL(done.error().what);
  CHECK(done->finished);
  CHECK(scene.stage.writes() == 4);
}

TEST_CASE("a connection that is removed while a run is carried out gets no further write") {
  Renamed scene;
  const auto stopped =
      scene.carry_out([&] { scene.stage.store.write([&](Transaction& now) { return now.remove(scene.stage.id); }); });
  REQUIRE_FALSE(stopped);
  CHECK(scene.stage.writes() == 1);
}

TEST_CASE("erasing a person abandons the run that is being carried out, and nothing is remembered of them again") {
  const bool is_at_work = GENERATE(true, false);
  INFO((is_at_work ? "the person whose call is under way" : "somebody who comes later"));
  Renamed scene;
  std::string erased;
  const auto stopped = scene.carry_out([&] {
    for (const std::string& id : scene.stage.hub_ids()) {
      if ((scene.stage.employee_of(id)["FirstName"] == "Solveig") == is_at_work) erased = id;
    }
    scene.stage.store.write([&](Transaction& transaction) {
      return transaction.erase_person(scene.stage.id, erased, now(scene.stage.means()));
    });
  });
  REQUIRE_FALSE(stopped);
  CHECK_THAT(stopped.error().what, Catch::Contains("abandoned: a person was erased"));
  CHECK(scene.renamed() == 1);
  CHECK(scene.stored().state == RunState::abandoned);
  CHECK(scene.stage.problems().empty());
  CHECK_FALSE(scene.stage.link_of(erased));
  const auto kept = scene.stage.store.read([&](Transaction& now) { return now.kept_values(scene.stage.id, no_run); });
  CHECK(std::ranges::count(kept, erased, &KeptValue::hub_id) == 0);
  const auto lines = scene.stage.store.read([&](Transaction& now) { return now.journal(scene.stage.id, scene.id); });
  CHECK(std::ranges::none_of(lines, [&](const JournalLine& line) { return line.intent.hub_id == erased; }));
  CHECK_FALSE(scene.carry_out());
}

TEST_CASE("an undo that was killed is over: the list of runs says so, and another one puts back the rest") {
  Renamed scene;
  const auto done = scene.carry_out();
  if (!done) FAIL(done.error().what);
  REQUIRE(scene.stage.work_apart(fmt::format("after-base 2 undo {}", scene.id)) == "killed");
  CHECK(scene.renamed() == 2);

  OtherClock later;
  Means with = scene.stage.means();
  const Means then{
      .store = with.store, .clock = later, .opener = with.opener, .telemetry = with.telemetry, .limits = with.limits};
  later.pass(std::chrono::minutes(1));
  const auto list = [&](const Means& at) {
    return scene.stage.store.read([&](Transaction& now) { return runs_as_they_are(now, at, scene.stage.id); });
  };
  CHECK(list(then).front().state == RunState::failed);
  CHECK_THAT(list(then).front().summary, Catch::Contains("interrupted; another undo puts back"));

  const auto opened = scene.stage.open();
  const RunId killed = list(then).front().id;
  const auto resumed = ManualRun::resume(with, *opened, killed);
  REQUIRE_FALSE(resumed);
  CHECK_THAT(resumed.error().what, Catch::Contains("is an undo, which is not carried on"));

  const auto undone = undo(with, *opened, scene.id, 0, "a test", std::chrono::seconds(5));
  if (!undone) FAIL(undone.error().what);
  CHECK(scene.renamed() == 0);
  const auto stored = scene.stage.store.read([&](Transaction& now) { return now.runs(scene.stage.id); });
  CHECK(std::ranges::find(stored, killed, &Run::id)->state == RunState::failed);
  CHECK(std::ranges::count(stored, RunState::applying, &Run::state) == 0);
}

TEST_CASE("an undo stops where its connection is let only observe, and says that it did") {
  Renamed scene;
  REQUIRE(scene.carry_out());
  scene.stage.forget_calls();
  Means with = scene.stage.means();
  bool once = false;
  with.at_step = [&](std::string_view step) {
    if (step != "after-call" || std::exchange(once, true)) return;
    scene.stage.change_connection([](Connection& one) { one.observes_only = true; });
  };
  const auto opened = scene.stage.open();
  const auto stopped = undo(with, *opened, scene.id, 0, "a test", std::chrono::seconds(5));
  REQUIRE_FALSE(stopped);
  CHECK_THAT(stopped.error().what, Catch::Contains("another undo puts back the rest"));
  CHECK(scene.stage.writes() == 1);
  const auto stored = scene.stage.store.read([&](Transaction& now) { return now.runs(scene.stage.id); });
  CHECK(stored.front().state == RunState::failed);
  CHECK_THAT(stored.front().summary, Catch::Contains("only observes by now"));
}

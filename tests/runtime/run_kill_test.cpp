// Manual runs killed with -9 at every step: resumed, they finish exactly what was decided, nothing is done twice or
// lost, all of it is in the report, and an undo still puts everything back.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <algorithm>

#include "engine/runtime/run/undo.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

namespace {

Decisions everything(Choice bulk) {
  Decisions decisions;
  decisions.accept_preselected = true;
  decisions.bulk = bulk;
  decisions.create_in = {true, true};
  return decisions;
}

// Differences on both sides of several people, and somebody to be added.
void differ(Stage& stage) {
  const std::vector<std::string> ids = stage.hub_ids();
  for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
    stage.hub->patch_row("users", ids[i], {{"givenName", fmt::format("Kari {}", i)}});
  }
  Json made = stage.hub->row("users", ids.front());
  made["id"] = "5a5a5a5a-0000-4000-8000-000000000001";
  made["email"] = "ny.person@example.com";
  made["phone"] = "+4791111111";
  made["employmentId"] = "7001";
  made["identifications"] = Json::array();
  made["bankAccount"] = Json::object();
  made["positions"] = Json::array();
  stage.hub->put_row("users", made["id"], made);
}

RunId start_run(Stage& stage, const Decisions& decisions) {
  const Means with = stage.means();
  const auto opened = stage.open();
  auto run = ManualRun::start(with, *opened, "a test");
  if (!run) FAIL(run.error().what);
  REQUIRE(run->decide(decisions));
  return run->run().id;
}

Result<ManualRun::Done> finish_run(Stage& stage, RunId id) {
  const Means with = stage.means();
  const auto opened = stage.open();
  auto run = ManualRun::resume(with, *opened, id);
  if (!run) return std::unexpected(run.error());
  return run->apply(std::chrono::seconds(10));
}

// The same run without a kill: how many operations it has, and what the provider has after it.
const std::pair<std::size_t, std::vector<Json>>& uninterrupted() {
  static const std::pair<std::size_t, std::vector<Json>> end = [] {
    Stage calm({.store = "sqlite", .people = 3});
    differ(calm);
    const auto done = finish_run(calm, start_run(calm, everything(Choice::hub)));
    REQUIRE(done);
    return std::pair(done->applied.outcomes.size(), calm.employees());
  }();
  return end;
}

std::size_t creations(const Stage& stage) {
  std::size_t count = 0;
  for (const auto& call : stage.provider->calls()) {
    const bool posts = call.call.method == "POST" && call.call.path.ends_with("/Employees");
    if (posts && call.answer.status < 300) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a run killed at any step of carrying out is finished exactly, reported whole, and can be undone") {
  const std::string kind = GENERATE(both_stores());
  const std::string step =
      GENERATE(values<std::string>({"planned", "before-intent", "after-intent", "during-call", "after-call",
                                    "before-base", "after-base", "before-rest", "during-rest", "before-report"}));
  const bool late = GENERATE(false, true);
  const bool once = step == "planned" || step.ends_with("rest") || step == "before-report";
  if (late && once) return;
  if (kind == "postgresql" && (late || (step != "during-call" && step != "after-call" && step != "after-base"))) return;
  INFO(kind << ": " << step << (late ? ", the third time" : ""));
  Stage stage({.store = kind, .people = 3});
  differ(stage);
  const std::vector<Json> before = stage.employees();
  for (const char* method : {"POST", "PATCH"}) {
    stage.provider->add_fault({{"kind", "latency"}, {"method", method}, {"milliseconds", 40}, {"times", -1}});
  }
  const RunId id = start_run(stage, everything(Choice::hub));
  stage.forget_calls();
  REQUIRE(stage.work_apart(fmt::format("{} {} run {}", step, late ? 3 : 1, id)) == "killed");
  const auto done = finish_run(stage, id);
  if (!done) FAIL(done.error().what);
  CHECK(done->finished);
  CHECK(done->applied.count(Outcome::Kind::done) == done->applied.outcomes.size());
  CHECK(creations(stage) == 1);
  CHECK(stage.employees().size() == 4);
  CHECK(stage.employee_of(stage.hub_ids()[0])["FirstName"] == "Kari 0");
  CHECK(stage.employee_of(stage.hub_ids()[1])["FirstName"] == "Kari 1");
  for (const Problem& problem : stage.problems()) FAIL_CHECK(problem.field << ": " << problem.what);

  CHECK(uninterrupted().first == done->applied.outcomes.size());
  CHECK(stage.employees() == uninterrupted().second);

  // Quiet: a next run finds nothing to do, and pushes about everybody write nothing.
  stage.forget_calls();
  for (const std::string& person : stage.hub_ids()) stage.tell(person);
  stage.work();
  CHECK(stage.writes() == 0);

  const Means with = stage.means();
  const auto opened = stage.open();
  const auto undone = undo(with, *opened, id, 0, "a test", std::chrono::seconds(10));
  if (!undone) FAIL(undone.error().what);
  CHECK(undone->applied.count(Outcome::Kind::done) == undone->applied.outcomes.size());
  CHECK(std::ranges::count_if(undone->left, [](const std::string& one) {
          return one.find("was added by it") != std::string::npos;
        }) == 1);
  std::vector<Json> after = stage.employees();
  std::erase_if(after, [](const Json& row) { return row["EmailAddress"] == "ny.person@example.com"; });
  CHECK(after == before);
}

TEST_CASE("a run killed after its report is over, with nothing left to resume") {
  Stage stage({.people = 3});
  differ(stage);
  const RunId id = start_run(stage, everything(Choice::hub));
  REQUIRE(stage.work_apart(fmt::format("after-report 1 run {}", id)) == "killed");
  const auto done = finish_run(stage, id);
  REQUIRE_FALSE(done);
  CHECK(done.error().what.find("is finished") != std::string::npos);
  CHECK(stage.connection().state == ConnectionState::active);
}

TEST_CASE("a run killed while it reads leaves nothing behind, and another one can be started") {
  const std::string step = GENERATE(values<std::string>({"listed", "read"}));
  Stage stage({.people = 3});
  differ(stage);
  stage.forget_calls();
  REQUIRE(stage.work_apart(step + " 1 start") == "killed");
  CHECK(stage.writes() == 0);
  CHECK(stage.store.read([&](Transaction& now) { return now.runs(stage.id); }).empty());
  const auto done = finish_run(stage, start_run(stage, everything(Choice::hub)));
  REQUIRE(done);
  CHECK(done->finished);
}

TEST_CASE("what is decided after a run was killed is carried out after what was interrupted") {
  const std::string step = GENERATE(values<std::string>({"after-intent", "after-call", "after-base", "before-report"}));
  INFO(step);
  Stage stage({.people = 4, .creates = false});
  const std::vector<std::string> ids = stage.hub_ids();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    stage.hub->patch_row("users", ids[i], {{"givenName", fmt::format("Kari {}", i)}});
  }
  Decisions first;
  first.accept_preselected = true;
  for (const std::size_t i : {0U, 1U}) {
    first.exact.push_back(
        {.hub_id = ids[i], .provider_id = {}, .field = {}, .element = {}, .choice = Choice::hub, .by = {}});
  }
  const RunId id = start_run(stage, first);
  REQUIRE(stage.work_apart(fmt::format("{} 1 run {}", step, id)) == "killed");
  {
    const Means with = stage.means();
    const auto opened = stage.open();
    auto run = ManualRun::resume(with, *opened, id);
    REQUIRE(run);
    CHECK(run->is_interrupted());
    Decisions all = run->decisions();
    all.exact.push_back(
        {.hub_id = ids[0], .provider_id = {}, .field = {}, .element = {}, .choice = Choice::provider, .by = {}});
    all.bulk = Choice::hub;
    REQUIRE(run->decide(all));
  }
  const auto interrupted = finish_run(stage, id);
  if (!interrupted) FAIL(interrupted.error().what);
  CHECK_FALSE(interrupted->finished);
  CHECK(interrupted->again);
  CHECK(interrupted->applied.count(Outcome::Kind::moved) == 0);
  CHECK(stage.employee_of(ids[0])["FirstName"] == "Kari 0");  // as it was decided when it began
  const auto rest = finish_run(stage, id);
  if (!rest) FAIL(rest.error().what);
  CHECK(rest->finished);
  CHECK(rest->applied.count(Outcome::Kind::moved) == 0);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    CHECK(stage.employee_of(ids[i])["FirstName"] == fmt::format("Kari {}", i));
  }
}

TEST_CASE("whom a push was with after a run was killed keeps what the run wrote, and only they are held") {
  Stage stage({.people = 4, .creates = false});
  stage.activate();
  const std::vector<std::string> ids = stage.hub_ids();
  for (const std::string& id : ids) {
    const std::string record = stage.link_of(id)->link.provider_id;
    stage.provider->patch_row("employees", record, {{"FirstName", "Kirsti"}});
  }
  const RunId id = start_run(stage, everything(Choice::provider));
  // The first person is done, the second in doubt; then somebody changes both, and a third, in the hub.
  REQUIRE(stage.work_apart(fmt::format("after-call 2 run {}", id)) == "killed");
  for (const std::size_t i : {0U, 1U, 2U}) {
    stage.hub->patch_row("users", ids[i], {{"familyName", "Lunde"}});
    stage.tell(ids[i]);
  }
  stage.work();
  for (const std::size_t i : {0U, 1U, 2U}) CHECK(stage.employee_of(ids[i])["LastName"] == "Lunde");
  const auto done = finish_run(stage, id);
  if (!done) FAIL(done.error().what);
  CHECK(done->applied.count(Outcome::Kind::moved) == 1);
  CHECK(done->applied.count(Outcome::Kind::done) == 3);
  CHECK(stage.hub->row("users", ids[0])["givenName"] == "Kirsti");
  CHECK(stage.hub->row("users", ids[1])["givenName"] == "Kirsti");
  CHECK(stage.hub->row("users", ids[2])["givenName"] != "Kirsti");
  CHECK(stage.hub->row("users", ids[3])["givenName"] == "Kirsti");
}

TEST_CASE("a run killed again and again is finished in the end, and writes nothing new on the way") {
  Stage stage({.people = 6, .creates = false});
  stage.activate();
  const std::vector<std::string> ids = stage.hub_ids();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    stage.hub->patch_row("users", ids[i], {{"givenName", fmt::format("Kari {}", i)}});
  }
  const RunId id = start_run(stage, everything(Choice::hub));
  stage.forget_calls();
  const std::vector<std::string> steps = {"after-call", "before-base", "after-base", "after-call", "during-rest"};
  for (const std::string& step : steps) REQUIRE(stage.work_apart(fmt::format("{} 1 run {}", step, id)) == "killed");
  const auto done = finish_run(stage, id);
  if (!done) FAIL(done.error().what);
  CHECK(done->finished);
  CHECK(done->applied.count(Outcome::Kind::done) == done->applied.outcomes.size());
  // On a busy machine the same value may be sent once more, where it could not be told in time that it went; never
  // another one.
  CHECK(stage.writes() >= ids.size());
  CHECK(stage.writes() <= ids.size() + steps.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    CHECK(stage.employee_of(ids[i])["FirstName"] == fmt::format("Kari {}", i));
  }
}

// Manual runs that last: decided in steps, carried out exactly, put back.
#include <catch2/catch.hpp>

#include "engine/runtime/run/undo.hpp"
#include "engine/runtime/work/sweep.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

namespace {

Decisions for_person(const std::string& hub_id, Choice choice) {
  Decisions decisions;
  decisions.accept_preselected = true;
  decisions.exact.push_back(
      {.hub_id = hub_id, .provider_id = {}, .field = {}, .element = {}, .choice = choice, .by = {}});
  return decisions;
}

std::size_t writes_of(const ManualRun::Done& done) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < done.plan.operations.size(); ++i) {
    const bool writes = done.plan.operations[i].action != Action::link;
    if (writes && done.applied.outcomes[i].kind == Outcome::Kind::done) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a run is decided partly now and partly later, and carried out each time") {
  const std::string kind = GENERATE(both_stores());
  Stage stage({.store = kind, .people = 3});
  const std::vector<std::string> ids = stage.hub_ids();
  stage.hub->patch_row("users", ids[0], {{"givenName", "Solveig"}});
  stage.hub->patch_row("users", ids[1], {{"givenName", "Ingrid"}});
  RunId id = no_run;
  std::size_t written = 0;
  {
    const Means with = stage.means();
    const auto opened = stage.open();
    auto run = ManualRun::start(with, *opened, "a test");
    REQUIRE(run);
    id = run->run().id;
    REQUIRE(run->decide(for_person(ids[0], Choice::hub)));
    const auto done = run->apply(std::chrono::seconds(5));
    REQUIRE(done);
    CHECK_FALSE(done->finished);
    written = writes_of(*done);
  }
  CHECK(stage.employee_of(ids[0])["FirstName"] == "Solveig");
  CHECK(stage.employee_of(ids[1])["FirstName"] != "Ingrid");
  CHECK(stage.connection().state == ConnectionState::fresh);

  stage.forget_calls();
  const Means with = stage.means();
  const auto opened = stage.open();
  auto run = ManualRun::resume(with, *opened, id);
  REQUIRE(run);
  Decisions all = run->decisions();
  all.bulk = Choice::hub;
  REQUIRE(run->decide(all));
  const auto done = run->apply(std::chrono::seconds(5));
  if (!done) FAIL(done.error().what);
  CHECK(done->finished);
  CHECK(done->activated);
  CHECK(done->applied.count(Outcome::Kind::moved) == 0);
  CHECK(stage.employee_of(ids[1])["FirstName"] == "Ingrid");
  CHECK_THAT(run->run().summary, Catch::Contains(std::to_string(written + writes_of(*done)) + " changes made, 0 not"));
  CHECK_FALSE(ManualRun::resume(with, *opened, id));
}

TEST_CASE("whom a push has changed since a run read them is held as moved, and nobody else") {
  Stage stage({.people = 3});
  stage.activate();
  const std::vector<std::string> ids = stage.hub_ids();
  for (const std::string& id : ids) {
    const std::string record = stage.link_of(id)->link.provider_id;
    stage.provider->patch_row("employees", record, {{"FirstName", "Kirsti"}});
  }
  const Means with = stage.means();
  const auto opened = stage.open();
  auto run = ManualRun::start(with, *opened, "a test");
  REQUIRE(run);
  stage.hub->patch_row("users", ids[0], {{"familyName", "Lunde"}});
  stage.tell(ids[0]);
  stage.work();
  REQUIRE(stage.employee_of(ids[0])["LastName"] == "Lunde");
  Decisions decisions;
  decisions.bulk = Choice::provider;
  REQUIRE(run->decide(decisions));
  const auto done = run->apply(std::chrono::seconds(5));
  if (!done) FAIL(done.error().what);
  CHECK(done->applied.count(Outcome::Kind::moved) == 1);
  CHECK(stage.hub->row("users", ids[1])["givenName"] == "Kirsti");
  CHECK(stage.hub->row("users", ids[0])["givenName"] != "Kirsti");
  stage.work();
  REQUIRE(stage.problems().size() == 1);  // what the provider has changed is still to be decided
  CHECK(stage.problems().front().hub_id == ids[0]);
}

TEST_CASE(
    "what a run could not write, and a push has made the same since, is solved when the person is looked at again") {
  Stage stage({.people = 3});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  stage.hub->patch_row("users", id, {{"familyName", "Lunde"}});
  const Means with = stage.means();
  const auto opened = stage.open();
  auto run = ManualRun::start(with, *opened, "a test");
  REQUIRE(run);
  stage.hub->patch_row("users", id, {{"familyName", "Later"}});
  stage.tell(id);
  stage.work();
  REQUIRE(stage.employee_of(id)["LastName"] == "Later");
  Decisions decisions;
  decisions.bulk = Choice::hub;
  REQUIRE(run->decide(decisions));
  const auto done = run->apply(std::chrono::seconds(5));
  if (!done) FAIL(done.error().what);
  CHECK(done->applied.count(Outcome::Kind::moved) == 1);
  CHECK(stage.problems().size() == 1);
  stage.work();
  CHECK(stage.problems().empty());
  CHECK(stage.employee_of(id)["LastName"] == "Later");
}

TEST_CASE("an undo puts replaced values back, and leaves what has changed since") {
  Stage stage({.people = 3});
  const std::vector<std::string> ids = stage.hub_ids();
  const std::string first = stage.hub->row("users", ids[0])["givenName"],
                    second = stage.hub->row("users", ids[1])["givenName"];
  stage.activate();
  for (int i = 0; i < 2; ++i) {
    stage.hub->patch_row("users", ids[static_cast<std::size_t>(i)], {{"givenName", "Solveig"}});
    stage.tell(ids[static_cast<std::size_t>(i)]);
  }
  stage.work();
  REQUIRE(stage.employee_of(ids[0])["FirstName"] == "Solveig");
  stage.provider->patch_row("employees", stage.link_of(ids[1])->link.provider_id, {{"FirstName", "Kirsti"}});

  const Means with = stage.means();
  const auto opened = stage.open();
  const auto undone = undo(with, *opened, no_run, 0, "a test", std::chrono::seconds(5));
  if (!undone) FAIL(undone.error().what);
  CHECK(undone->applied.count(Outcome::Kind::done) == 1);
  CHECK(undone->left.size() == 1);
  CHECK(stage.employee_of(ids[0])["FirstName"] == first);
  CHECK(stage.employee_of(ids[1])["FirstName"] == "Kirsti");

  stage.tell(ids[0]);  // the hub has not changed since: what was put back stays
  stage.work();
  CHECK(stage.employee_of(ids[0])["FirstName"] == first);
}

TEST_CASE(
    "an undo leaves whoever the hub has changed since, whoever is excluded, cut or deactivated, and what a rule "
    "forbids") {
  Stage stage({.people = 5});
  const std::vector<std::string> ids = stage.hub_ids();
  stage.activate();
  for (const std::string& id : ids) {
    stage.hub->patch_row("users", id, {{"givenName", "Solveig"}});
    stage.tell(id);
  }
  stage.work();
  const auto change = [&](const std::string& id, const std::function<void(Link&)>& how) {
    stage.store.write([&](Transaction& now) -> Result<void> {
      auto link = now.link_of_hub(stage.id, id);
      if (!link) return std::unexpected(link.error());
      how((*link)->link);
      const auto put = now.put_link(stage.id, **link);
      return put ? Result<void>{} : std::unexpected(put.error());
    });
  };
  stage.hub->patch_row("users", ids[0], {{"givenName", "Kirsti"}});
  stage.tell(ids[0]);
  change(ids[1], [](Link& link) { link.state = LinkState::excluded; });
  change(ids[2], [](Link& link) { link.excluded_fields = {"Given name"}; });
  change(ids[3], [](Link& link) { link.state = LinkState::locked; });
  change(ids[4], [](Link& link) {
    link.state = LinkState::disputed;
    link.left = true;
  });
  stage.forget_calls();

  const Means with = stage.means();
  const auto opened = stage.open();
  const auto undone = undo(with, *opened, no_run, 0, "a test", std::chrono::seconds(5));
  if (!undone) FAIL(undone.error().what);
  std::string left;
  for (const std::string& one : undone->left) left += one + "\n";
  CHECK(undone->plan.operations.empty());
  CHECK(undone->left.size() == 5);
  CHECK_THAT(left, Catch::Contains(ids[0] + ": Given name has changed in Huma since"));
  CHECK_THAT(left, Catch::Contains(ids[1] + ": is excluded, so nothing is written"));
  CHECK_THAT(left, Catch::Contains(ids[2] + ": Given name is excluded"));
  CHECK_THAT(left, Catch::Contains(ids[3] + ": is not active in Huma any more, so nothing is written"));
  CHECK_THAT(left, Catch::Contains(ids[4] + ": is no longer linked as then"));
  CHECK(stage.writes() == 0);

  stage.work();
  CHECK(stage.employee_of(ids[0])["FirstName"] == "Kirsti");
}

TEST_CASE("a run whose system goes down on the way stops, is kept with its decisions, and is carried on") {
  Stage stage({.people = 14, .creates = false});
  stage.activate();
  for (const std::string& id : stage.hub_ids()) stage.hub->patch_row("users", id, {{"familyName", "Lunde"}});
  const Means with = stage.means();
  const auto opened = stage.open();
  auto run = ManualRun::start(with, *opened, "a test");
  if (!run) FAIL(run.error().what);
  Decisions decisions;
  decisions.accept_preselected = true;
  REQUIRE(run->decide(decisions));
  const RunId id = run->run().id;
  stage.provider->add_fault(
      {{"kind", "status"}, {"status", 503}, {"method", "PATCH"}, {"path", "/Employees"}, {"times", -1}});
  stage.forget_calls();
  const auto stopped = run->apply(std::chrono::seconds(5));
  REQUIRE_FALSE(stopped);
  CHECK_THAT(stopped.error().what, Catch::Contains("fails for one person after the other"));
  stage.provider->clear_faults();

  auto again = ManualRun::resume(with, *opened, id);
  if (!again) FAIL(again.error().what);
  const auto done = again->apply(std::chrono::seconds(5));
  if (!done) FAIL(done.error().what);
  CHECK(done->finished);
  CHECK(done->applied.count(Outcome::Kind::done) >= 14 - 4);
  stage.work();
  std::size_t right = 0;
  for (const std::string& one : stage.hub_ids()) right += stage.employee_of(one)["LastName"] == "Lunde" ? 1U : 0U;
  CHECK(right >= 14 - 4);
}

TEST_CASE("an undo of one value leaves the rest of the person's log, and what nobody decided is still to be pushed") {
  Stage stage({.people = 2});
  const std::string id = stage.hub_ids().front();
  stage.activate();
  stage.hub->patch_row("users", id, {{"givenName", "Solveig"}, {"bankAccount", {{"country", "NO"}, {"number", "12"}}}});
  stage.tell(id);
  stage.work();
  REQUIRE(stage.employee_of(id)["FirstName"] == "Solveig");
  const std::size_t told = stage.problems().size();
  REQUIRE(told > 0);
  const Means with = stage.means();
  const auto opened = stage.open();
  const auto undone = undo(with, *opened, no_run, 0, "a test", std::chrono::seconds(5));
  if (!undone) FAIL(undone.error().what);
  CHECK(stage.problems().size() == told);

  stage.hub->patch_row("users", id, {{"familyName", "Lunde"}});  // its event is lost
  auto run = ManualRun::start(with, *opened, "a test");
  if (!run) FAIL(run.error().what);
  const auto done = run->apply(std::chrono::seconds(5));  // nobody decides anything
  if (!done) FAIL(done.error().what);
  const auto swept = sweep(with, *opened);
  if (!swept) FAIL(swept.error().what);
  stage.work();
  CHECK(stage.employee_of(id)["LastName"] == "Lunde");
}

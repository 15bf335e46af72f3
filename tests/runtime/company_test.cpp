// Keys of another company, records that are gone, and people who are nobody's yet: never silent, never the wrong one.
#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/runtime/run/undo.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using Catch::Matchers::Contains;
using sandbox::Json;

namespace {

void work_until_quiet(Stage& stage) {
  const Means with = stage.means();
  Worker worker(with, {.name = "test", .threads = 4, .poll = std::chrono::milliseconds(10), .sweep = {}});
  const Result<void> worked = worker.run_until_quiet();
  if (!worked) FAIL(worked.error().what);
}

}  // namespace

TEST_CASE("keys that open another company are never written with, and the connection is held off") {
  Stage stage;
  stage.activate();
  stage.forget_calls();
  stage.change_connection([](Connection& connection) { connection.company_id = "another"; });
  const std::string id = stage.hub_ids().front();
  stage.hub->patch_row("users", id, {{"givenName", "Synnøve"}});
  stage.tell(id);
  stage.work();
  CHECK(stage.writes() == 0);
  CHECK(stage.connection().state == ConnectionState::quarantined);
  CHECK_THAT(stage.connection().why, Contains("make another connection for another company"));

  const Means with = stage.means();
  const auto opened = stage.open();
  const auto run = ManualRun::start(with, *opened, "a test");
  REQUIRE_FALSE(run);
  CHECK(run.error().kind == Error::Kind::input);
  CHECK_THAT(run.error().what, Contains("another company"));
  CHECK(stage.writes() == 0);
}

TEST_CASE("a linked person's record that is gone stays in the log until it is back") {
  Stage stage;
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const std::string record = stage.link_of(id)->link.provider_id;
  const Json row = stage.provider->row("employees", record);
  stage.provider->remove_row("employees", record);
  stage.hub->patch_row("users", id, {{"givenName", "Synnøve"}});
  stage.tell(id);
  work_until_quiet(stage);
  REQUIRE(stage.problems().size() == 1);
  CHECK_THAT(stage.problems()[0].what, Contains("is gone from PowerOffice Go"));
  CHECK(stage.problems()[0].needs_you);
  stage.provider->put_row("employees", record, row);
  stage.tell(id);
  work_until_quiet(stage);
  CHECK(stage.problems().empty());
}

TEST_CASE("a second account of a linked person is disputed, in the log") {
  Stage stage({.creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const std::string again = "0b6f63d2-7f4c-4f0e-9d57-5a9f0f0f9a01";
  Json row = stage.hub->row("users", id);
  row["id"] = again;
  stage.hub->put_row("users", again, row);
  stage.forget_calls();
  stage.tell(again, Event::added);
  stage.work();
  CHECK(stage.writes() == 0);
  REQUIRE(stage.problems().size() == 1);
  CHECK(stage.problems()[0].hub_id == again);
  CHECK(stage.problems()[0].reason == Reason::disputed);
  CHECK_THAT(stage.problems()[0].what, Contains(id));
}

TEST_CASE("nothing is pushed to a record that has changed places with another linked person's") {
  Stage stage({.people = 3, .creates = false});
  stage.activate();
  const std::vector<std::string> ids = stage.hub_ids();
  std::vector<std::string> records;
  std::vector<Json> rows;
  for (const std::size_t i : {0U, 1U}) {
    records.push_back(stage.link_of(ids[i])->link.provider_id);
    rows.push_back(stage.provider->row("employees", records[i]));
  }
  const auto put = [&](std::size_t row, std::size_t at) {
    Json moved = rows[row];
    moved["Id"] = rows[at]["Id"];
    stage.provider->put_row("employees", records[at], moved);
  };
  put(0, 1);
  put(1, 0);
  stage.hub->patch_row("users", ids[0], {{"givenName", "Synnøve"}});
  stage.tell(ids[0]);
  stage.forget_calls();
  stage.work();
  CHECK(stage.writes() == 0);
  REQUIRE(stage.problems().size() == 1);
  CHECK(stage.problems()[0].hub_id == ids[0]);
  CHECK(stage.problems()[0].reason == Reason::disputed);
  CHECK_THAT(stage.problems()[0].what, Contains(ids[1]));
  CHECK(stage.link_of(ids[0])->link.state == LinkState::disputed);
  // Another mail of the other person settles nothing.
  stage.hub->patch_row("users", ids[1], {{"email", "another@example.com"}});
  Json other = stage.provider->row("employees", records[1]);
  other["EmailAddress"] = "another@example.com";
  stage.provider->put_row("employees", records[1], other);
  for (const std::size_t i : {1U, 0U}) {
    stage.tell(ids[i]);
    stage.work();
  }
  REQUIRE(stage.problems().size() == 1);
  CHECK(stage.problems()[0].hub_id == ids[0]);
  CHECK(stage.problems()[0].reason == Reason::disputed);
  // Once the records are right, the change goes.
  put(0, 0);
  put(1, 1);
  stage.forget_calls();
  stage.tell(ids[0]);
  stage.work();
  CHECK(stage.writes() > 0);
  CHECK(stage.problems().empty());
}

TEST_CASE("somebody who cannot be read is named, and a first run does not end without them") {
  Stage stage({.people = 3});
  const std::string id = stage.hub_ids().front();
  stage.hub->add_fault({{"kind", "status"}, {"status", 400}, {"times", -1}, {"path", "/users/" + id}});
  {
    const ManualRun::Done done = stage.synchronise();
    CHECK_FALSE(done.complete);
    CHECK_FALSE(done.finished);
    CHECK_FALSE(done.activated);
    REQUIRE(done.unread.size() == 1);
    CHECK(done.plan.people[done.unread[0].first].hub_id == id);
  }
  CHECK(stage.connection().state == ConnectionState::fresh);
  const std::vector<Problem> problems = stage.problems();
  CHECK(std::ranges::count_if(problems, [&](const Problem& one) {
          return one.hub_id == id && one.what.find("could not be read in Huma (user: ") != std::string::npos;
        }) == 1);
  CHECK(std::ranges::count_if(problems, [](const Problem& one) { return one.reason == Reason::no_match_key; }) == 0);
  const Result<void> read = stage.means().store.read([&](Transaction& transaction) -> Result<void> {
    const auto runs = transaction.runs(stage.id);
    REQUIRE(runs);
    REQUIRE(runs->size() == 1);
    CHECK_THAT(runs->front().summary, Contains("Huma " + id + " could not be read"));
    return {};
  });
  REQUIRE(read);
  stage.hub->clear_faults();
  stage.activate();
  CHECK(stage.problems().empty());
}

TEST_CASE("a run that somebody else has finished while this waited is not carried out again") {
  Stage stage({.people = 3});
  const Means with = stage.means();
  const auto opened = stage.open();
  auto first = ManualRun::start(with, *opened, "a test");
  REQUIRE(first);
  Decisions decisions;
  decisions.accept_preselected = true;
  decisions.bulk = Choice::hub;
  decisions.create_in = {false, false};
  REQUIRE(first->decide(decisions));
  const auto other = stage.open();
  auto second = ManualRun::resume(with, *other, first->run().id);
  REQUIRE(second);
  REQUIRE(first->apply(std::chrono::seconds(5)));
  const auto again = second->apply(std::chrono::seconds(5));
  REQUIRE_FALSE(again);
  CHECK(again.error().kind == Error::Kind::input);
  CHECK_THAT(again.error().what, Contains("is finished"));
}

TEST_CASE("what an undo has put back is not offered to the hub by the next run") {
  Stage stage({.people = 3});
  const std::string id = stage.hub_ids().front();
  stage.hub->patch_row("users", id, {{"givenName", "Synnøve"}, {"phone", "+4799999901"}});
  stage.activate();
  REQUIRE(stage.employee_of(id)["FirstName"] == "Synnøve");
  const Means with = stage.means();
  const auto opened = stage.open();
  const auto undone = undo(with, *opened, 1, 0, "a test", std::chrono::seconds(5));
  if (!undone) FAIL(undone.error().what);
  CHECK(undone->applied.count(Outcome::Kind::done) == undone->plan.operations.size());
  REQUIRE(stage.employee_of(id)["FirstName"] != "Synnøve");
  const auto next = stage.open();
  const auto run = ManualRun::start(with, *next, "a test");
  REQUIRE(run);
  const Plan made = run->make_plan();
  std::size_t differences = 0;
  for (std::size_t i = 0; i < made.entries.size(); ++i) {
    const Entry& entry = made.entries[i];
    if (made.people[made.entries.person(i)].hub_id != id) continue;
    INFO(entry.why);
    CHECK(entry.reason == Reason::standing_difference);
    CHECK(entry.preselected == Choice::undecided);
    ++differences;
  }
  CHECK(differences > 0);
}

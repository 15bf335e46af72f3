// Events in, writes out: what real time promises, over HTTP and a store.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

TEST_CASE("an event about a changed person writes the change, and the base with the lane's end") {
  Stage stage;
  stage.activate();
  stage.forget_calls();
  const std::string id = stage.hub_ids().front();
  stage.hub->patch_row("users", id, {{"givenName", "Synnøve"}});
  stage.tell(id);
  stage.work();
  CHECK(stage.employee_of(id)["FirstName"] == "Synnøve");
  CHECK(stage.writes() == 1);
  CHECK(stage.problems().empty());

  SECTION("a doubled event, and one about nothing, write nothing") {
    stage.forget_calls();
    stage.tell(id);
    stage.tell(id);
    for (const std::string& other : stage.hub_ids()) stage.tell(other);
    stage.work();
    CHECK(stage.writes() == 0);
  }
  SECTION("the next change of the same field is written, too") {
    stage.hub->patch_row("users", id, {{"givenName", "Solveig"}});
    stage.tell(id);
    stage.work();
    CHECK(stage.employee_of(id)["FirstName"] == "Solveig");
  }
}

TEST_CASE("nothing is written before the first manual run is finished") {
  Stage stage;
  const std::string id = stage.hub_ids().front();
  stage.hub->patch_row("users", id, {{"givenName", "Synnøve"}});
  stage.tell(id);
  stage.work();
  CHECK(stage.writes() == 0);
  stage.activate();
  stage.hub->patch_row("users", id, {{"givenName", "Solveig"}});
  stage.work();  // the event of before is still there
  CHECK(stage.employee_of(id)["FirstName"] == "Solveig");
}

TEST_CASE("of a write that the system refused as a whole nothing is kept to be put back") {
  Stage stage({.provider = "netvisor", .people = 3, .creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const std::string record = stage.link_of(id)->link.provider_id;
  stage.provider->patch_row("employees", record, {{"bankaccountnumber", "FI00"}});  // every change of it is refused
  stage.hub->patch_row("users", id, {{"familyName", "Lindqvist"}});
  stage.tell(id);
  stage.work();
  REQUIRE_FALSE(stage.problems().empty());
  CHECK(stage.store.read([&](Transaction& now) { return now.kept_values(stage.id, no_run); }).empty());
}

TEST_CASE("a worker forgets what was kept for a time only, and nothing else") {
  Stage stage;
  stage.activate();
  KeptValue value;
  value.connection = stage.id;
  value.hub_id = "old";
  value.expires = at(1);
  stage.store.write([&](Transaction& now) { return now.keep(value); });
  value.hub_id = "new";
  value.expires = now(stage.means()) + std::chrono::hours(1);
  stage.store.write([&](Transaction& now) { return now.keep(value); });
  stage.work();
  const auto kept = stage.store.read([&](Transaction& now) { return now.kept_values(stage.id, no_run); });
  std::vector<std::string> people;
  for (const KeptValue& each : kept) people.push_back(each.hub_id);
  CHECK(std::ranges::count(people, "old") == 0);
  CHECK(std::ranges::count(people, "new") == 1);
}
TEST_CASE("somebody who may be a double is not added, and the error log says of whom and what to do") {
  Stage stage({.people = 3});
  stage.activate();
  stage.forget_calls();
  const std::string like = stage.hub_ids().front();
  Json made = stage.hub->row("users", like);
  made["id"] = "5a5a5a5a-0000-4000-8000-000000000003";
  made["email"] = "ny.person@example.com";
  made["phone"] = "+4791111111";
  made["employmentId"] = "7001";
  made["identifications"] = Json::array();
  made["bankAccount"] = Json::object();
  made["positions"] = Json::array();
  SECTION("of somebody who is linked") {}
  SECTION("of a record that nobody is linked to") {
    Json record = stage.employee_of(like);
    record["Id"] = 990001;
    record["EmailAddress"] = "gammel@example.com";
    record["Number"] = "7999";
    record["NationalIdNumber"] = nullptr;
    record["FirstName"] = "Gudny";
    stage.provider->put_row("employees", "990001", record);
    made["givenName"] = "Gudny";
  }
  SECTION("of a record with the same e-mail") {
    Json record = stage.employee_of(like);
    record["Id"] = 990001;
    record["EmailAddress"] = made["email"];
    record["Number"] = "7999";
    record["NationalIdNumber"] = nullptr;
    record["IsArchived"] = GENERATE(false, true);
    stage.provider->put_row("employees", "990001", record);
  }
  SECTION("of several records that nobody is linked to") {
    for (const char* id : {"990001", "990002"}) {
      Json record = stage.employee_of(like);
      record["Id"] = std::stoi(id);
      record["EmailAddress"] = std::string("gammel") + id + "@example.com";
      record["Number"] = id;
      record["NationalIdNumber"] = nullptr;
      record["FirstName"] = "Gudny";
      stage.provider->put_row("employees", id, record);
    }
    made["givenName"] = "Gudny";
  }
  const std::size_t before = stage.employees().size();
  stage.hub->put_row("users", made["id"], made);
  stage.tell(made["id"], Event::added);
  stage.work();
  CHECK(stage.employees().size() == before);
  CHECK(stage.writes() == 0);
  const std::vector<Problem> problems = stage.problems();
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().hub_id == made["id"]);
  CHECK(problems.front().needs_you);
  INFO(problems.front().what);
  CHECK_THAT(problems.front().what, Catch::Contains("dovetail sync payroll"));
  stage.tell(made["id"]);  // and a later change does not take it away
  stage.work();
  CHECK(stage.problems().size() == 1);
}

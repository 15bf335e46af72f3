// Killed between a write and remembering it; and the hub changed before the next start.
#include <catch2/catch.hpp>

#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

namespace {

// A worker that dies when its first write has come back.
void die_after_call(Stage& stage) { REQUIRE(stage.work_apart("after-call 1") == "killed"); }

std::string add_person(Stage& stage) {
  const std::string id = "5a5a5a5a-0000-4000-8000-000000000001";
  Json made = stage.hub->row("users", stage.hub_ids().front());
  made["id"] = id;
  made["email"] = "ny.person@example.com";
  made["givenName"] = "Nyansatt";
  made["birthDate"] = "1990-02-03";
  made["phone"] = "+4791111111";
  made["employmentId"] = "7001";
  made["identifications"] = Json::array();
  made["bankAccount"] = Json::object();
  made["positions"] = Json::array();
  stage.hub->put_row("users", id, made);
  stage.tell(id, Event::added);
  return id;
}

}  // namespace

TEST_CASE("what the hub took back after the kill is taken back in the provider, too") {
  const std::string kind = GENERATE(both_stores());
  Stage stage({.store = kind, .provider = "netvisor", .people = 3, .creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const Json before = stage.hub->row("users", id);
  const Json there = stage.employee_of(id);
  Json street = before["homeAddress"];
  street["line1"] = "Feilgata 1";
  stage.hub->patch_row("users", id, {{"givenName", "Wrong"}, {"phone", "+358509991111"}, {"homeAddress", street}});
  stage.tell(id);
  die_after_call(stage);
  REQUIRE(stage.employee_of(id)["firstname"] == "Wrong");
  SECTION("by a push") {}
  SECTION("after two kills") {
    stage.tell(id);
    REQUIRE(stage.work_apart("before-calls 1") == "killed");
  }
  stage.hub->patch_row("users", id, before);
  stage.tell(id);
  REQUIRE(stage.work_apart("") == "done");
  CHECK(stage.employee_of(id)["firstname"] == there["firstname"]);
  CHECK(stage.employee_of(id)["phonenumber"] == there["phonenumber"]);
  CHECK(stage.employee_of(id)["streetaddress"] == there["streetaddress"]);
  CHECK(stage.problems().empty());
}

TEST_CASE("what the hub took back after a run was killed is taken back in the provider, too") {
  const std::string kind = GENERATE(both_stores());
  Stage stage({.store = kind, .provider = "netvisor", .people = 3, .creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const Json before = stage.hub->row("users", id);
  const Json there = stage.employee_of(id);
  stage.hub->patch_row("users", id, {{"givenName", "Wrong"}});
  RunId run = no_run;
  {
    const Means with = stage.means();
    const auto opened = stage.open();
    auto started = ManualRun::start(with, *opened, "a test");
    REQUIRE(started);
    Decisions decisions;
    decisions.bulk = Choice::hub;
    REQUIRE(started->decide(decisions));
    run = started->run().id;
  }
  REQUIRE(stage.work_apart("after-call 1 run " + std::to_string(run)) == "killed");
  REQUIRE(stage.employee_of(id)["firstname"] == "Wrong");
  stage.hub->patch_row("users", id, before);
  stage.tell(id);
  REQUIRE(stage.work_apart("") == "done");
  CHECK(stage.employee_of(id)["firstname"] == there["firstname"]);
  CHECK(stage.problems().empty());
}

TEST_CASE("a part of a field that was written before the kill does not hide what the hub says by then") {
  Stage stage({.provider = "netvisor", .people = 3, .creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const Json before = stage.hub->row("users", id);
  const Json there = stage.employee_of(id);
  Json street = before["homeAddress"];
  street["line1"] = "Feilgata 1";
  street["city"] = "Feilby";
  stage.hub->patch_row("users", id, {{"homeAddress", street}});
  stage.tell(id);
  die_after_call(stage);
  const std::string record = stage.link_of(id)->link.provider_id;
  stage.provider->patch_row("employees", record,
                            {{"streetaddress", there["streetaddress"]}});  // as if only one call had come through
  SECTION("taken back") { stage.hub->patch_row("users", id, before); }
  SECTION("as it was") {}
  stage.tell(id);
  REQUIRE(stage.work_apart("") == "done");
  const Json now = stage.hub->row("users", id)["homeAddress"];
  CHECK(stage.employee_of(id)["streetaddress"] == now["line1"]);
  CHECK(stage.employee_of(id)["city"] == now["city"]);
  CHECK(stage.problems().empty());
}

TEST_CASE("what changed in the hub after the kill of an addition that had happened is pushed") {
  const std::string kind = GENERATE(both_stores());
  Stage stage({.store = kind, .people = 3});
  stage.activate();
  const std::string id = add_person(stage);
  die_after_call(stage);
  REQUIRE(stage.employees().size() == 4);
  SECTION("values") {
    stage.hub->patch_row("users", id, {{"givenName", "Changed"}, {"phone", "+4791299999"}});
    stage.tell(id);
    REQUIRE(stage.work_apart("") == "done");
    CHECK(stage.employee_of(id)["FirstName"] == "Changed");
    CHECK(stage.employee_of(id)["PhoneNumber"] == "+4791299999");
  }
  SECTION("the mail") {
    stage.hub->patch_row("users", id, {{"email", "flyttet@example.com"}});
    stage.tell(id);
    REQUIRE(stage.work_apart("") == "done");
    CHECK(stage.employee_of(id)["EmailAddress"] == "flyttet@example.com");
  }
  SECTION("nothing, but the record lacks what a later call was to give it") {
    const Json rows = stage.provider->rows("employees");
    for (const auto& [key, row] : rows.items()) {
      if (row["EmailAddress"] != "ny.person@example.com") continue;
      stage.provider->patch_row("employees", key, {{"PhoneNumber", nullptr}});
    }
    REQUIRE(stage.work_apart("") == "done");
    CHECK(stage.employee_of(id)["PhoneNumber"] == "+4791111111");
  }
  CHECK(stage.employees().size() == 4);
  CHECK(stage.problems().empty());
}

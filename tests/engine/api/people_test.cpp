#include <catch2/catch.hpp>
#include <filesystem>
#include <utility>

#include "engine/api/call_table.hpp"
#include "tests/engine/api/office.hpp"
#include "tests/places.hpp"

namespace dovetail::test {
namespace {

using Catch::Matchers::Contains;

// A connection whose first run is finished, with everything decided for the hub.
void bring_together(Office& office) {
  office.connect("norway", "poweroffice_go");
  const Json run = office.ok({{"call", "run.start"}, {"connection", "norway"}, {"by", "ada"}})["run"];
  const Json decisions = {{"dovetail", "decisions"}, {"version", 1}, {"bulk", "hub"}, {"create", "both"}};
  office.ok({{"call", "run.decide"}, {"connection", "norway"}, {"run", run}, {"decisions", decisions}});
  REQUIRE(office.ok({{"call", "run.apply"}, {"connection", "norway"}, {"run", run}})["finished"] == true);
}

Json whole_link(Office& office) {
  const Json answer = office.ok({{"call", "links"}, {"connection", "norway"}});
  for (const Json& link : answer["links"]) {
    if (link["hub"] != "" && link["provider"] != "") return link;
  }
  FAIL("nobody is linked");
  return {};
}

TEST_CASE("a host cuts, makes and forgets links while the connection is paused") {
  Office office;
  bring_together(office);
  const Json link = whole_link(office);
  const Json cut = {{"call", "links.cut"}, {"connection", "norway"}, {"person", link["hub"]}, {"by", "ada"}};
  CHECK_THAT(office.failure(cut), Contains("norway is active: pause it first"));
  office.ok({{"call", "connection.pause"}, {"name", "norway"}, {"why", "links"}});
  const Json apart = office.ok(cut);
  CHECK(apart["apart"] == true);
  CHECK(apart["note"] == "cut by ada");
  CHECK_THAT(office.failure(cut), Contains("is not linked to anybody"));
  Json make = {
      {"call", "links.make"}, {"connection", "norway"}, {"person", link["hub"]}, {"record", "nobody"}, {"by", "ada"}};
  CHECK_THAT(office.failure(make), Contains("nobody"));
  make["record"] = link["provider"];
  CHECK(office.ok(make)["evidence"] == "by hand");
  const Json of_person = {{"call", "links"}, {"connection", "norway"}, {"person", link["hub"]}};
  CHECK(office.ok(of_person)["links"].size() == 1);
  const Json forget = {{"call", "links.forget"}, {"connection", "norway"}, {"person", link["hub"]}};
  office.ok(forget);
  CHECK(office.ok(of_person)["links"].empty());
  CHECK_THAT(office.failure(forget), Contains("nobody of this id is remembered"));
}

TEST_CASE("an erasure says if nothing was remembered under the id") {
  Office office;
  bring_together(office);
  const Json mistyped = office.ok({{"call", "person.erase"}, {"person", "nobody"}});
  CHECK(mistyped["was_remembered"] == false);
  CHECK(mistyped["dropped"].empty());
}

TEST_CASE("an erasure names the changes of the person that are dropped by it") {
  Office office;
  bring_together(office);
  const Json link = whole_link(office);
  office.ok({{"call", "event"}, {"connection", "norway"}, {"person", link["hub"]}});
  const Json erased = office.ok({{"call", "person.erase"}, {"person", link["hub"]}});
  CHECK(erased["was_remembered"] == true);
  CHECK(erased["dropped"] == Json::array({"norway"}));
}

TEST_CASE("whoever is due has a turn that does not lie before now, and nobody is at work") {
  Office office;
  bring_together(office);
  const std::string before = instant_json(now(office.runtime->means())).get<std::string>();
  office.ok({{"call", "event"}, {"connection", "norway"}, {"person", whole_link(office)["hub"]}});
  const Json status = office.ok({{"call", "status"}, {"connection", "norway"}});
  REQUIRE(status["people"].size() == 1);
  CHECK(status["people"][0]["next"].get<std::string>() >= before);
  CHECK(status["people"][0]["worker"].is_null());
  CHECK(status["at_work"].is_null());
}

TEST_CASE("whoever has a connection is named, and that they are over when their lease is") {
  Office office;
  office.connect("norway", "poweroffice_go");
  const auto take = [&](const std::string& owner, std::chrono::milliseconds length) {
    const auto taken = office.runtime->store().write([&](Transaction& transaction) -> Result<void> {
      const Instant time = now(office.runtime->means());
      const auto lease = transaction.take_lease("connection/1", owner, time, time + length);
      REQUIRE(lease);
      REQUIRE(*lease);
      return {};
    });
    REQUIRE(taken);
    return office.ok({{"call", "status"}, {"connection", "norway"}})["at_work"];
  };
  const Json working = take("host/17", std::chrono::minutes(1));
  CHECK(working["who"] == "host/17");
  CHECK(working["over"] == false);
  CHECK(take("host/17", std::chrono::milliseconds(-1))["over"] == true);
  CHECK(take("run/3/1763800000000", std::chrono::minutes(1))["who"] == "run 3");
}

TEST_CASE("what two people change of a connection at the same moment counts, both") {
  Office office;
  office.connect("norway", "poweroffice_go");
  Connections& connections = office.runtime->connections();
  bool once = false;
  const auto changed = connections.set("norway", [&](Connection& one) {
    if (!std::exchange(once, true)) REQUIRE(connections.pause("norway", "payday"));
    one.observes_only = true;
  });
  if (!changed) FAIL(changed.error().what);
  CHECK(changed->state == ConnectionState::paused);
  CHECK(changed->why == "payday");
  CHECK(changed->observes_only);
}

TEST_CASE("what was left out of somebody stays so when their link is cut and made") {
  Office office;
  bring_together(office);
  const Json link = whole_link(office);
  Json request = {{"call", "exclude"}, {"connection", "norway"}, {"person", link["hub"]}, {"by", "ada"}};
  request["why"] = "as in the passport";
  request["field"] = "Given name";
  office.ok(request);
  office.ok({{"call", "connection.pause"}, {"name", "norway"}, {"why", "links"}});
  office.ok({{"call", "links.cut"}, {"connection", "norway"}, {"person", link["hub"]}, {"by", "ada"}});
  CHECK_THAT(office.failure(request), Contains("excluded already"));
  const Json made = office.ok({{"call", "links.make"},
                               {"connection", "norway"},
                               {"person", link["hub"]},
                               {"record", link["provider"]},
                               {"by", "ada"}});
  CHECK(made["excluded_fields"] == Json{"Given name"});
  CHECK_THAT(office.failure(request), Contains("excluded already"));
  const Json of_person = {{"call", "links"}, {"connection", "norway"}, {"person", link["hub"]}};
  CHECK(office.ok(of_person)["links"].size() == 1);
}

TEST_CASE("a host leaves somebody out and takes them in again, exports and erases what is remembered") {
  Office office;
  bring_together(office);
  const std::string person = whole_link(office)["hub"];
  Json request = {{"call", "exclude"}, {"connection", "norway"}, {"person", person}, {"by", "ada"}};
  CHECK_THAT(office.failure(request), Contains("say why"));
  request["why"] = "board member";
  CHECK(office.ok(request)["excluded"] == true);
  CHECK_THAT(office.failure(request), Contains("excluded already"));
  const Json exported = office.ok({{"call", "person.export"}, {"person", person}});
  CHECK(exported["hub"] == person);
  CHECK_THAT(exported["connections"]["norway"]["links"].dump(), Contains("board member (by ada)"));
  request["undo"] = true;
  CHECK(office.ok(request)["excluded"] == false);
  request["undo"] = false;
  request["field"] = "Shoe size";
  CHECK_THAT(office.failure(request), Contains("has no field of this label"));
  office.ok({{"call", "person.erase"}, {"person", person}});
  CHECK(office.ok({{"call", "person.export"}, {"person", person}})["connections"]["norway"]["erased_before"] == true);
  CHECK(office.ok({{"call", "retry"}, {"connection", "norway"}})["people"] == 0);
  CHECK_THAT(office.failure({{"call", "retry"}, {"connection", "norway"}, {"person", "nobody"}}),
             Contains("nothing is remembered of a person nobody"));
}

TEST_CASE("what was given up, or refused in a run, is in the log with what to do, and tried again on demand") {
  Office office;
  bring_together(office);
  const Json link = whole_link(office);
  const std::string hub = link["hub"], record = link["provider"];
  sandbox::Sandbox& provider = office.system("poweroffice_go");
  const auto fault = [&] {
    provider.add_fault(
        {{"kind", "status"}, {"status", 400}, {"method", "PATCH"}, {"path", "Employees/" + record}, {"times", -1}});
  };
  const auto log = [&] { return office.ok({{"call", "log"}, {"connection", "norway"}})["problems"]; };
  const auto of_person = [&] {
    Json own = Json::array();
    for (const Json& problem : log()) {
      if (problem["person"]["hub"] == hub) own.push_back(problem);
    }
    return own;
  };
  REQUIRE(of_person().empty());
  fault();
  SECTION("refused in a run: a push about something else does not hide it") {
    provider.patch_row("employees", record, {{"FirstName", "Kirsti"}});
    const Json run = office.ok({{"call", "run.start"}, {"connection", "norway"}, {"by", "ada"}})["run"];
    const Json decisions = {{"dovetail", "decisions"}, {"version", 1}, {"bulk", "hub"}, {"create", "none"}};
    office.ok({{"call", "run.decide"}, {"connection", "norway"}, {"run", run}, {"decisions", decisions}});
    office.ok({{"call", "run.apply"}, {"connection", "norway"}, {"run", run}});
    REQUIRE(of_person().size() == 1);
    CHECK_THAT(of_person()[0]["what"].get<std::string>(),
               Contains("PowerOffice Go refuses it") && Contains("poweroffice_go.map:") &&
                   Contains("The next run offers it again: dovetail sync norway"));
    provider.clear_faults();
    CHECK(office.ok({{"call", "retry"}, {"connection", "norway"}})["people"] > 0);
    office.ok({{"call", "work.until_idle"}});
    CHECK(of_person().size() == 1);  // what a person decided is offered by the next run only
    CHECK(provider.row("employees", record)["FirstName"] == "Kirsti");
    const Json next = office.ok({{"call", "run.start"}, {"connection", "norway"}, {"by", "ada"}})["run"];
    office.ok({{"call", "run.decide"}, {"connection", "norway"}, {"run", next}, {"decisions", decisions}});
    office.ok({{"call", "run.apply"}, {"connection", "norway"}, {"run", next}});
    CHECK(provider.row("employees", record)["FirstName"] != "Kirsti");
  }
  SECTION("refused of a push") {
    office.system("huma").patch_row("users", hub, {{"familyName", "Lindqvist"}});
    office.ok({{"call", "event"}, {"connection", "norway"}, {"person", hub}});
    office.ok({{"call", "work.until_idle"}});
    REQUIRE(of_person().size() == 1);
    CHECK_THAT(of_person()[0]["what"].get<std::string>(), Contains("It is tried again by itself"));
    CHECK(of_person()[0]["needs_you"] == false);
    for (int tries = 0; tries < 10; ++tries) {  // until it is given up
      office.ok({{"call", "retry"}, {"connection", "norway"}, {"person", hub}});
      office.ok({{"call", "work.until_idle"}});
    }
    provider.clear_faults();
    CHECK(office.ok({{"call", "retry"}, {"connection", "norway"}, {"person", hub}})["people"] == 1);
    office.ok({{"call", "work.until_idle"}});
    CHECK(provider.row("employees", record)["LastName"] == "Lindqvist");
  }
  CHECK(of_person().empty());
}

TEST_CASE("an id that nobody has is said to be none, of an event in the log, of an exclusion at once") {
  Office office;
  bring_together(office);
  office.ok({{"call", "event"}, {"connection", "norway"}, {"person", "nobody"}});
  office.ok({{"call", "work.until_idle"}});
  std::string told;
  const Json log = office.ok({{"call", "log"}, {"connection", "norway"}});
  for (const Json& problem : log["problems"]) {
    if (problem["person"]["hub"] == "nobody") told = problem["what"];
  }
  CHECK_THAT(told, Contains("Huma has nobody with this id"));
  CHECK_THAT(
      office.failure(
          {{"call", "exclude"}, {"connection", "norway"}, {"person", "nobody-2"}, {"by", "ada"}, {"why", "gone"}}),
      Contains("Huma has nobody with the id nobody-2"));
}

TEST_CASE("a host puts back what a write replaced") {
  Office office;
  bring_together(office);
  const Json link = whole_link(office);
  const std::string hub = link["hub"], provider = link["provider"];
  const auto name = [&] {
    return office.system("poweroffice_go").row("employees", provider)["LastName"].get<std::string>();
  };
  const std::string before = name();
  office.system("huma").patch_row("users", hub, {{"familyName", "Lindqvist"}});
  office.ok({{"call", "event"}, {"connection", "norway"}, {"person", hub}});
  office.ok({{"call", "work.until_idle"}});
  REQUIRE(name() == "Lindqvist");
  const Json kept = office.ok({{"call", "undo.list"}, {"connection", "norway"}})["kept"];
  REQUIRE(!kept.empty());
  CHECK(kept[0]["person"]["hub"] == hub);
  CHECK(kept[0]["run"].is_null());
  Json request = {{"call", "undo"}, {"connection", "norway"}, {"by", "ada"}};
  CHECK_THAT(office.failure(request), Contains("either `run` or `write`"));
  request["write"] = kept[0]["write"];
  const Json undone = office.ok(request);
  INFO(undone.dump(1));
  CHECK(name() == before);
  CHECK(undone["changes"][0]["outcome"] == "done");
  CHECK(undone["left"].empty());
  CHECK_THAT(office.failure(request), Contains("no values are kept of write"));
}

TEST_CASE("rules that weaken wait until a host's person says yes") {
  Office office;
  std::filesystem::copy(DOVETAIL_SOURCE_DIR "/rules", office.folder.file("rules"),
                        std::filesystem::copy_options::recursive);
  ::setenv("DOVETAIL_RULES", office.folder.file("rules").c_str(), 1);
  std::string map = office.folder.read("rules/poweroffice_go.map");
  const std::string open = "phoneNumber  { unique in huma";
  const std::string protection = ", cannot unset in poweroffice_go";
  REQUIRE(map.find(open) != map.npos);
  map.insert(map.find(open) + open.size(), protection);
  office.folder.write("rules/poweroffice_go.map", map);
  bring_together(office);
  const Json before = office.ok({{"call", "rules.impact"}, {"connection", "norway"}})["impact"][0];
  CHECK(before["changed"] == false);
  CHECK(before["waits"] == false);
  map.erase(map.find(protection), protection.size());
  office.folder.write("rules/poweroffice_go.map", map);
  office.open_again();
  const Answered waiting = answer(*office.runtime, R"({"call": "rules.impact"})");
  INFO(waiting.json);
  REQUIRE(waiting.kind == Answered::Kind::needs_person);
  const Json impact = Json::parse(waiting.json)["impact"][0];
  CHECK(impact["waits"] == true);
  CHECK(!impact["weaker"].empty());
  CHECK_THAT(office.failure({{"call", "rules.approve"}, {"rules", "other"}, {"by", "ada"}}),
             Contains("no rules other wait for approval"));
  const Json approved = office.ok({{"call", "rules.approve"}, {"rules", impact["rules"]}, {"by", "ada"}});
  CHECK(approved["connections"] == Json::array({"norway"}));
  CHECK(office.ok({{"call", "rules.impact"}})["impact"][0]["waits"] == false);
}

}  // namespace
}  // namespace dovetail::test

// A linked record that has become somebody else's.
#include <catch2/catch.hpp>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

RulesBuilder rules_with_ids() {
  RulesBuilder b;
  b.member(hub, "nationalId", "fi_hetu");
  b.member(provider, "hetu", "fi_hetu");
  b.field("Email address", "email", Direction::both, "email");
  b.field("Identifications", "nationalId", Direction::both, "hetu");
  b.field("Employment ID", "employmentId", Direction::both, "number");
  b.field("Given name", "givenName", Direction::both, "firstname");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.rules.match->proposals = {{1}, {2}, {3}};
  return b;
}

World linked_world(const RulesBuilder& b) {
  World world(b.rules);
  world.hub_system.records.push_back({{{"id", value("h1")},
                                       {"isActive", value("true")},
                                       {"email", value("a@x.example")},
                                       {"nationalId", value("010190-999R")},
                                       {"employmentId", value("7")},
                                       {"givenName", value("Anna")}}});
  world.provider_system.records.push_back({{{"id", value("p1")},
                                            {"isActive", value("true")},
                                            {"email", value("a@x.example")},
                                            {"hetu", value("010190-999R")},
                                            {"number", value("7")},
                                            {"firstname", value("Anna")}}});
  world.run(Mode::manual);
  REQUIRE(world.base.links.size() == 1);
  return world;
}

}  // namespace

TEST_CASE("a record whose mail and national id are both another's is disputed, and neither written nor read") {
  const RulesBuilder b = rules_with_ids();
  World world = linked_world(b);
  Record& record = world.provider_system.records[0];
  record.members["email"] = value("b@x.example");
  record.members["hetu"] = value("020290-9982");
  record.members["firstname"] = value("Bertil");
  world.hub_system.records[0].members["givenName"] = value("Annika");
  world.decisions.accept_preselected = true;
  world.decisions.bulk = Choice::hub;
  const std::size_t before = world.provider_system.writes;
  for (const Mode mode : {Mode::push, Mode::manual}) {
    const Plan plan = world.run(mode);
    CHECK(plan.operations.empty());
    CHECK(plan.people[0].reason == Reason::disputed);
    const Entry* entry = find_entry(plan, b.rules, "");
    REQUIRE(entry != nullptr);
    CHECK(entry->action == Action::hold);
    CHECK(entry->why.find("Email address and Identifications of the record p1") == 0);
    CHECK(entry->why.find("b@x") == entry->why.npos);
  }
  CHECK(world.provider_system.writes == before);
  SECTION("until they are the person's again") {
    record.members["hetu"] = value("010190-999R");
    world.run(Mode::push);
    CHECK(record.members["firstname"] == value("Annika"));
  }
}

TEST_CASE("a record with another mail alone, another id alone, or what the hub says by now, is still the person's") {
  const RulesBuilder b = rules_with_ids();
  World world = linked_world(b);
  Record& record = world.provider_system.records[0];
  Record& person = world.hub_system.records[0];
  person.members["givenName"] = value("Annika");
  SECTION("mail") { record.members["email"] = value("b@x.example"); }
  SECTION("national id") { record.members["hetu"] = value("020290-9982"); }
  SECTION("mail and employment id") {
    record.members["email"] = value("b@x.example");
    record.members["number"] = value("8");
  }
  SECTION("both, as in the hub") {
    record.members["email"] = person.members["email"] = value("b@x.example");
    record.members["hetu"] = person.members["nationalId"] = value("020290-9982");
  }
  SECTION("emptied") { record.members["email"] = record.members["hetu"] = unset; }
  world.run(Mode::push);
  CHECK(record.members["firstname"] == value("Annika"));
}

TEST_CASE("where the national id is not to be seen, all other ids that links are proposed by decide") {
  const RulesBuilder b = rules_with_ids();
  World world = linked_world(b);
  Record& record = world.provider_system.records[0];
  record.members["hetu"] = absent;
  record.members["email"] = value("b@x.example");
  world.hub_system.records[0].members["givenName"] = value("Annika");
  SECTION("another number and another name") {
    record.members["number"] = value("8");
    record.members["firstname"] = value("Bertil");
    CHECK(world.run(Mode::push).people[0].reason == Reason::disputed);
    CHECK(record.members["firstname"] == value("Bertil"));
  }
  SECTION("the same number") {
    world.run(Mode::push);
    CHECK(record.members["firstname"] == value("Annika"));
  }
}

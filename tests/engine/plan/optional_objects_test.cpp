// What a system demands of an object that it may do without, as of an address: written whole enough, or not at all.
#include <catch2/catch.hpp>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

// The provider takes no address without a town.
RulesBuilder address_rules() {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  for (const char* path : {"street", "town", "floor"}) {
    b.member(hub, path);
    b.member(provider, std::string("home.") + path).required_on_create = path == std::string("town");
  }
  b.field("Address", {b.pair("street", Direction::both, "home.street"), b.pair("town", Direction::both, "home.town"),
                      b.pair("floor", Direction::both, "home.floor")});
  return b;
}

// One person, the same in both systems; `street`, `town` and `floor` are the provider's.
World address_world(const ir::RuleSet& rules, const Value& street, const Value& town, const Value& floor = unset) {
  World world(rules);
  world.hub_system.records = {{{{"id", value("h1")}, {"isActive", value("true")}, {"email", value("a")}}}};
  world.provider_system.records = {{{{"id", value("p1")},
                                     {"isActive", value("true")},
                                     {"email", value("a")},
                                     {"home.street", street},
                                     {"home.town", town},
                                     {"home.floor", floor}}}};
  return world;
}

void move(World& world, const Value& street, const Value& town) {
  world.hub_system.records[0].members["street"] = street;
  world.hub_system.records[0].members["town"] = town;
}

void check_held(const Plan& plan, const RulesBuilder& b) {
  CHECK(reason_of(plan, b.rules, "Address") == Reason::required_missing);
  const Entry* entry = find_entry(plan, b.rules, "Address");
  REQUIRE(entry != nullptr);
  CHECK(entry->kind == Kind::held);
  CHECK(entry->action == Action::hold);
  CHECK(entry->offers[1].empty());
  CHECK_THAT(std::string(entry->why), Catch::Contains("takes no `home` without `home.town`"));
}

}  // namespace

TEST_CASE("an object that is not there yet is not made without what its system demands of it") {
  const RulesBuilder b = address_rules();
  for (const bool agreed : {false, true}) {
    for (const Mode mode : {Mode::manual, Mode::push}) {
      CAPTURE(agreed, mode);
      World world = address_world(b.rules, unset, unset);
      world.decisions.bulk = mode == Mode::manual ? Choice::hub : Choice::undecided;
      world.agree();
      if (!agreed) world.base.links[0].base.clear();
      move(world, value("Road 1"), unset);
      check_held(world.run(mode), b);
      CHECK(world.provider_system.writes == 0);
      move(world, value("Road 1"), value("Oslo"));
      world.run(mode);
      CHECK(world.provider_system.records[0].members["home.street"] == value("Road 1"));
      CHECK(world.provider_system.records[0].members["home.town"] == value("Oslo"));
    }
  }
}

TEST_CASE("without a decision, what would make an incomplete object is held as well") {
  const RulesBuilder b = address_rules();
  World world = address_world(b.rules, unset, unset);
  move(world, value("Road 1"), unset);
  world.run(Mode::manual);
  check_held(world.look(Mode::manual), b);
}

TEST_CASE("an object that is there, with what is demanded of it, takes a part alone") {
  const RulesBuilder b = address_rules();
  World world = address_world(b.rules, unset, value("Oslo"));
  move(world, unset, value("Oslo"));
  world.agree();
  move(world, value("Road 1"), value("Oslo"));
  const Plan plan = world.run(Mode::push);
  REQUIRE(plan.operations.size() == 1);
  CHECK(plan.operations[0].writes.size() == 1);
  CHECK(world.provider_system.records[0].members["home.street"] == value("Road 1"));
}

TEST_CASE("an object that is there without it already is no new one") {
  const RulesBuilder b = address_rules();
  World world = address_world(b.rules, value("Road 1"), unset);
  move(world, value("Road 1"), unset);
  world.agree();
  move(world, value("Road 2"), unset);
  world.run(Mode::push);
  CHECK(world.provider_system.records[0].members["home.street"] == value("Road 2"));
}

TEST_CASE("a part that is demanded is not emptied while others are written") {
  const RulesBuilder b = address_rules();
  World world = address_world(b.rules, value("Road 1"), value("Oslo"));
  move(world, value("Road 1"), value("Oslo"));
  world.agree();
  move(world, value("Road 2"), unset);
  check_held(world.run(Mode::push), b);
  CHECK(world.provider_system.writes == 0);
  move(world, unset, unset);
  world.run(Mode::push);
  CHECK(world.provider_system.records[0].members["home.street"] == unset);
  CHECK(world.provider_system.records[0].members["home.town"] == unset);
}

TEST_CASE("nothing is known of an object that was not read, so nothing of it is held") {
  const RulesBuilder b = address_rules();
  World world = address_world(b.rules, unset, absent);
  world.agree();
  move(world, value("Road 1"), unset);
  const Plan plan = world.look(Mode::push);
  CHECK(reason_of(plan, b.rules, "Address") != Reason::required_missing);
}

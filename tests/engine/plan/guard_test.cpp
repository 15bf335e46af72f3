#include <catch2/catch.hpp>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

RulesBuilder guard_rules() {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.field("Given name", "givenName", Direction::both, "firstname");
  b.member(hub, "account", "no_account");
  b.member(provider, "account", "no_account");
  b.field("Account", "account", Direction::both, "account");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  return b;
}

World people(const ir::RuleSet& rules, int count) {
  World world(rules);
  for (int i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    world.hub_system.records.push_back({{{"id", value("h" + n)},
                                         {"isActive", value("true")},
                                         {"email", value(n)},
                                         {"givenName", value("A")},
                                         {"account", value("36240734014")}}});
    world.provider_system.records.push_back({{{"id", value("p" + n)},
                                              {"isActive", value("true")},
                                              {"email", value(n)},
                                              {"firstname", value("A")},
                                              {"account", value("36240734014")}}});
  }
  world.run(Mode::manual);
  return world;
}

void change(World& world, int count, const std::string& member, const Value& to) {
  for (int i = 0; i < count; ++i) world.hub_system.records[static_cast<std::size_t>(i)].members[member] = to;
}

}  // namespace

TEST_CASE("pushes up to the limit go through, and one more waits") {
  const RulesBuilder b = guard_rules();
  for (const int changed : {20, 21}) {
    World world = people(b.rules, 60);
    change(world, changed, "givenName", value("B"));
    const Plan plan = world.look(Mode::push);
    CHECK(plan.operations.size() == (changed == 20 ? 20U : 0U));
    CHECK(plan.guards[0].limit == 20);
    CHECK(plan.guards[0].tripped == (changed == 21));
  }
}

TEST_CASE("the limit grows with the population, and earlier changes of the day count") {
  const RulesBuilder b = guard_rules();
  World world = people(b.rules, 200);
  change(world, 40, "givenName", value("B"));
  CHECK(world.look(Mode::push).operations.size() == 40);
  world.guarded_before[0] = 1;
  const Plan plan = world.look(Mode::push);
  CHECK(plan.operations.empty());
  CHECK(reason_of(plan, b.rules, "Given name") == Reason::guarded);
}

TEST_CASE("a tripped kind waits, and everything else goes on") {
  const RulesBuilder b = guard_rules();
  World world = people(b.rules, 60);
  change(world, 6, "givenName", unset);
  change(world, 4, "account", value("15033100040"));
  const Plan plan = world.look(Mode::push);
  CHECK(plan.guards[static_cast<std::size_t>(ir::Guard::Kind::clears)].tripped);
  CHECK(plan.guards[static_cast<std::size_t>(ir::Guard::Kind::bank_accounts)].people == 4);
  CHECK(plan.operations.size() == 4);
  CHECK(reason_of(plan, b.rules, "Given name") == Reason::guarded);
}

TEST_CASE("fills count against no limit") {
  const RulesBuilder b = guard_rules();
  World world = people(b.rules, 60);
  for (Record& record : world.provider_system.records) record.members["firstname"] = unset;
  change(world, 60, "givenName", value("B"));
  world.base = {};
  world.run(Mode::manual);  // links; nothing is decided
  const Plan plan = world.look(Mode::push);
  CHECK(plan.operations.size() == 60);
}

TEST_CASE("a manual run is counted and not held") {
  const RulesBuilder b = guard_rules();
  World world = people(b.rules, 60);
  change(world, 60, "givenName", value("B"));
  world.decisions.bulk = Choice::hub;
  const Plan plan = world.look(Mode::manual);
  CHECK(plan.guards[0].people == 60);
  CHECK(plan.operations.size() == 60);
}

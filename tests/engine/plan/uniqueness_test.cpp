#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

RulesBuilder number_rules(bool clearable = true) {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.field("Number", "number", Direction::both, "code").clauses = {
      RulesBuilder::clause(ir::Clause::Kind::unique, ir::Sides::provider, 12)};
  if (!clearable)
    b.rules.fields[1].clauses.push_back(RulesBuilder::clause(ir::Clause::Kind::cannot_unset, ir::Sides::provider));
  b.rules.match.emplace();
  b.rules.match->field = 0;
  return b;
}

// People whose numbers agree: the n-th has number n.
World numbered_world(const ir::RuleSet& rules, int count) {
  World world(rules);
  for (int i = 1; i <= count; ++i) {
    const std::string n = std::to_string(i);
    world.hub_system.records.push_back(
        {{{"id", value("h" + n)}, {"isActive", value("true")}, {"email", value("p" + n)}, {"number", value(n)}}});
    world.provider_system.records.push_back(
        {{{"id", value("p" + n)}, {"isActive", value("true")}, {"email", value("p" + n)}, {"code", value(n)}}});
  }
  world.run(Mode::manual);
  return world;
}

void renumber(World& world, int person, const std::string& number) {
  world.hub_system.records[static_cast<std::size_t>(person - 1)].members["number"] = value(number);
}

std::string code(World& world, int person) {
  return world.provider_system.records[static_cast<std::size_t>(person - 1)].members["code"].text;
}

}  // namespace

TEST_CASE("an existing holder on the side written into wins, also an unlinked one") {
  const RulesBuilder b = number_rules();
  World world = numbered_world(b.rules, 2);
  world.provider_system.records.push_back({{{"id", value("p9")}, {"isActive", value("false")}, {"code", value("9")}}});
  renumber(world, 1, "9");
  const Plan plan = world.look(Mode::push);
  CHECK(plan.operations.empty());
  const Entry& held = *find_entry(plan, b.rules, "Number");
  CHECK(held.reason == Reason::uniqueness);
  CHECK(held.rule.line == 12);
  CHECK(held.why.find("p9") != std::string::npos);
}

TEST_CASE("two takers of one value are both held") {
  const RulesBuilder b = number_rules();
  World world = numbered_world(b.rules, 3);
  renumber(world, 1, "7");
  renumber(world, 2, "7");
  const Plan plan = world.look(Mode::push);
  CHECK(plan.operations.empty());
  CHECK(reason_of(plan, b.rules, "Number", 0) == Reason::uniqueness);
  CHECK(reason_of(plan, b.rules, "Number", 1) == Reason::uniqueness);
}

TEST_CASE("what releases a value runs before what takes it") {
  const RulesBuilder b = number_rules();
  World world = numbered_world(b.rules, 3);
  renumber(world, 1, "2");
  renumber(world, 2, "3");
  renumber(world, 3, "4");
  const Plan plan = world.run(Mode::push);
  REQUIRE(plan.operations.size() == 3);
  CHECK(plan.people[plan.operations[0].person].hub_id == "h3");
  CHECK(plan.people[plan.operations[2].person].hub_id == "h1");
  CHECK(code(world, 1) == "2");
  CHECK(code(world, 2) == "3");
  CHECK(code(world, 3) == "4");
}

TEST_CASE("what waits for a held change is held too") {
  const RulesBuilder b = number_rules();
  World world = numbered_world(b.rules, 4);
  renumber(world, 1, "2");
  renumber(world, 2, "4");
  const Plan plan = world.look(Mode::push);
  CHECK(plan.operations.empty());
  CHECK(reason_of(plan, b.rules, "Number", 0) == Reason::uniqueness);
}

TEST_CASE("a swap is broken by a clear where the clear is allowed") {
  const RulesBuilder b = number_rules();
  World world = numbered_world(b.rules, 3);
  renumber(world, 1, "2");
  renumber(world, 2, "3");
  renumber(world, 3, "1");
  const Plan plan = world.run(Mode::push);
  CHECK(plan.operations.size() == 4);
  CHECK(plan.operations[0].action == Action::clear);
  CHECK(world.applied.count(Outcome::Kind::done) == 4);
  CHECK(code(world, 1) == "2");
  CHECK(code(world, 2) == "3");
  CHECK(code(world, 3) == "1");
  CHECK(world.run(Mode::push).operations.empty());
}

TEST_CASE("a swap is held where the clear is not allowed") {
  const RulesBuilder b = number_rules(false);
  World world = numbered_world(b.rules, 2);
  renumber(world, 1, "2");
  renumber(world, 2, "1");
  const Plan plan = world.look(Mode::push);
  CHECK(plan.operations.empty());
  CHECK(reason_of(plan, b.rules, "Number", 0) == Reason::uniqueness);
  CHECK(reason_of(plan, b.rules, "Number", 1) == Reason::uniqueness);
}

TEST_CASE("blank never collides") {
  const RulesBuilder b = number_rules();
  World world = numbered_world(b.rules, 2);
  for (Record& record : world.hub_system.records) record.members["number"] = unset;
  CHECK(world.run(Mode::push).totals.clears[1] == 2);
}

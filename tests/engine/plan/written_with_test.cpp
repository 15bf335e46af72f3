// Members that a system takes only together with another one, and those that it computes in an element.
#include <catch2/catch.hpp>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

// The provider takes a phone only with a badge, which no rule gives.
RulesBuilder phone_rules() {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.member(hub, "phone");
  b.member(provider, "phone");
  b.member(provider, "badge");
  b.field("Phone", "phone", Direction::both, "phone");
  b.rules.schemas[1].members[b.id(provider, "phone")].written_with = b.id(provider, "badge");
  return b;
}

World phone_world(const ir::RuleSet& rules, const Value& badge) {
  World world(rules);
  world.hub_system.records = {{{{"id", value("h1")}, {"isActive", value("true")}, {"email", value("a")}}}};
  world.provider_system.records = {
      {{{"id", value("p1")}, {"isActive", value("true")}, {"email", value("a")}, {"badge", badge}}}};
  world.agree();
  world.hub_system.records[0].members["phone"] = value("1");
  return world;
}

}  // namespace

TEST_CASE("what goes only together with a member that nothing gives is held while that has no value") {
  const RulesBuilder b = phone_rules();
  World world = phone_world(b.rules, unset);
  const Plan plan = world.run(Mode::push);
  CHECK(plan.operations.empty());
  CHECK(reason_of(plan, b.rules, "Phone") == Reason::required_missing);
  REQUIRE(find_entry(plan, b.rules, "Phone") != nullptr);
  CHECK(find_entry(plan, b.rules, "Phone")->kind == Kind::held);
  CHECK_THAT(std::string(find_entry(plan, b.rules, "Phone")->why), Catch::Contains("only together with `badge`"));
}

TEST_CASE("what goes only together with a member that has a value takes it along") {
  const RulesBuilder b = phone_rules();
  World world = phone_world(b.rules, value("B7"));
  const Plan plan = world.run(Mode::push);
  REQUIRE(plan.operations.size() == 1);
  CHECK(plan.operations[0].writes.size() == 2);
  CHECK(world.provider_system.records[0].members["phone"].text == "1");
  CHECK(world.provider_system.records[0].members["badge"].text == "B7");
}

TEST_CASE("nobody is created with what goes only together with a member that nothing gives") {
  const RulesBuilder b = phone_rules();
  World world(b.rules);
  world.hub_system.records = {
      {{{"id", value("h1")}, {"isActive", value("true")}, {"email", value("a")}, {"phone", value("1")}}}};
  world.decisions.create_in = {true, true};
  world.run(Mode::manual);
  CHECK(world.provider_system.records.empty());
  world.hub_system.records[0].members["phone"] = unset;
  world.run(Mode::manual);
  CHECK(world.provider_system.records.size() == 1);
}

TEST_CASE("in a list, the element's own partner goes along") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.list(hub, "positions", "start", "end");
  b.list(provider, "periods", "start", "end");
  b.member(provider, "periods[].reason");
  b.field("Start", "positions[].start", Direction::both, "periods[].start").each = 0;
  b.field("End", "positions[].end", Direction::both, "periods[].end").each = 0;
  ir::ListRule list;
  list.lists = {b.id(hub, "positions"), b.id(provider, "periods")};
  list.match = 1;
  b.rules.lists.push_back(list);
  b.rules.schemas[1].members[b.id(provider, "periods[].end")].written_with = b.id(provider, "periods[].reason");
  World world(b.rules);
  world.hub_system.records = {{{{"id", value("h1")}, {"isActive", value("true")}, {"email", value("a")}},
                               {{"positions",
                                 {{{"id", value("a")}, {"start", value("2020-01-01")}},
                                  {{"id", value("b")}, {"start", value("2022-01-01")}}}}}}};
  world.provider_system.records = {
      {{{"id", value("p1")}, {"isActive", value("true")}, {"email", value("a")}},
       {{"periods",
         {{{"id", value("7")}, {"start", value("2020-01-01")}, {"reason", value("own request")}},
          {{"id", value("8")}, {"start", value("2022-01-01")}}}}}}};
  world.agree();
  world.run(Mode::manual);
  for (auto& position : world.hub_system.records[0].lists["positions"]) position["end"] = value("2030-01-01");
  const Plan plan = world.run(Mode::push);
  REQUIRE(plan.operations.size() == 1);
  CHECK(plan.operations[0].writes.size() == 2);
  CHECK(world.provider_system.records[0].lists["periods"][0]["end"].text == "2030-01-01");
  CHECK(world.provider_system.records[0].lists["periods"][1]["end"].state != State::value);
}

TEST_CASE("what an element computes from another of its members is not written there") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.list(hub, "positions", "start", "end");
  b.member(hub, "positions[].grade");
  b.list(provider, "periods", "start", "end");
  b.member(provider, "periods[].code");
  b.member(provider, "periods[].grade");
  b.field("Start", "positions[].start", Direction::both, "periods[].start").each = 0;
  b.field("Grade", "positions[].grade", Direction::both, "periods[].grade").each = 0;
  ir::ListRule list;
  list.lists = {b.id(hub, "positions"), b.id(provider, "periods")};
  list.match = 1;
  b.rules.lists.push_back(list);
  b.rules.schemas[1].members[b.id(provider, "periods[].grade")].derived_from = b.id(provider, "periods[].code");
  World world(b.rules);
  world.hub_system.records = {{{{"id", value("h1")}, {"isActive", value("true")}, {"email", value("a")}},
                               {{"positions",
                                 {{{"id", value("a")}, {"start", value("2020-01-01")}},
                                  {{"id", value("b")}, {"start", value("2022-01-01")}}}}}}};
  world.provider_system.records = {{{{"id", value("p1")}, {"isActive", value("true")}, {"email", value("a")}},
                                    {{"periods",
                                      {{{"id", value("7")}, {"start", value("2020-01-01")}, {"code", value("c")}},
                                       {{"id", value("8")}, {"start", value("2022-01-01")}}}}}}};
  world.agree();
  world.run(Mode::manual);
  for (auto& position : world.hub_system.records[0].lists["positions"]) position["grade"] = value("G2");
  const Plan plan = world.run(Mode::push);
  CHECK(plan.operations.size() == 1);
  CHECK(world.provider_system.records[0].lists["periods"][0]["grade"].state != State::value);
  CHECK(world.provider_system.records[0].lists["periods"][1]["grade"].text == "G2");
}

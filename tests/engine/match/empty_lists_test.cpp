// Lists apart that tell nobody's values, where some are known.
#include <catch2/catch.hpp>

#include "engine/match/empty_lists.hpp"
#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

class EmptiedSystem : public MemorySystem {
 public:
  using MemorySystem::MemorySystem;
  std::vector<EmptyList> empty;
  std::vector<EmptyList> empty_lists() const override { return empty; }
};

RulesBuilder rules_with_lists() {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.field("City", "city", Direction::both, "mail.city");
  b.list(hub, "positions", "start", "end");
  b.list(provider, "periods", "start", "end");
  b.field("Start", "positions[].start", Direction::both, "periods[].start").each = 0;
  ir::ListRule list;
  list.lists = {b.id(hub, "positions"), b.id(provider, "periods")};
  list.match = 2;
  list.add_missing = ir::Sides::both;
  b.rules.lists.push_back(list);
  return b;
}

World one_person(const RulesBuilder& b) {
  World world(b.rules);
  world.hub_system.records = {
      {{{"id", value("h1")}, {"isActive", value("true")}, {"email", value("a")}, {"city", value("Oslo")}},
       {{"positions", {{{"id", value("x")}, {"start", value("2020-01-01")}}}}}}};
  world.provider_system.records = {
      {{{"id", value("p1")}, {"isActive", value("true")}, {"email", value("a")}, {"mail.city", value("Oslo")}},
       {{"periods", {{{"id", value("7")}, {"start", value("2020-01-01")}}}}}}};
  return world;
}

// The plan after both lists of the provider came back empty.
Plan plan_emptied(World& world, const RulesBuilder& b, const std::vector<std::string>& accept = {}) {
  world.provider_system.records[0].members["mail.city"] = unset;
  world.provider_system.records[0].lists["periods"].clear();
  EmptiedSystem system(world.program, provider);
  system.empty = {{.name = "addresses", .members = {b.id(provider, "mail.city")}},
                  {.name = "periods", .members = {b.id(provider, "periods")}}};
  Snapshot read = world.provider_system.snapshot();
  EmptyLists found;
  withhold_empty_lists(world.program, world.base, provider, system, accept, read, found);
  CHECK(found.accepted == accept);
  const Snapshot there = world.hub_system.snapshot();
  return plan(world.input(Mode::manual, there, read));
}

}  // namespace

TEST_CASE("an empty list apart counts as not read where something of it is known, and says so") {
  const RulesBuilder b = rules_with_lists();
  World world = one_person(b);
  world.run(Mode::manual);
  world.decisions.bulk = GENERATE(Choice::hub, Choice::provider);
  const Plan plan = plan_emptied(world, b);
  CHECK(plan.operations.empty());
  CHECK(reason_of(plan, b.rules, "City") == Reason::source_absent);
  CHECK(reason_of(plan, b.rules, "Start") == Reason::source_absent);
  CHECK_FALSE(plan.is_complete());
  CHECK(plan.completeness[1].reason.find(
            "`addresses` tells nothing of anybody, where something of 1 person is known") == 0);
  CHECK(plan.completeness[1].reason.find("--accept-empty addresses") != std::string::npos);
  CHECK(plan.completeness[1].reason.find("`periods`") != std::string::npos);
}

TEST_CASE("an empty list apart is believed where nothing of it was ever agreed on") {
  const RulesBuilder b = rules_with_lists();
  World world = one_person(b);
  world.decisions.bulk = Choice::hub;
  const Plan plan = plan_emptied(world, b);
  CHECK(plan.is_complete());
  CHECK(reason_of(plan, b.rules, "City") == Reason::filled);
  CHECK(reason_of(plan, b.rules, "Start") == Reason::created);
}

TEST_CASE("an empty list apart that somebody says is empty is believed, and the others are not") {
  const RulesBuilder b = rules_with_lists();
  World world = one_person(b);
  world.run(Mode::manual);
  const Plan plan = plan_emptied(world, b, {"addresses"});
  CHECK(reason_of(plan, b.rules, "City") == Reason::drift);
  CHECK(reason_of(plan, b.rules, "Start") == Reason::source_absent);
  CHECK(plan.completeness[1].reason.starts_with("`periods`"));
  REQUIRE(plan.completeness[1].notes.size() == 1);
  CHECK(plan.completeness[1].notes[0].starts_with("`addresses` tells nothing of anybody, and is taken to be empty"));
}

TEST_CASE("an empty list apart that was believed once, and left as it is, needs no second word") {
  const RulesBuilder b = rules_with_lists();
  World world = one_person(b);
  world.run(Mode::manual);
  world.decisions.bulk = Choice::leave;
  const std::vector<std::string> both = {"addresses", "periods"};
  const Plan said = plan_emptied(world, b, both);
  CHECK(said.is_complete());
  const Snapshot there = world.hub_system.snapshot(), read = world.provider_system.snapshot();
  world.base = remember(said, world.input(Mode::manual, there, read), all_done(said));
  const Plan next = plan_emptied(world, b);
  CHECK(next.is_complete());
  CHECK(next.operations.empty());
}

TEST_CASE("a list that is to be taken as empty and does not count as not read is refused") {
  const EmptyLists found{.withheld = {"periods"}, .accepted = {"addresses"}};
  CHECK(check_accepted({"addresses"}, found));
  const Result<void> wrong = check_accepted({"addresses", "adresses"}, found);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().kind == Error::Kind::input);
  CHECK(wrong.error().what ==
        "adresses is to be taken as empty, but there is no list of that name that counts as not read because it is "
        "empty: that is `periods`");
}

TEST_CASE("what nobody told at first is not believed of those who are read again") {
  const RulesBuilder b = rules_with_lists();
  World world = one_person(b);
  world.provider_system.records[0].members["mail.city"] = absent;
  world.provider_system.records[0].unread_lists = {"periods"};
  const Snapshot before = world.provider_system.snapshot();
  world.provider_system.records[0].members["mail.city"] = unset;
  world.provider_system.records[0].unread_lists.clear();
  Snapshot again = world.provider_system.snapshot();
  withhold_as_before(before, again);
  const ir::Layout& layout = again.layout();
  CHECK(again.at(0, layout.slot(b.id(provider, "mail.city"))).state == State::absent);
  CHECK(again.at(0, layout.slot(b.id(provider, "email"))).text == "a");
  CHECK(again.list(0, static_cast<std::size_t>(layout.list(b.id(provider, "periods")))).state == State::absent);
}

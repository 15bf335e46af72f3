// `valid TYPE`: the type's sent form is what is sent, and its key is what is compared, matched and unique.
#include <catch2/catch.hpp>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

ir::Clause valid(std::string_view type, ir::Sides sides = ir::Sides::both) {
  ir::Clause made = RulesBuilder::clause(ir::Clause::Kind::valid, sides);
  made.type = find_type(type);
  return made;
}

// Texts that must be of a type, beside a name.
RulesBuilder rules_of(std::string_view type, ir::Sides sides = ir::Sides::both) {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.field("Name", "name", Direction::both, "name");
  b.field("Number", "number", Direction::both, "code").clauses = {
      valid(type, sides), RulesBuilder::clause(ir::Clause::Kind::unique, ir::Sides::both)};
  b.rules.match.emplace();
  b.rules.match->field = 0;
  return b;
}

Record person(ir::Side side, int n, const Value& number) {
  const std::string text = std::to_string(n);
  return {{{"id", value((side == hub ? "h" : "p") + text)},
           {"isActive", value("true")},
           {"email", value("p" + text + "@example.com")},
           {"name", value("N" + text)},
           {side == hub ? "number" : "code", number}}};
}

World world_of(const ir::RuleSet& rules, const Value& in_hub, const Value& in_provider) {
  World world(rules);
  world.hub_system.records.push_back(person(hub, 1, in_hub));
  world.provider_system.records.push_back(person(provider, 1, in_provider));
  return world;
}

const char* const dotted = "8601.11.17947";
const char* const plain = "86011117947";

void make_secret(RulesBuilder& b) {
  b.rules.schemas[ir::at(hub)].members[b.id(hub, "number")].secret = true;
  b.rules.schemas[ir::at(provider)].members[b.id(provider, "code")].secret = true;
}

class Reversed : public SecretHasher {
 public:
  std::string hash(std::string_view key) const override { return "#" + std::string(key.rbegin(), key.rend()); }
};

}  // namespace

TEST_CASE("what is sent is the sent form of the type that the rule demands, on whichever side it is demanded") {
  for (const ir::Sides sides : {ir::Sides::hub, ir::Sides::provider, ir::Sides::both}) {
    const RulesBuilder b = rules_of("no_account", sides);
    World world = world_of(b.rules, value(dotted), unset);
    world.decisions.bulk = Choice::hub;
    world.run(Mode::manual);
    CHECK(world.provider_system.records[0].members["code"] == value(plain));
    CHECK(world.hub_system.records[0].members["number"] == value(dotted));
    CHECK(world.run(Mode::manual).operations.empty());
    CHECK(world.run(Mode::push).operations.empty());
  }
}

TEST_CASE("what is read into the hub is in the sent form, too") {
  const RulesBuilder b = rules_of("no_account");
  World world = world_of(b.rules, unset, value(dotted));
  world.decisions.bulk = Choice::provider;
  world.run(Mode::manual);
  CHECK(world.hub_system.records[0].members["number"] == value(plain));
  CHECK(world.run(Mode::manual).operations.empty());
}

TEST_CASE("two spellings of one value are one value, on a first run and after a respelling") {
  const RulesBuilder b = rules_of("se_personnummer");
  World world = world_of(b.rules, value("198509179811"), value("850917-9811"));
  Plan plan = world.run(Mode::manual);
  CHECK(reason_of(plan, b.rules, "Number") == Reason::adopted);
  world.hub_system.records[0].members["number"] = value("19850917-9811");
  plan = world.run(Mode::push);
  CHECK(plan.operations.empty());
  CHECK(reason_of(plan, b.rules, "Number") == Reason::equal_after_canonical);
}

TEST_CASE("a value is unique whatever its spelling") {
  const RulesBuilder b = rules_of("no_account");
  World world = world_of(b.rules, value("15033100040"), unset);
  world.provider_system.records.push_back(
      {{{"id", value("p9")}, {"isActive", value("false")}, {"code", value(dotted)}}});
  world.hub_system.records[0].members["number"] = value("8601 11 17947");
  world.decisions.bulk = Choice::hub;
  const Plan plan = world.look(Mode::manual);
  CHECK(plan.operations.size() == 1);  // the link
  CHECK(reason_of(plan, b.rules, "Number") == Reason::uniqueness);
}

TEST_CASE("people are found by the key of the demanded type") {
  RulesBuilder b = rules_of("no_account");
  b.rules.match->field = 2;
  World world = world_of(b.rules, value(dotted), value("8601 11 17947"));
  world.provider_system.records[0].members["email"] = unset;
  const Plan plan = world.look(Mode::manual);
  CHECK(plan.totals.pairs == 1);
  CHECK(plan.people[0].is_linked);
}

TEST_CASE("what the type refuses stays as it is, and is held as before") {
  const RulesBuilder b = rules_of("no_account");
  World world = world_of(b.rules, value("8601.11.17948"), value("8601.11.17948"));
  CHECK(reason_of(world.look(Mode::manual), b.rules, "Number") == Reason::validation);
}

TEST_CASE("a length is that of what is sent") {
  RulesBuilder b = rules_of("no_account");
  ir::Clause longest = RulesBuilder::clause(ir::Clause::Kind::max_length, ir::Sides::provider);
  longest.length = 11;
  b.rules.fields[2].clauses.push_back(longest);
  World world = world_of(b.rules, value(dotted), unset);
  world.decisions.bulk = Choice::hub;
  world.run(Mode::manual);
  CHECK(world.provider_system.records[0].members["code"] == value(plain));
}

TEST_CASE("a value that was settled is the same in another spelling, a secret too, whose hash alone is kept") {
  const Reversed hasher;
  const SecretHasher* const hashers[] = {nullptr, &hasher};
  for (const SecretHasher* one : hashers) {
    RulesBuilder b = rules_of("no_account");
    if (one != nullptr) make_secret(b);
    World world = world_of(b.rules, value(plain), value("15033100040"));
    world.hasher = one;
    world.decisions.bulk = Choice::leave;
    world.run(Mode::manual);
    world.hub_system.records[0].members["number"] = value(dotted);
    CHECK(reason_of(world.look(Mode::manual), b.rules, "Number") == Reason::standing_difference);
    CHECK(world.run(Mode::push).operations.empty());
    world.hub_system.records[0].members["number"] = value("86011117948");  // refused by the type
    CHECK(reason_of(world.look(Mode::manual), b.rules, "Number") != Reason::standing_difference);
  }
}

TEST_CASE("what was hashed by the member's own key, as older bases are, is still known") {
  const Reversed hasher;
  RulesBuilder b = rules_of("no_account");
  make_secret(b);
  World world = world_of(b.rules, value(dotted), value("15033100040"));
  world.hasher = &hasher;
  world.decisions.bulk = Choice::leave;
  world.run(Mode::manual);
  for (Link& link : world.base.links) {
    for (FieldBase& base : link.base) {
      for (BasePart& part : base.hub) {
        if (part.path == "number") part.value.text = hasher.hash(dotted);
      }
    }
  }
  CHECK(reason_of(world.look(Mode::manual), b.rules, "Number") == Reason::standing_difference);
}

TEST_CASE("what was blocked stays quiet in another spelling") {
  RulesBuilder b = rules_of("no_account");
  b.rules.fields[2].clauses.push_back(
      RulesBuilder::clause(ir::Clause::Kind::cannot_unset_or_update, ir::Sides::provider));
  World world = world_of(b.rules, value(plain), value("15033100040"));
  world.decisions.bulk = Choice::hub;
  CHECK(reason_of(world.run(Mode::manual), b.rules, "Number") == Reason::blocked_update);
  world.decisions = {};
  world.hub_system.records[0].members["number"] = value(dotted);
  const Plan plan = world.look(Mode::manual);
  REQUIRE(find_entry(plan, b.rules, "Number") != nullptr);
  CHECK(find_entry(plan, b.rules, "Number")->known);
}

#include <catch2/catch.hpp>

#include <functional>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

RulesBuilder secret_rules() {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.member(hub, "code").secret = true;
  b.member(provider, "code").secret = true;
  b.field("Code", "code", Direction::both, "code");
  return b;
}

World secret_world(const ir::RuleSet& rules, Value in_hub) {
  World world(rules);
  world.hub_system.records = {
      {{{"id", value("h1")}, {"isActive", value("true")}, {"email", value("a")}, {"code", std::move(in_hub)}}}};
  world.provider_system.records = {{{{"id", value("p1")}, {"isActive", value("true")}, {"email", value("a")}}}};
  return world;
}

// The provider withholds what it has, as PowerOffice does with national ids.
void mask(World& world) { world.provider_system.records[0].members["code"] = masked; }

class Reversed : public SecretHasher {
 public:
  std::string hash(std::string_view key) const override { return "#" + std::string(key.rbegin(), key.rend()); }
};

}  // namespace

TEST_CASE("what was written to a masked member confirms it, and only a change of the hub is sent again") {
  const Reversed hasher;
  const SecretHasher* const hashers[] = {nullptr, &hasher};
  for (const SecretHasher* one : hashers) {
    const RulesBuilder b = secret_rules();
    World world = secret_world(b.rules, value("secret"));
    world.hasher = one;
    world.decisions.bulk = Choice::hub;
    CHECK(reason_of(world.run(Mode::manual), b.rules, "Code") == Reason::filled);
    mask(world);
    if (one != nullptr) {
      CHECK(world.base.links[0].base[1].provider[0].value.text == "#terces");
    }
    CHECK(reason_of(world.run(Mode::push), b.rules, "Code") == Reason::no_change);
    world.hub_system.records[0].members["code"] = value("other");
    CHECK(reason_of(world.run(Mode::push), b.rules, "Code") == Reason::written);
    CHECK(world.provider_system.records[0].members["code"] == value("other"));
    mask(world);
    CHECK(world.run(Mode::push).operations.empty());
    world.hub_system.records[0].members["code"] = unset;
    CHECK(reason_of(world.run(Mode::push), b.rules, "Code") == Reason::cleared);
  }
}

TEST_CASE("a masked member that was never confirmed is left, and may be written by decision") {
  const RulesBuilder b = secret_rules();
  World world = secret_world(b.rules, value("secret"));
  mask(world);
  const Plan plan = world.look(Mode::manual);
  CHECK(find_entry(plan, b.rules, "Code")->preselected == Choice::leave);
  CHECK_FALSE(find_entry(plan, b.rules, "Code")->offered(hub));
  world.decisions.bulk = Choice::provider;
  CHECK(world.run(Mode::manual).totals.sets[0] == 0);
  world.decisions.bulk = Choice::hub;
  CHECK(reason_of(world.run(Mode::manual), b.rules, "Code") == Reason::written);
}

TEST_CASE("a masked member that somebody left as it is stays quiet until the hub changes") {
  const Reversed hasher;
  const RulesBuilder b = secret_rules();
  World world = secret_world(b.rules, value("secret"));
  world.hasher = &hasher;
  mask(world);
  world.decisions.bulk = Choice::leave;
  world.run(Mode::manual);
  world.decisions = {};
  const Plan again = world.look(Mode::manual);
  CHECK(reason_of(again, b.rules, "Code") == Reason::standing_difference);
  CHECK(again.ready);
  world.hub_system.records[0].members["code"] = value("other");
  CHECK(reason_of(world.look(Mode::manual), b.rules, "Code") == Reason::target_masked);
}

TEST_CASE("secrets that an older base holds in clear are compared, and hashed when it is kept again") {
  const Reversed hasher;
  const RulesBuilder b = secret_rules();
  World world = secret_world(b.rules, value("secret"));
  world.decisions.bulk = Choice::hub;
  world.run(Mode::manual);
  CHECK(world.base.links[0].base[1].hub[0].value.text == "secret");
  world.hub_system.records[0].members["code"] = value("other");
  world.hasher = &hasher;
  CHECK(reason_of(world.run(Mode::manual), b.rules, "Code") == Reason::written);
  world.hub_system.records.push_back({{{"id", value("h2")}, {"isActive", value("true")}, {"email", value("b")}}});
  world.hasher = nullptr;
  world.hub_system.records[0].members["code"] = value("third");
  world.run(Mode::manual);
  world.hasher = &hasher;
  CHECK(reason_of(world.run(Mode::manual), b.rules, "Code") == Reason::no_change);
  for (const Few<BasePart>* parts : {&world.base.links[0].base[1].hub, &world.base.links[0].base[1].provider}) {
    CHECK((*parts)[0].value.hashed);
    CHECK((*parts)[0].value.text == "#driht");
  }
}

TEST_CASE("an invalid secret that was left is remembered as a hash, too") {
  const Reversed hasher;
  const RulesBuilder b = secret_rules();
  World world = secret_world(b.rules, value("secret"));
  world.hasher = &hasher;
  world.provider_system.records[0].members["code"] = invalid("13105?-308T");
  world.decisions.bulk = Choice::leave;
  world.run(Mode::manual);
  const BaseValue& kept = world.base.links[0].base[1].provider[0].value;
  CHECK(kept.state == State::invalid);
  CHECK(kept.text == "#T803-?50131");
  world.decisions = {};
  CHECK(world.look(Mode::manual).ready);
  world.provider_system.records[0].members["code"] = invalid("13105?-309T");
  CHECK_FALSE(world.look(Mode::manual).ready);
}

TEST_CASE("without the key, what was hashed counts as never agreed") {
  const Reversed hasher;
  const RulesBuilder b = secret_rules();
  World world = secret_world(b.rules, value("secret"));
  world.hasher = &hasher;
  world.decisions.bulk = Choice::hub;
  world.run(Mode::manual);
  world.hasher = nullptr;
  world.provider_system.records[0].members["code"] = value("other");
  CHECK(reason_of(world.look(Mode::push), b.rules, "Code") == Reason::first_run);
  mask(world);
  CHECK(reason_of(world.look(Mode::push), b.rules, "Code") == Reason::target_masked);
}

TEST_CASE("secrets stand in no sentence and are shown as bullets") {
  const RulesBuilder b = secret_rules();
  World world = secret_world(b.rules, value("secret-4711"));
  world.provider_system.records[0].members["code"] = value("other-4712");
  const Plan plan = world.look(Mode::manual);
  for (const Entry& entry : plan.entries) {
    CHECK(entry.why.find("4711") == std::string::npos);
    CHECK(entry.why.find("4712") == std::string::npos);
  }
  CHECK(shown(value("secret-4711"), true).find("secret") == std::string::npos);
}

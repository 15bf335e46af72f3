#include "engine/runtime/write/apply.hpp"

#include <catch2/catch.hpp>

#include <set>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

// A system whose writes of one record fail, and whose other answers are those of a system in memory.
class Failing : public MemorySystem {
 public:
  using MemorySystem::MemorySystem;
  std::string failing_id;
  Error error{Error::Kind::transient, "no answer", "", std::nullopt};

  Result<std::vector<ChangeOutcome>> update(std::string_view id, const std::vector<Change>& changes) override {
    if (id == failing_id) return std::unexpected(error);
    return MemorySystem::update(id, changes);
  }
};

// Accepts every write. `ignores`: without doing it; `answers`: with the values that it has then.
class Accepting : public MemorySystem {
 public:
  using MemorySystem::MemorySystem;
  bool ignores = false, answers = false, shouts = false;

  Result<std::vector<ChangeOutcome>> update(std::string_view id, const std::vector<Change>& changes) override {
    std::vector<ChangeOutcome> outcomes(changes.size(), {ChangeOutcome::Kind::done, std::nullopt, {}});
    for (std::size_t i = 0; i < changes.size(); ++i) {
      Value& there = find_record(id)->members["firstname"];
      if (!ignores) there = value(shouts ? "NEW" : changes[i].value);
      if (answers) outcomes[i].now = there;
    }
    return outcomes;
  }
};

RulesBuilder name_rules() {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.field("Given name", "givenName", Direction::both, "firstname");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  return b;
}

void fill(World& world, const char* hub_name) {
  for (const std::string n : {"1", "2", "3"}) {
    world.hub_system.records.push_back(
        {{{"id", value("h" + n)}, {"isActive", value("true")}, {"email", value(n)}, {"givenName", value(hub_name)}}});
    world.provider_system.records.push_back(
        {{{"id", value("p" + n)}, {"isActive", value("true")}, {"email", value(n)}, {"firstname", value("Old")}}});
  }
}

}  // namespace

TEST_CASE("one record's failure stops no other, and says what kind it was") {
  const RulesBuilder b = name_rules();
  struct Case {
    Error::Kind error;
    Outcome::Kind outcome;
    Reason reason;
  };
  const Case cases[] = {{Error::Kind::transient, Outcome::Kind::failed, Reason::provider_refused},
                        {Error::Kind::data, Outcome::Kind::refused, Reason::provider_refused},
                        {Error::Kind::rate, Outcome::Kind::failed, Reason::rate_limited},
                        {Error::Kind::deferred, Outcome::Kind::failed, Reason::deferred},
                        {Error::Kind::in_doubt, Outcome::Kind::unknown, Reason::in_doubt}};
  for (const Case& one : cases) {
    World world(b.rules);
    fill(world, "New");
    world.decisions.bulk = Choice::hub;
    const Plan made = world.look(Mode::manual);
    Failing provider_system(world.program, provider);
    provider_system.records = world.provider_system.records;
    provider_system.failing_id = "p2";
    provider_system.error.kind = one.error;
    const Applied applied = apply(made, world.program, world.hub_system, provider_system);
    CHECK(applied.count(Outcome::Kind::done) == made.operations.size() - 1);
    CHECK(applied.count(one.outcome) == 1);
    for (const Outcome& outcome : applied.outcomes) {
      if (outcome.kind == one.outcome) CHECK(outcome.reason == one.reason);
    }
    CHECK(provider_system.records[2].members["firstname"] == value("New"));
  }
}

TEST_CASE("what was not confirmed does not become the base, and is sent again") {
  const RulesBuilder b = name_rules();
  World world(b.rules);
  fill(world, "New");
  world.decisions.bulk = Choice::hub;
  const Snapshot hub_snapshot = world.hub_system.snapshot();
  const Snapshot provider_snapshot = world.provider_system.snapshot();
  const PlanInput input = world.input(Mode::manual, hub_snapshot, provider_snapshot);
  const Plan made = plan(input);
  Failing failing(world.program, provider);
  failing.records = world.provider_system.records;
  failing.failing_id = "p2";
  world.base = remember(made, input, apply(made, world.program, world.hub_system, failing));
  world.provider_system.records = failing.records;
  const Plan again = world.run(Mode::manual);
  CHECK(again.operations.size() == 1);
  CHECK(world.provider_system.records[1].members["firstname"] == value("New"));
}

TEST_CASE("a record that is gone when it is to be written is held") {
  const RulesBuilder b = name_rules();
  World world(b.rules);
  fill(world, "New");
  world.decisions.bulk = Choice::hub;
  world.before_apply = [](World& w) { w.provider_system.records.pop_back(); };
  world.run(Mode::manual);
  CHECK(world.applied.count(Outcome::Kind::moved) == 1);
}

TEST_CASE("every reason has one name and a sentence, and is found by its name") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < reason_count; ++i) {
    const auto reason = static_cast<Reason>(i);
    CHECK(names.insert(name(reason)).second);
    CHECK_FALSE(sentence(reason).empty());
    CHECK(find_reason(name(reason)) == reason);
    CHECK_FALSE(name(word(reason)).empty());
  }
  CHECK_FALSE(find_reason("no such reason"));
}

TEST_CASE(
    "a write is done when the system shows it: a success that changes nothing is in doubt, its own form is taken") {
  const RulesBuilder b = name_rules();
  World world(b.rules);
  fill(world, "New");
  world.decisions.bulk = Choice::hub;
  const Plan made = world.look(Mode::manual);
  for (const bool answers : {false, true}) {
    INFO((answers ? "with values in its answers" : "without"));
    Accepting system(world.program, provider);
    system.answers = answers;
    const auto names = [&](Outcome::Kind kind) {
      std::vector<std::string> now;
      system.records = world.provider_system.records;
      const Applied applied = apply(made, world.program, world.hub_system, system);
      for (std::size_t i = 0; i < made.operations.size(); ++i) {
        if (made.operations[i].action == Action::link) continue;
        CHECK(applied.outcomes[i].kind == kind);
        now.push_back(applied.outcomes[i].now.front().text);
      }
      return now;
    };
    CHECK(names(Outcome::Kind::done) == std::vector<std::string>{"New", "New", "New"});
    system.shouts = true;
    CHECK(names(Outcome::Kind::done) == std::vector<std::string>{"NEW", "NEW", "NEW"});
    system.ignores = true;
    CHECK(names(Outcome::Kind::unknown) == std::vector<std::string>{"Old", "Old", "Old"});
  }
}

// What a system refuses: what it names is dropped, what it does not name is found in few calls, and the rest goes.
#include <catch2/catch.hpp>

#include <algorithm>
#include <bit>
#include <cctype>

#include "engine/runtime/write/apply.hpp"
#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

// Refuses a whole write if it has a bad value, naming its member only if asked to.
class Picky : public MemorySystem {
 public:
  using MemorySystem::MemorySystem;
  const ir::Schema* schema = nullptr;
  bool names_it = false;
  std::size_t calls = 0;

  Result<Created> create(const std::vector<Change>& members, std::string_view reference) override {
    ++calls;
    if (auto error = look(members)) return std::unexpected(*error);
    return MemorySystem::create(members, reference);
  }
  Result<std::vector<ChangeOutcome>> update(std::string_view id, const std::vector<Change>& changes) override {
    ++calls;
    if (auto error = look(changes)) return std::unexpected(*error);
    return MemorySystem::update(id, changes);
  }

 private:
  std::optional<Error> look(const std::vector<Change>& changes) const {
    for (const Change& change : changes) {
      if (!change.value.starts_with("bad")) continue;
      return Error{.kind = Error::Kind::data,
                   .what = "the request is not valid",
                   .field = names_it ? schema->members[change.member].path : std::string(),
                   .retry_after = {}};
    }
    return std::nullopt;
  }
};

std::string member_name(int i) { return "m" + std::to_string(i); }

// A linked person with that many fields; those of `bad` have values that the provider refuses.
struct Case {
  RulesBuilder b;
  std::optional<World> world;
  std::optional<Picky> system;
  Applied applied;
  Plan plan;

  Case(int fields, const std::vector<int>& bad, bool names_it) {
    b.field("Email address", "email", Direction::both, "email");
    for (int i = 0; i < fields; ++i)
      b.field("Field " + std::to_string(i), member_name(i), Direction::both, member_name(i));
    b.rules.match.emplace();
    b.rules.match->field = 0;
    world.emplace(b.rules);
    Record hub_record{{{"id", value("h1")}, {"isActive", value("true")}, {"email", value("a")}}};
    Record provider_record{{{"id", value("p1")}, {"isActive", value("true")}, {"email", value("a")}}};
    for (int i = 0; i < fields; ++i) {
      const bool is_bad = std::ranges::count(bad, i) > 0;
      hub_record.members[member_name(i)] = value((is_bad ? "bad " : "good ") + std::to_string(i));
      provider_record.members[member_name(i)] = value("old");
    }
    world->hub_system.records.push_back(hub_record);
    world->provider_system.records.push_back(provider_record);
    world->decisions.bulk = Choice::hub;
    plan = world->look(Mode::manual);
    system.emplace(world->program, provider);
    system->records = world->provider_system.records;
    system->schema = &b.rules.schema(provider);
    system->names_it = names_it;
    applied = apply(plan, world->program, world->hub_system, *system);
  }

  bool written(int i) { return system->records[0].members[member_name(i)] == value("good " + std::to_string(i)); }
};

}  // namespace

TEST_CASE("a refusal that names no field is narrowed down to it in at most log2(n) + 1 further calls") {
  const int fields = GENERATE(2, 3, 5, 8, 13, 16);
  for (int bad = 0; bad < fields; ++bad) {
    INFO(bad << " of " << fields);
    Case one(fields, {bad}, false);
    const auto most = static_cast<std::size_t>(std::bit_width(static_cast<unsigned>(fields - 1))) + 1;
    CHECK(one.system->calls <= 1 + most);
    CHECK(one.applied.count(Outcome::Kind::refused) == 1);
    for (int i = 0; i < fields; ++i) CHECK(one.written(i) == (i != bad));
  }
}

TEST_CASE("where several fields are refused without names, what is not found out about is held, and nothing else") {
  Case one(8, {1, 6}, false);
  CHECK(one.system->calls <= 1 + 4);
  CHECK_FALSE(one.written(1));
  CHECK_FALSE(one.written(6));
  CHECK(one.written(0));
  const auto refused = one.applied.count(Outcome::Kind::refused);
  CHECK(refused >= 2);
  CHECK(refused + one.applied.count(Outcome::Kind::done) == one.applied.outcomes.size());
  CHECK(std::ranges::any_of(one.applied.outcomes, [](const Outcome& outcome) {
    return outcome.what.find("it is not known which of them") != std::string::npos;
  }));
}

TEST_CASE("a refusal that names its field drops that field, and the record goes on") {
  Case one(6, {2, 4}, true);
  CHECK(one.system->calls == 3);
  CHECK(one.applied.count(Outcome::Kind::refused) == 2);
  for (int i = 0; i < 6; ++i) CHECK(one.written(i) == (i != 2 && i != 4));
}

TEST_CASE("a creation goes without the member that a refusal names, unless it is required") {
  const bool required = GENERATE(false, true);
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.field("Given name", "givenName", Direction::both, "firstname");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.rules.schemas[ir::at(provider)].members[b.id(provider, "firstname")].required_on_create = required;
  b.rules.life_cycle.push_back({});
  b.rules.life_cycle.back().event = ir::LifeCycle::Event::add;
  b.rules.life_cycle.back().side = hub;
  b.rules.life_cycle.back().create = true;
  World world(b.rules);
  world.hub_system.records.push_back({{{"id", value("h1")},
                                       {"isActive", value("true")},
                                       {"email", value("a@example.com")},
                                       {"givenName", value("bad name")}}});
  world.decisions.create_in = {std::nullopt, true};
  const Plan plan = world.look(Mode::manual);
  REQUIRE(plan.operations.size() == 1);
  Picky system(world.program, provider);
  system.schema = &b.rules.schema(provider);
  system.names_it = true;
  const Applied applied = apply(plan, world.program, world.hub_system, system);
  CHECK(system.records.size() == (required ? 0U : 1U));
  CHECK(applied.outcomes[0].kind == (required ? Outcome::Kind::refused : Outcome::Kind::done));
  if (!required) {
    CHECK(applied.outcomes[0].not_done.size() == 1);
    CHECK(name(applied.outcomes[0]) == "in part");
    CHECK(!applied.is_whole());
    CHECK(applied.counts() == std::vector<std::pair<std::string_view, std::size_t>>{{"in part", 1}});
    CHECK(applied.outcomes[0].what == "the request is not valid");
  }
}

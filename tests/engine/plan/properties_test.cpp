// What holds for any people: quiet second runs, plans that no order of input changes, stable round trips.
#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "engine/plan/in_threads.hpp"
#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

RulesBuilder random_rules() {
  RulesBuilder b;
  b.member(hub, "email", "email");
  b.member(provider, "email", "email");
  b.field("Email address", "email", Direction::both, "email").required = true;
  b.field("Given name", "givenName", Direction::both, "firstname");
  b.field("Number", "number", Direction::both, "code").clauses = {
      RulesBuilder::clause(ir::Clause::Kind::unique, ir::Sides::both)};
  b.field("Note", "note", Direction::to_provider, "note");
  b.field("Tax", "tax", Direction::to_hub, "tax");
  b.field("Code", "fixed", Direction::both, "fixed").clauses = {
      RulesBuilder::clause(ir::Clause::Kind::cannot_unset_or_update, ir::Sides::provider)};
  for (const auto* path : {"home.line1", "home.city"}) b.member(hub, path);
  for (const auto* path : {"street", "city"}) b.member(provider, path);
  b.field("Address", {b.pair("home.line1", Direction::both, "street"), b.pair("home.city", Direction::both, "city")})
      .clauses = {RulesBuilder::clause(ir::Clause::Kind::all_parts_filled, ir::Sides::provider)};
  b.words(hub, "gender", {"male", "female", "other"});
  b.words(provider, "gender", {"m", "f"});
  using Cell = ir::ValueRow::Cell;
  ir::ValuesTable table{.name = "gender", .rows = {}, .doc = {}, .origin = {}};
  table.rows = {{Cell::word, Cell::word, "male", "m", Direction::both, {}},
                {Cell::word, Cell::word, "female", "f", Direction::both, {}},
                {Cell::otherwise, Cell::unset, "", "", Direction::to_provider, {}},
                {Cell::keep, Cell::unset, "", "", Direction::to_hub, {}}};
  b.rules.tables.push_back(table);
  b.field("Gender", "gender", Direction::both, "gender").shapes[0].pairs[0].table = 0;
  b.list(hub, "positions", "start", "end");
  b.member(hub, "positions[].title");
  b.list(provider, "periods", "start", "end");
  b.member(provider, "periods[].profession");
  ir::ListRule list;
  list.lists = {b.id(hub, "positions"), b.id(provider, "periods")};
  list.match = static_cast<std::uint32_t>(b.rules.fields.size());
  list.add_missing = ir::Sides::both;
  b.rules.lists.push_back(list);
  b.field("Start", "positions[].start", Direction::both, "periods[].start").each = 0;
  b.field("Title", "positions[].title", Direction::both, "periods[].profession").each = 0;
  b.field("End", "positions[].end", Direction::both, "periods[].end").each = 0;
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.rules.match->proposals = {{2}};
  return b;
}

class People {
 public:
  explicit People(unsigned seed) : chance_(seed) {}

  void fill(World& world, int count) {
    for (int i = 0; i < count; ++i) {
      if (below(20) != 0) world.hub_system.records.push_back(person(i, hub));
      if (below(20) != 0) world.provider_system.records.push_back(person(i, provider));
    }
  }

  // Changes some members of somebody on either side.
  void disturb(World& world, int times) {
    for (int i = 0; i < times; ++i) {
      const bool in_hub = below(2) == 0;
      auto& records = in_hub ? world.hub_system.records : world.provider_system.records;
      Record& record = records[below(records.size())];
      const Record other = person(static_cast<int>(below(1000)), in_hub ? hub : provider);
      auto member = record.members.begin();
      std::advance(member, below(record.members.size()));
      if (member->first == "id" || member->first == "isActive" || member->first == "email") continue;
      const auto found = other.members.find(member->first);
      member->second = found == other.members.end() ? unset : found->second;
    }
  }

  std::size_t below(std::size_t limit) { return chance_() % limit; }
  std::mt19937& chance() { return chance_; }

 private:
  Value any(std::initializer_list<const char*> texts) {
    const std::size_t pick = below(texts.size() + 2);
    if (pick >= texts.size())
      return pick == texts.size() ? unset : (below(4) == 0 ? absent : below(4) == 0 ? invalid("?") : unset);
    return value(*(texts.begin() + pick));
  }

  Record person(int number, ir::Side side) {
    const std::string n = std::to_string(number);
    Record record;
    const auto both = [&](const char* in_hub, const char* in_provider, Value made) {
      record.members[side == hub ? in_hub : in_provider] = std::move(made);
    };
    record.members["id"] = value((side == hub ? "h" : "p") + n);
    record.members["isActive"] = value(below(15) == 0 ? "false" : "true");
    const std::size_t mail = below(30);
    record.members["email"] =
        mail == 0 ? unset : value((mail == 1 ? "x" + std::to_string(below(5)) : "p" + n) + "@example.com");
    both("givenName", "firstname", any({"Aino", "Kari", "Bo"}));
    both("number", "code", below(3) == 0 ? unset : value(below(12) == 0 ? std::to_string(below(100)) : n));
    both("note", "note", any({"one", "two"}));
    both("tax", "tax", any({"A", "B"}));
    both("fixed", "fixed", any({"F", "G"}));
    both("home.line1", "street", any({"Street 1", "Street 2"}));
    both("home.city", "city", any({"Oulu", "Oslo"}));
    both("gender", "gender", side == hub ? any({"male", "female", "other"}) : any({"m", "f"}));
    std::vector<std::map<std::string, Value>> elements;
    for (std::size_t i = 0; i < below(3); ++i) {
      elements.push_back({{"id", value("e" + n + std::to_string(i))},
                          {"start", value("20" + std::to_string(10 + i) + "-01-01")},
                          {"end", any({"2025-12-31", "2026-06-30"})},
                          {side == hub ? "title" : "profession", any({"Clerk", "Chief"})}});
    }
    record.lists[side == hub ? "positions" : "periods"] = std::move(elements);
    return record;
  }

  std::mt19937 chance_;
};

std::string describe(const Plan& plan, const Operation& operation) {
  const Entry& entry = plan.entries[operation.entry];
  return plan.people[operation.person].hub_id + " " + entry.why;
}

// Everything a plan says, as one text.
std::string to_text(const Plan& plan) {
  std::string text;
  const auto add = [&](std::string_view part) { text.append(part).append("|"); };
  for (const Person& person : plan.people) {
    add(person.hub_id);
    add(person.provider_id);
    add(name(person.reason));
  }
  for (const Reason reason : plan.reasons) add(name(reason));
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    const Entry& entry = plan.entries[i];
    add(std::to_string(plan.entries.person(i)) + ":" + std::to_string(entry.field));
    add(name(entry.kind));
    add(name(entry.reason));
    add(name(entry.action));
    add(entry.why);
  }
  for (const Operation& operation : plan.operations) {
    add(std::to_string(operation.entry));
    for (const Write& write : operation.writes) {
      add(std::to_string(write.member) + write.element + write.before.text + "->" + write.after.text);
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a second run has nothing to write, whoever wins") {
  const RulesBuilder b = random_rules();
  for (unsigned seed = 1; seed <= 12; ++seed) {
    for (const Choice choice : {Choice::hub, Choice::provider, Choice::leave}) {
      World world(b.rules);
      People people(seed);
      people.fill(world, 60);
      world.decisions.bulk = choice;
      world.decisions.create_in = {choice == Choice::provider, choice == Choice::hub};
      const Plan first = world.run(Mode::manual);
      INFO("seed " << seed << ", " << name(choice));
      CHECK(world.applied.count(Outcome::Kind::done) == first.operations.size());
      // Created people are linked, and their fields adopted, by the second run.
      const Plan second = world.run(Mode::manual);
      CHECK(second.totals.creates[0] + second.totals.creates[1] == 0);
      CHECK(second.operations.size() == second.totals.links);
      const Plan third = world.run(Mode::manual);
      CHECK(third.operations.empty());
      // A push adds nobody, so a value that two wanted in the manual run may now have one taker only.
      const Plan push = world.run(Mode::push);
      for (const Operation& operation : push.operations) {
        INFO(describe(push, operation));
        CHECK(third.reason(operation.person, push.entries[operation.entry].field) == Reason::uniqueness);
      }
    }
  }
}

TEST_CASE("lives of people: after every disturbance one run settles what it may") {
  const RulesBuilder b = random_rules();
  for (unsigned seed = 20; seed <= 26; ++seed) {
    World world(b.rules);
    People people(seed);
    people.fill(world, 40);
    world.run(Mode::manual);
    for (int step = 0; step < 12; ++step) {
      people.disturb(world, 5);
      const Mode mode = people.below(2) == 0 ? Mode::push : Mode::manual;
      world.decisions.bulk = people.below(2) == 0 ? Choice::hub : Choice::provider;
      world.run(mode);
      INFO("seed " << seed << ", step " << step);
      CHECK(world.run(mode).operations.empty());
    }
  }
}

TEST_CASE("any order of records gives the same plan") {
  const RulesBuilder b = random_rules();
  for (unsigned seed = 40; seed <= 45; ++seed) {
    World world(b.rules);
    People people(seed);
    people.fill(world, 50);
    world.decisions.bulk = Choice::hub;
    world.decisions.create_in = {true, true};
    const std::string first = to_text(world.look(Mode::manual));
    for (int round = 0; round < 4; ++round) {
      std::ranges::shuffle(world.hub_system.records, people.chance());
      std::ranges::shuffle(world.provider_system.records, people.chance());
      CHECK(to_text(world.look(Mode::manual)) == first);
    }
    world.run(Mode::manual);
    const std::string linked = to_text(world.look(Mode::push));
    std::ranges::shuffle(world.base.links, people.chance());
    std::ranges::shuffle(world.hub_system.records, people.chance());
    CHECK(to_text(world.look(Mode::push)) == linked);
  }
}

TEST_CASE("any number of threads gives the same plan") {
  const RulesBuilder b = random_rules();
  World world(b.rules);
  People people(46);
  people.fill(world, 4000);
  world.decisions.bulk = Choice::hub;
  world.decisions.create_in = {true, true};
  for (const bool linked : {false, true}) {
    INFO((linked ? "linked" : "at first"));
    if (linked) world.run(Mode::manual);
    const Snapshot hub = world.hub_system.snapshot();
    const Snapshot provider = world.provider_system.snapshot();
    const PlanInput input = world.input(Mode::manual, hub, provider);
    const std::string one = to_text(plan(input));
    for (const std::size_t threads : {2U, 3U, 7U}) CHECK(to_text(plan(input, threads)) == one);
  }
}

TEST_CASE("absent and invalid values are never written anywhere, and nothing changes that was not planned") {
  const RulesBuilder b = random_rules();
  World world(b.rules);
  People people(77);
  people.fill(world, 80);
  world.decisions.bulk = Choice::hub;
  const Plan plan = world.look(Mode::manual);
  for (const Operation& operation : plan.operations) {
    for (const Write& write : operation.writes) {
      CHECK((write.after.state == State::value || write.after.state == State::unset));
      CHECK(write.after.text != "?");
    }
  }
}

TEST_CASE("what is preselected goes when it is decided as preselected, and nothing else is held for it") {
  const RulesBuilder b = random_rules();
  std::size_t announced = 0;
  for (unsigned seed = 100; seed <= 140; ++seed) {
    World world(b.rules);
    People people(seed);
    people.fill(world, 50);
    if (seed % 2 == 0) world.run(Mode::manual);
    for (int step = 0; step < 4; ++step) {
      if (seed % 2 == 0) people.disturb(world, 30);
      world.decisions = {};
      const Plan looked = world.look(Mode::manual);
      world.decisions.accept_preselected = true;
      const Plan decided = world.look(Mode::manual);
      REQUIRE(looked.entries.size() == decided.entries.size());
      for (std::size_t i = 0; i < looked.entries.size(); ++i) {
        const Entry &before = looked.entries[i], &after = decided.entries[i];
        INFO("seed " << seed << ", step " << step << ": " << before.why << " / " << after.why);
        announced += before.reason == Reason::uniqueness;
        const bool chosen = before.open() && before.preselected != Choice::undecided;
        CHECK((after.reason != Reason::uniqueness || before.reason == Reason::uniqueness));
        if (chosen && before.preselected != Choice::leave) CHECK(after.action != Action::hold);
        if (before.open() && !chosen) CHECK(after.open());
      }
      world.run(Mode::manual);
    }
  }
  CHECK(announced > 50);
}

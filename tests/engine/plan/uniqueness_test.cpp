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

namespace {

// Accounts as elements of both lists, whose number may stand once in the provider.
RulesBuilder account_rules(bool clearable = true) {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.list(hub, "accounts");
  b.member(hub, "accounts[].name");
  b.member(hub, "accounts[].number");
  b.list(provider, "cards");
  b.member(provider, "cards[].title");
  b.member(provider, "cards[].code");
  b.field("Name", "accounts[].name", Direction::both, "cards[].title").each = 0;
  ir::Field& number = b.field("Account", "accounts[].number", Direction::both, "cards[].code");
  number.each = 0;
  number.clauses = {RulesBuilder::clause(ir::Clause::Kind::unique, ir::Sides::provider, 21)};
  if (!clearable) number.clauses.push_back(RulesBuilder::clause(ir::Clause::Kind::cannot_unset, ir::Sides::provider));
  ir::ListRule list;
  list.lists = {b.id(hub, "accounts"), b.id(provider, "cards")};
  list.match = 1;
  list.add_missing = ir::Sides::both;
  b.rules.lists.push_back(list);
  return b;
}

using Account = std::map<std::string, Value>;

Account account(const std::string& id, const std::string& name, const std::string& number, bool in_hub) {
  return {{"id", value(id)},
          {in_hub ? "name" : "title", value(name)},
          {in_hub ? "number" : "code", number.empty() ? unset : value(number)}};
}

// People with two accounts each, the n-th with the numbers n1 and n2, agreed on both sides.
World account_world(const ir::RuleSet& rules, int count) {
  World world(rules);
  for (int i = 1; i <= count; ++i) {
    const std::string n = std::to_string(i);
    world.hub_system.records.push_back(
        {{{"id", value("h" + n)}, {"isActive", value("true")}, {"email", value("p" + n)}},
         {{"accounts", {account("a" + n, "first", n + "1", true), account("b" + n, "second", n + "2", true)}}}});
    world.provider_system.records.push_back(
        {{{"id", value("p" + n)}, {"isActive", value("true")}, {"email", value("p" + n)}},
         {{"cards", {account("x" + n, "first", n + "1", false), account("y" + n, "second", n + "2", false)}}}});
  }
  world.run(Mode::manual);
  return world;
}

void set_account(World& world, std::size_t person, std::size_t element, const std::string& number) {
  world.hub_system.records[person - 1].lists["accounts"][element]["number"] = number.empty() ? unset : value(number);
}

std::string card(World& world, std::size_t person, std::size_t element) {
  return world.provider_system.records[person - 1].lists["cards"][element]["code"].text;
}

}  // namespace

TEST_CASE("a value of a list element is unique among everybody's elements") {
  const RulesBuilder b = account_rules();
  World world = account_world(b.rules, 2);
  set_account(world, 1, 0, "22");
  const Plan plan = world.look(Mode::push);
  CHECK(plan.operations.empty());
  const Entry& held = *find_entry(plan, b.rules, "Account");
  CHECK(held.reason == Reason::uniqueness);
  CHECK(held.rule.line == 21);
  CHECK_THAT(held.why, Catch::Contains("p2") && Catch::Contains("y2"));
}

TEST_CASE("a value of a list element is unique among the person's own elements, too") {
  const RulesBuilder b = account_rules();
  World world = account_world(b.rules, 1);
  set_account(world, 1, 0, "12");
  CHECK(world.look(Mode::push).operations.empty());
  CHECK(reason_of(world.look(Mode::push), b.rules, "Account") == Reason::uniqueness);
}

TEST_CASE("two elements that take one value are both held") {
  const RulesBuilder b = account_rules();
  World world = account_world(b.rules, 3);
  set_account(world, 1, 0, "77");
  set_account(world, 2, 1, "77");
  const Plan plan = world.look(Mode::push);
  CHECK(plan.operations.empty());
  CHECK(reason_of(plan, b.rules, "Account", 0) == Reason::uniqueness);
  CHECK(reason_of(plan, b.rules, "Account", 1) == Reason::uniqueness);
}

TEST_CASE("an element's value is released before another element takes it") {
  const RulesBuilder b = account_rules();
  World world = account_world(b.rules, 2);
  set_account(world, 1, 0, "22");
  set_account(world, 2, 1, "12");
  set_account(world, 1, 1, "99");
  const Plan plan = world.run(Mode::push);
  REQUIRE(plan.operations.size() == 3);
  CHECK(plan.operations[0].writes.front().element == "y1");
  CHECK(plan.operations[1].writes.front().element == "y2");
  CHECK(plan.operations[2].writes.front().element == "x1");
  CHECK(card(world, 1, 0) == "22");
  CHECK(card(world, 2, 1) == "12");
}

TEST_CASE("two elements of one person swap their values by a clear, or are held") {
  const RulesBuilder b = account_rules();
  World world = account_world(b.rules, 1);
  set_account(world, 1, 0, "12");
  set_account(world, 1, 1, "11");
  const Plan plan = world.run(Mode::push);
  REQUIRE(plan.operations.size() == 3);
  CHECK(plan.operations[0].action == Action::clear);
  CHECK(card(world, 1, 0) == "12");
  CHECK(card(world, 1, 1) == "11");
  CHECK(world.run(Mode::push).operations.empty());

  const RulesBuilder kept = account_rules(false);
  World held = account_world(kept.rules, 1);
  set_account(held, 1, 0, "12");
  set_account(held, 1, 1, "11");
  CHECK(held.look(Mode::push).operations.empty());
}

TEST_CASE("a new element whose value somebody has is not added") {
  const RulesBuilder b = account_rules();
  World world = account_world(b.rules, 2);
  world.hub_system.records[0].lists["accounts"].push_back(account("c1", "third", "21", true));
  const Plan plan = world.look(Mode::push);
  CHECK(plan.operations.empty());
  CHECK(reason_of(plan, b.rules, "Name") == Reason::uniqueness);
  world.hub_system.records[0].lists["accounts"].back() = account("c1", "third", "31", true);
  CHECK(world.run(Mode::push).operations.size() == 1);
  CHECK(card(world, 1, 2) == "31");
}

TEST_CASE("somebody new whose elements share one value is not created") {
  const RulesBuilder b = account_rules();
  World world = account_world(b.rules, 1);
  world.hub_system.records.push_back(
      {{{"id", value("h9")}, {"isActive", value("true")}, {"email", value("p9")}},
       {{"accounts", {account("a9", "first", "91", true), account("b9", "second", "91", true)}}}});
  world.decisions.create_in[1] = true;
  CHECK(world.look(Mode::manual).operations.empty());
  world.hub_system.records.back().lists["accounts"].back() = account("b9", "second", "", true);
  CHECK_FALSE(world.look(Mode::manual).operations.empty());
}

TEST_CASE("blank elements never collide") {
  const RulesBuilder b = account_rules();
  World world = account_world(b.rules, 2);
  for (std::size_t person : {1U, 2U}) {
    for (std::size_t element : {0U, 1U}) set_account(world, person, element, "");
  }
  CHECK(world.run(Mode::push).totals.clears[1] == 4);
}

namespace {

// Whether deciding everything as preselected holds something for its uniqueness that `looked` did not announce.
bool is_announced(const Plan& looked, const Plan& decided) {
  if (looked.entries.size() != decided.entries.size()) return false;
  for (std::size_t i = 0; i < looked.entries.size(); ++i) {
    const bool held = decided.entries[i].reason == Reason::uniqueness && decided.entries[i].action == Action::hold;
    if (held && looked.entries[i].reason != Reason::uniqueness) return false;
  }
  return true;
}

Plan decide_preselected(World& world) {
  world.decisions.accept_preselected = true;
  Plan plan = world.look(Mode::manual);
  world.decisions.accept_preselected = false;
  return plan;
}

}  // namespace

TEST_CASE("a value that somebody has is held before anybody decides, and is not on offer") {
  const RulesBuilder b = number_rules();
  World world = numbered_world(b.rules, 2);
  renumber(world, 1, "2");
  const Plan plan = world.look(Mode::manual);
  const Entry& held = *find_entry(plan, b.rules, "Number");
  CHECK(held.kind == Kind::held);
  CHECK(held.open());  // Acme's own value may still be read back
  CHECK(held.offered(hub));
  CHECK(held.reason == Reason::uniqueness);
  CHECK(held.preselected == Choice::undecided);
  CHECK_FALSE(held.offered(provider));
  CHECK_THAT(held.why, Catch::Contains("p2 already has it"));
  CHECK(reason_of(plan, b.rules, "Number", 0) == Reason::uniqueness);
  CHECK(plan.totals.fields[static_cast<std::size_t>(Reason::written)] == 0);
  CHECK(is_announced(plan, decide_preselected(world)));

  RulesBuilder one_way = number_rules();
  one_way.rules.fields[1].shapes[0].pairs[0].direction = Direction::to_provider;
  World alone = numbered_world(one_way.rules, 2);
  renumber(alone, 1, "2");
  CHECK(find_entry(alone.look(Mode::manual), one_way.rules, "Number")->action == Action::hold);
}

TEST_CASE("where the other side may win it stays on offer, and the finding says what else can't be") {
  const RulesBuilder b = number_rules();
  World world = numbered_world(b.rules, 2);
  renumber(world, 1, "2");
  world.provider_system.records[0].members["code"] = value("8");
  const Plan plan = world.look(Mode::manual);
  const Entry& conflict = *find_entry(plan, b.rules, "Number");
  CHECK(conflict.kind == Kind::conflict);
  CHECK(conflict.open());
  CHECK_FALSE(conflict.offered(provider));
  CHECK(conflict.offered(hub));
  CHECK_THAT(conflict.why, Catch::Contains("if Huma wins: Number: the value must be unique in Acme"));
}

TEST_CASE("of two who want one value none is preselected, and either may have it") {
  const RulesBuilder b = number_rules();
  World world = numbered_world(b.rules, 3);
  renumber(world, 1, "7");
  renumber(world, 2, "7");
  const Plan plan = world.look(Mode::manual);
  for (const Entry& entry : plan.entries) {
    CHECK(entry.reason == Reason::uniqueness);
    CHECK(entry.open());
    CHECK(entry.preselected == Choice::undecided);
    CHECK(entry.offered(provider));
    CHECK_THAT(entry.why, Catch::Contains("this plan also offers it for"));
  }
  CHECK(decide_preselected(world).operations.empty());
  world.decisions.exact = {{"h2", "", "Number", "", Choice::hub, ""}};
  const Plan decided = world.look(Mode::manual);
  CHECK(decided.operations.size() == 1);
  CHECK_THAT(find_entry(decided, b.rules, "Number")->why, Catch::Contains("this plan also writes it for h2"));
}

TEST_CASE("a chain stays preselected, and says that it hangs together") {
  const RulesBuilder b = number_rules();
  World world = numbered_world(b.rules, 3);
  renumber(world, 1, "2");
  renumber(world, 2, "9");
  const Plan plan = world.look(Mode::manual);
  CHECK(plan.entries[0].preselected == Choice::hub);
  CHECK_THAT(plan.entries[0].why, Catch::Contains("p2 has it, and gives it up only by a decision"));
  CHECK(decide_preselected(world).operations.size() == 2);
}

TEST_CASE("what waits for a value that is not given up is not preselected either") {
  const RulesBuilder b = number_rules();
  World world = numbered_world(b.rules, 4);
  renumber(world, 1, "2");
  renumber(world, 2, "4");
  const Plan plan = world.look(Mode::manual);
  CHECK(plan.entries[0].preselected == Choice::undecided);
  CHECK(plan.entries[0].reason == Reason::uniqueness);
  CHECK(plan.entries[1].preselected == Choice::undecided);
  CHECK(is_announced(plan, decide_preselected(world)));
}

TEST_CASE("a swap that may not be broken is not preselected") {
  const RulesBuilder b = number_rules(false);
  World world = numbered_world(b.rules, 2);
  renumber(world, 1, "2");
  renumber(world, 2, "1");
  const Plan plan = world.look(Mode::manual);
  for (const Entry& entry : plan.entries) {
    CHECK(entry.preselected == Choice::undecided);
    CHECK(entry.reason == Reason::uniqueness);
  }
  const RulesBuilder clearing = number_rules();
  World may = numbered_world(clearing.rules, 2);
  renumber(may, 1, "2");
  renumber(may, 2, "1");
  CHECK(may.look(Mode::manual).entries[0].preselected == Choice::hub);
  CHECK(decide_preselected(may).operations.size() == 3);
}

TEST_CASE("somebody new whose value another record has is not offered for creation") {
  const RulesBuilder b = number_rules();
  World world = numbered_world(b.rules, 2);
  for (const char* who : {"8", "9"}) {
    world.hub_system.records.push_back({{{"id", value(std::string("h") + who)},
                                         {"isActive", value("true")},
                                         {"email", value(std::string("p") + who)},
                                         {"number", value("2")}}});
  }
  const Plan plan = world.look(Mode::manual);
  for (const Entry& entry : plan.entries) {
    CHECK(entry.reason == Reason::uniqueness);
    CHECK(entry.action == Action::hold);
  }
  world.hub_system.records[2].members["number"] = world.hub_system.records[3].members["number"] = value("5");
  for (const Entry& entry : world.look(Mode::manual).entries) {
    CHECK(entry.kind == Kind::create);
    CHECK(entry.open());
    CHECK(entry.reason == Reason::uniqueness);
    CHECK(entry.preselected == Choice::undecided);
  }
}

TEST_CASE("a decision that took over what was preselected takes no value that somebody still has") {
  const RulesBuilder b = number_rules();
  World world = numbered_world(b.rules, 2);
  renumber(world, 1, "2");
  renumber(world, 2, "9");
  world.decisions.exact = {{"h1", "", "Number", "", Choice::hub, "as preselected"}};
  const Plan one = world.look(Mode::manual);
  CHECK(one.operations.empty());
  CHECK(find_entry(one, b.rules, "Number")->action == Action::hold);
  CHECK(one.entries[0].why.find("p2 already has it") != std::string::npos);
  world.decisions.exact.push_back({"h2", "", "Number", "", Choice::hub, "as preselected"});
  CHECK(world.look(Mode::manual).operations.size() == 2);
}

TEST_CASE("two swaps that share a record are broken both, and nothing is left out") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  for (const char* path : {"one", "two"}) b.member(hub, path);
  for (const char* path : {"one", "two"}) b.member(provider, path);
  b.field("Numbers", {b.pair("one", Direction::both, "one"), b.pair("two", Direction::both, "two")}).clauses = {
      RulesBuilder::clause(ir::Clause::Kind::unique, ir::Sides::provider, 12)};
  World world(b.rules);
  const std::vector<std::pair<std::string, std::string>> before = {{"A", "K"}, {"B", "L"}, {"C", "M"}};
  const std::vector<std::pair<std::string, std::string>> after = {{"B", "K"}, {"A", "M"}, {"C", "L"}};
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::string n = std::to_string(i);
    Record of{{{"isActive", value("true")},
               {"email", value("p" + n)},
               {"one", value(before[i].first)},
               {"two", value(before[i].second)}}};
    of.members["id"] = value("h" + n);
    world.hub_system.records.push_back(of);
    of.members["id"] = value("p" + n);
    world.provider_system.records.push_back(of);
  }
  world.run(Mode::manual);
  for (std::size_t i = 0; i < after.size(); ++i) {
    world.hub_system.records[i].members["one"] = value(after[i].first);
    world.hub_system.records[i].members["two"] = value(after[i].second);
  }
  const Plan plan = world.run(Mode::push);
  CHECK(plan.totals.sets[1] == 3);
  for (std::size_t i = 0; i < after.size(); ++i) {
    CHECK(world.provider_system.records[i].members["one"] == value(after[i].first));
    CHECK(world.provider_system.records[i].members["two"] == value(after[i].second));
  }
  CHECK(world.run(Mode::push).operations.empty());
}

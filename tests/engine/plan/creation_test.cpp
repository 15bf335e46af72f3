#include <catch2/catch.hpp>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

RulesBuilder creation_rules() {
  RulesBuilder b;
  b.member(hub, "email", "email");
  b.member(provider, "email", "email").required_on_create = true;
  b.field("Email address", "email", Direction::both, "email").required = true;
  b.field("Given name", "givenName", Direction::both, "firstname");
  b.member(provider, "identifier");
  b.field("Identifier", "identifier", Direction::both, "identifier");
  b.words(hub, "gender", {"male", "female"});
  b.words(provider, "gender", {"male", "female"}).derived_from = b.id(provider, "identifier");
  b.field("Gender", "gender", Direction::both, "gender");
  b.member(provider, "group").required_on_create = true;
  ir::Setting setting;
  setting.name = "group";
  b.rules.settings.push_back(setting);
  setting.name = "create_on_add";
  setting.type = ir::SettingType::boolean;
  setting.default_value = "false";
  b.rules.settings.push_back(setting);
  ir::Fill fill;
  fill.target = b.path(provider, "group");
  fill.on_create = true;
  ir::FillSource::Ask ask{"Payroll group", 0, std::nullopt};
  fill.sources.push_back({ask});
  b.rules.fills.push_back(fill);
  b.rules.match.emplace();
  b.rules.match->field = 0;
  ir::LifeCycle added;
  added.create = true;
  added.create_setting = 1;
  b.rules.life_cycle.push_back(added);
  return b;
}

Record new_hire() {
  return {{{"id", value("h1")},
           {"isActive", value("true")},
           {"email", value("a@example.com")},
           {"givenName", value("Aino")},
           {"identifier", value("N1")},
           {"gender", value("female")}}};
}

}  // namespace

TEST_CASE("somebody only in the hub is offered for creation, with the question that the provider demands") {
  const RulesBuilder b = creation_rules();
  World world(b.rules);
  world.settings = {"Monthly"};
  world.hub_system.records = {new_hire()};
  const Plan plan = world.look(Mode::manual);
  REQUIRE(plan.entries.size() == 1);
  CHECK(plan.entries[0].kind == Kind::create);
  CHECK(plan.entries[0].open());
  CHECK(plan.entries[0].preselected == Choice::hub);
  REQUIRE(plan.questions.size() == 1);
  CHECK(plan.questions[0].suggestion == "Monthly");
  CHECK(reason_of(plan, b.rules, "Given name") == Reason::unlinked);
}

TEST_CASE("a creation waits for its answers") {
  const RulesBuilder b = creation_rules();
  World world(b.rules);
  world.hub_system.records = {new_hire()};
  world.decisions.create_in[1] = true;
  const Plan waiting = world.run(Mode::manual);
  CHECK(waiting.entries[0].action == Action::hold);
  CHECK(waiting.entries[0].reason == Reason::required_missing);
  CHECK(world.provider_system.records.empty());

  world.decisions.answers.push_back({"Payroll group", "", "", "Hourly"});
  const Plan plan = world.run(Mode::manual);
  REQUIRE(world.provider_system.records.size() == 1);
  Record& made = world.provider_system.records[0];
  CHECK(made.members["group"] == value("Hourly"));
  CHECK(made.members["firstname"] == value("Aino"));
  CHECK(reason_of(plan, b.rules, "Given name") == Reason::created);
  SECTION("what the provider computes is not sent") {
    CHECK(made.members.count("gender") == 0);
    CHECK(reason_of(plan, b.rules, "Gender") == Reason::blocked_update);
  }
  SECTION("what was created is agreed on, and the next run plans nothing") {
    const Plan second = world.run(Mode::manual);
    CHECK(second.people.size() == 1);
    CHECK(second.people[0].is_linked);
    CHECK(second.totals.creates[1] == 0);
    CHECK(reason_of(second, b.rules, "Given name") == Reason::no_change);
  }
}

TEST_CASE("a missing required value, or one that fails its check, holds a creation") {
  const RulesBuilder b = creation_rules();
  World world(b.rules);
  world.hub_system.records = {new_hire()};
  world.decisions.create_in[1] = true;
  world.decisions.answers.push_back({"Payroll group", "", "", "Hourly"});
  world.hub_system.records[0].members["givenName"] = invalid("?");
  const Plan plan = world.look(Mode::manual);
  CHECK(plan.operations.empty());
  CHECK(plan.entries[0].reason == Reason::validation);
}

TEST_CASE("an answer that is longer than the member takes is none, and the question stays") {
  RulesBuilder b = creation_rules();
  b.rules.schemas[ir::at(provider)].members[b.id(provider, "group")].max_length = 6;
  World world(b.rules);
  world.hub_system.records = {new_hire()};
  world.decisions.create_in[1] = true;
  world.decisions.answers.push_back({"Payroll group", "", "", "Hourly paid"});
  const Plan plan = world.look(Mode::manual);
  CHECK(plan.operations.empty());
  CHECK(plan.entries[0].reason == Reason::required_missing);
  CHECK(plan.questions.size() == 1);
  world.decisions.answers.back().value = "Hourly";
  CHECK(world.look(Mode::manual).totals.creates[1] == 1);
}

TEST_CASE("no is remembered, and a yes to just this person still counts") {
  const RulesBuilder b = creation_rules();
  World world(b.rules);
  world.hub_system.records = {new_hire()};
  world.decisions.create_in[1] = false;
  CHECK(world.run(Mode::manual).entries[0].reason == Reason::left);
  world.decisions = {};
  const Plan quiet = world.run(Mode::manual);
  CHECK(quiet.totals.open == 0);
  CHECK(quiet.entries[0].known);
  world.decisions.create_in[1] = true;
  CHECK(world.look(Mode::manual).operations.empty());
  world.decisions.exact.push_back({"h1", "", "", "", Choice::hub, "admin"});
  world.decisions.answers.push_back({"Payroll group", "h1", "", "Hourly"});
  CHECK(world.look(Mode::manual).totals.creates[1] == 1);
}

TEST_CASE("an event adds somebody only where the setting says so") {
  const RulesBuilder b = creation_rules();
  World world(b.rules);
  world.hub_system.records = {new_hire()};
  world.event = Event::added;
  world.decisions.answers.push_back({"Payroll group", "", "", "Hourly"});
  CHECK(world.look(Mode::push).operations.empty());
  CHECK(reason_of(world.look(Mode::push), b.rules, "Given name") == Reason::unlinked);
  world.settings = {std::nullopt, "true"};
  CHECK(world.look(Mode::push).totals.creates[1] == 1);
}

TEST_CASE("somebody only in the provider is offered for the hub") {
  const RulesBuilder b = creation_rules();
  World world(b.rules);
  world.provider_system.records = {{{{"id", value("p1")},
                                     {"isActive", value("true")},
                                     {"email", value("b@example.com")},
                                     {"firstname", value("Bo")}}}};
  world.decisions.create_in[0] = true;
  const Plan plan = world.run(Mode::manual);
  CHECK(plan.totals.creates[0] == 1);
  REQUIRE(world.hub_system.records.size() == 1);
  CHECK(world.hub_system.records[0].members["givenName"] == value("Bo"));
  CHECK(world.run(Mode::manual).operations.empty());
}

TEST_CASE("an ended person of the provider is never created in bulk") {
  const RulesBuilder b = creation_rules();
  World world(b.rules);
  world.provider_system.records = {{{{"id", value("p1")},
                                     {"isActive", value("false")},
                                     {"email", value("b@example.com")},
                                     {"firstname", value("Bo")}}}};
  world.decisions.create_in[0] = true;
  const Plan plan = world.look(Mode::manual);
  CHECK(plan.operations.empty());
  CHECK(plan.people[0].reason == Reason::inactive);
  world.decisions.exact.push_back({"", "p1", "", "", Choice::provider, "admin"});
  CHECK(world.look(Mode::manual).totals.creates[0] == 1);
}

TEST_CASE("what cannot be sent is no obstacle to a creation where the provider computes it") {
  RulesBuilder b = creation_rules();
  b.words(hub, "gender", {"male", "female", "other"});
  b.rules.tables.push_back({.name = "gender", .rows = {}, .doc = {}, .origin = {}});
  using Cell = ir::ValueRow::Cell;
  for (const char* word : {"male", "female"}) {
    b.rules.tables[0].rows.push_back({Cell::word, Cell::word, word, word, Direction::both, {}});
  }
  for (ir::Field& field : b.rules.fields) {
    if (field.label == "Gender") field.shapes[0].pairs[0].table = 0;
  }
  World world(b.rules);
  world.hub_system.records = {new_hire()};
  world.hub_system.records[0].members["gender"] = value("other");
  world.decisions.create_in[1] = true;
  world.decisions.answers.push_back({"Payroll group", "", "", "Hourly"});
  SECTION("from a member that goes with the new record") {
    const Plan plan = world.run(Mode::manual);
    REQUIRE(world.provider_system.records.size() == 1);
    CHECK(world.provider_system.records[0].members.count("gender") == 0);
    CHECK(reason_of(plan, b.rules, "Gender") == Reason::blocked_update);
  }
  SECTION("but not where that member has no value") {
    world.hub_system.records[0].members["identifier"] = unset;
    const Plan plan = world.look(Mode::manual);
    CHECK(plan.operations.empty());
    CHECK(plan.entries[0].reason == Reason::validation);
  }
}

TEST_CASE("two elements that fit a selector hold a creation as ambiguous, also where the field is required") {
  RulesBuilder b = creation_rules();
  b.list(hub, "ids");
  b.words(hub, "ids[].type", {"national"});
  b.member(hub, "ids[].value");
  b.member(provider, "national");
  ir::Pair pair = b.pair("ids[].value", Direction::both, "national");
  pair.ends[0].paths[0].selector = {ir::Selector::Kind::where, {{b.id(hub, "ids[].type"), "national"}}};
  b.field("Identifications", {pair}).required = true;
  World world(b.rules);
  Record hire = new_hire();
  for (const char* id : {"a", "b"}) {
    hire.lists["ids"].push_back({{"id", value(id)}, {"type", value("national")}, {"value", value(id)}});
  }
  world.hub_system.records = {hire};
  const Plan plan = world.look(Mode::manual);
  REQUIRE(plan.entries.size() == 1);
  CHECK(plan.entries[0].kind == Kind::held);
  CHECK(plan.entries[0].reason == Reason::ambiguous);
}

TEST_CASE("somebody new gets no list element that lacks what its list demands") {
  RulesBuilder b = creation_rules();
  b.list(hub, "ids");
  b.words(hub, "ids[].type", {"national"});
  b.member(hub, "ids[].value");
  b.member(hub, "ids[].country").required_on_create = true;
  b.member(provider, "national");
  b.member(provider, "country");
  const auto of_national = [&](const char* member, const char* from) {
    ir::Pair pair = b.pair(member, Direction::both, from);
    pair.ends[0].paths[0].selector = {ir::Selector::Kind::where, {{b.id(hub, "ids[].type"), "national"}}};
    return pair;
  };
  b.field("Identifications", {of_national("ids[].value", "national"), of_national("ids[].country", "country")});
  World world(b.rules);
  world.provider_system.records = {{{{"id", value("p1")},
                                     {"isActive", value("true")},
                                     {"email", value("b@example.com")},
                                     {"national", value("N")},
                                     {"country", unset}}}};
  world.decisions.create_in[0] = true;
  const Plan plan = world.run(Mode::manual);
  CHECK(world.hub_system.records.empty());
  CHECK(plan.entries[0].reason == Reason::required_missing);
  CHECK_THAT(plan.entries[0].why, Catch::Contains("Identifications") && Catch::Contains("`ids[].country`"));
  world.provider_system.records[0].members["country"] = value("NO");
  world.run(Mode::manual);
  REQUIRE(world.hub_system.records.size() == 1);
  CHECK(world.hub_system.records[0].lists["ids"][0].at("country") == value("NO"));
}

TEST_CASE("somebody new gets no position that a rule would choose") {
  RulesBuilder b = creation_rules();
  b.list(hub, "positions", "start", "end");
  b.member(hub, "positions[].title");
  b.member(provider, "jobTitle");
  b.member(provider, "startDate", "date");
  const auto chosen = [&](const char* member, ir::Selector::Kind kind, const char* from) {
    ir::Pair pair = b.pair(member, Direction::both, from);
    pair.ends[0].paths[0].selector.kind = kind;
    return pair;
  };
  b.field("Title", {chosen("positions[].title", ir::Selector::Kind::current, "jobTitle")});
  b.field("Start", {chosen("positions[].start", ir::Selector::Kind::earliest, "startDate")});
  World world(b.rules);
  world.provider_system.records = {{{{"id", value("p1")},
                                     {"isActive", value("true")},
                                     {"email", value("b@example.com")},
                                     {"jobTitle", value("Clerk")},
                                     {"startDate", value("2020-01-01")}}}};
  world.decisions.create_in[0] = true;
  const Plan plan = world.run(Mode::manual);
  REQUIRE(world.hub_system.records.size() == 1);
  CHECK(world.hub_system.records[0].lists["positions"].empty());
  CHECK(reason_of(plan, b.rules, "Title") == Reason::not_selected);
  CHECK(world.run(Mode::manual).operations.empty());
}

TEST_CASE("what the provider computes is blocked beside what it is computed from") {
  const RulesBuilder b = creation_rules();
  World world(b.rules);
  world.hub_system.records = {new_hire()};
  world.provider_system.records = {
      {{{"id", value("p1")}, {"isActive", value("true")}, {"email", value("a@example.com")}, {"group", value("x")}}}};
  const Plan looked = world.look(Mode::manual);
  CHECK(find_entry(looked, b.rules, "Identifier")->preselected == Choice::hub);
  CHECK(find_entry(looked, b.rules, "Gender")->action == Action::blocked);
  SECTION("as preselected") {
    world.decisions.accept_preselected = true;
    const Plan plan = world.run(Mode::manual);
    CHECK(reason_of(plan, b.rules, "Gender") == Reason::blocked_update);
    CHECK(world.provider_system.records[0].members["identifier"] == value("N1"));
    CHECK(world.provider_system.records[0].members.count("gender") == 0);
    CHECK(world.run(Mode::manual).operations.empty());
  }
  SECTION("it goes where that does not") {
    world.decisions.bulk = Choice::hub;
    world.decisions.exact = {{"h1", "", "Identifier", "", Choice::leave, "admin"}};
    world.run(Mode::manual);
    CHECK(world.provider_system.records[0].members["gender"] == value("female"));
  }
}

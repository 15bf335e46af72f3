// What was not read, what need not be sent, and what was blocked: each is said as what it is.
#include <array>
#include <catch2/catch.hpp>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

Record person(ir::Side side, std::map<std::string, Value> members) {
  members["id"] = value(side == hub ? "h1" : "p1");
  members["isActive"] = value("true");
  members["email"] = value("p1@example.com");
  return {std::move(members)};
}

RulesBuilder with_email() {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  return b;
}

RulesBuilder address_rules() {
  RulesBuilder b = with_email();
  for (const auto* path : {"home.line1", "home.city"}) b.member(hub, path);
  for (const auto* path : {"street", "city"}) b.member(provider, path);
  b.field("Address", {b.pair("home.line1", Direction::both, "street"), b.pair("home.city", Direction::both, "city")});
  return b;
}

}  // namespace

TEST_CASE("a changed value of the hub whose partner was not read is said, and goes when it is") {
  const RulesBuilder b = address_rules();
  for (const Mode mode : {Mode::manual, Mode::push}) {
    World world(b.rules);
    world.hub_system.records = {person(hub, {{"home.line1", value("Street 1")}, {"home.city", value("Oulu")}})};
    world.provider_system.records = {person(provider, {{"street", value("Street 1")}, {"city", value("Oulu")}})};
    world.run(Mode::manual);
    world.provider_system.records[0].members["city"] = absent;
    CHECK(reason_of(world.look(mode), b.rules, "Address") == Reason::source_absent);

    world.hub_system.records[0].members["home.line1"] = value("Street 2");
    const Plan plan = world.run(mode);
    const Entry& held = *find_entry(plan, b.rules, "Address");
    CHECK(held.kind == Kind::held);
    CHECK(held.action == Action::hold);
    CHECK(held.reason == Reason::deferred);
    CHECK_THAT(held.why, Catch::Contains("it has changed in Huma, and Acme did not tell what it has there"));

    world.provider_system.records[0].members["city"] = value("Oulu");
    world.decisions.accept_preselected = true;
    world.run(mode);
    CHECK(world.provider_system.records[0].members["street"] == value("Street 2"));
  }
}

TEST_CASE("what both sides have is in agreement, also where it could not be sent") {
  RulesBuilder b = with_email();
  ir::Clause longest = RulesBuilder::clause(ir::Clause::Kind::max_length, ir::Sides::provider);
  longest.length = 5;
  b.field("Note", "note", Direction::both, "note").clauses = {longest};
  b.field("Memo", "memo", Direction::to_provider, "memo").clauses = {longest};
  World world(b.rules);
  const std::map<std::string, Value> both = {{"note", value("abcdefgh")}, {"memo", value("abcdefgh")}};
  world.hub_system.records = {person(hub, both)};
  world.provider_system.records = {person(provider, both)};
  Plan plan = world.run(Mode::manual);
  for (const char* label : {"Note", "Memo"}) CHECK(reason_of(plan, b.rules, label) == Reason::adopted);
  plan = world.run(Mode::manual);
  for (const char* label : {"Note", "Memo"}) CHECK(word(reason_of(plan, b.rules, label)) == Word::done);
  CHECK(find_entry(plan, b.rules, "Note") == nullptr);
  world.hub_system.records[0].members["note"] = value("abcdefghi");
  CHECK(reason_of(world.look(Mode::manual), b.rules, "Note") == Reason::validation);
}

TEST_CASE("what was blocked stays blocked for that pair of values, and not for another") {
  RulesBuilder b = with_email();
  b.field("Code", "fixed", Direction::both, "fixed").clauses = {
      RulesBuilder::clause(ir::Clause::Kind::cannot_unset_or_update, ir::Sides::provider)};
  World world(b.rules);
  world.hub_system.records = {person(hub, {{"fixed", value("F")}})};
  world.provider_system.records = {person(provider, {{"fixed", value("G")}})};
  world.decisions.bulk = Choice::hub;
  CHECK(reason_of(world.run(Mode::manual), b.rules, "Code") == Reason::blocked_update);
  world.decisions = {};
  for (const Mode mode : {Mode::manual, Mode::push}) {
    const Plan plan = world.look(mode);
    const Entry& blocked = *find_entry(plan, b.rules, "Code");
    CHECK(blocked.kind == Kind::blocked);
    CHECK(blocked.action == Action::blocked);
    CHECK(blocked.reason == Reason::blocked_update);
    CHECK(blocked.known);
    CHECK(reason_of(plan, b.rules, "Code") == Reason::blocked_update);
    CHECK(plan.totals.open == 0);
  }
  world.decisions.bulk = Choice::provider;
  CHECK(reason_of(world.look(Mode::manual), b.rules, "Code") == Reason::read_in);
  world.decisions = {};
  world.provider_system.records[0].members["fixed"] = value("H");
  CHECK(reason_of(world.look(Mode::manual), b.rules, "Code") == Reason::first_run);
}

TEST_CASE("what was blocked is told anew when both sides had agreed in between") {
  RulesBuilder b = with_email();
  b.field("Code", "fixed", Direction::both, "fixed").clauses = {
      RulesBuilder::clause(ir::Clause::Kind::cannot_unset, ir::Sides::provider)};
  World world(b.rules);
  world.hub_system.records = {person(hub, {{"fixed", value("F")}})};
  world.provider_system.records = {person(provider, {{"fixed", value("F")}})};
  world.run(Mode::manual);
  Value& in_hub = world.hub_system.records[0].members["fixed"];
  const auto is_known = [&] { return find_entry(world.run(Mode::manual), b.rules, "Code")->known; };
  in_hub = unset;
  CHECK_FALSE(is_known());
  CHECK(is_known());
  in_hub = value("F");
  CHECK(reason_of(world.run(Mode::manual), b.rules, "Code") == Reason::no_change);
  in_hub = unset;
  CHECK_FALSE(is_known());
}

namespace {

// F and G stand by a person's word, and what the hub has instead of F by now is blocked.
World blocked_world(const RulesBuilder& b) {
  World world(b.rules);
  world.hub_system.records = {person(hub, {{"fixed", value("F")}})};
  world.provider_system.records = {person(provider, {{"fixed", value("G")}})};
  world.decisions.bulk = Choice::leave;
  world.run(Mode::manual);
  world.decisions = {};
  return world;
}

RulesBuilder rules_with_code() {
  RulesBuilder b = with_email();
  b.field("Code", "fixed", Direction::both, "fixed").clauses = {
      RulesBuilder::clause(ir::Clause::Kind::cannot_unset_or_update, ir::Sides::provider)};
  return b;
}

}  // namespace

TEST_CASE("what was blocked is told anew when it comes back after anything else was there") {
  const RulesBuilder b = rules_with_code();
  World world = blocked_world(b);
  Value& in_hub = world.hub_system.records[0].members["fixed"];
  const Mode mode = GENERATE(Mode::manual, Mode::push);  // of what is in between
  const auto is_known = [&] { return find_entry(world.run(Mode::manual), b.rules, "Code")->known; };
  const std::array others{value("F"), value("Y"), invalid("?"), Value(unset)};
  const Value between = others[GENERATE(0U, 1U, 2U, 3U)];
  in_hub = value("X");
  CHECK_FALSE(is_known());
  CHECK(is_known());
  in_hub = between;
  world.run(mode);
  in_hub = value("X");
  CHECK_FALSE(is_known());
}

TEST_CASE("what a push alone has found to be blocked is not known yet: nobody was shown it") {
  const RulesBuilder b = rules_with_code();
  World world = blocked_world(b);
  world.hub_system.records[0].members["fixed"] = value("X");
  for (int i = 0; i < 2; ++i) CHECK(reason_of(world.run(Mode::push), b.rules, "Code") == Reason::blocked_update);
  CHECK_FALSE(find_entry(world.run(Mode::manual), b.rules, "Code")->known);
  CHECK(world.run(Mode::push).operations.empty());
  CHECK(find_entry(world.run(Mode::manual), b.rules, "Code")->known);
}

TEST_CASE("what was blocked, and was not read in between, is not told anew") {
  const RulesBuilder b = rules_with_code();
  World world = blocked_world(b);
  Value& in_hub = world.hub_system.records[0].members["fixed"];
  for (const Value& next : {value("X"), absent, value("X")}) {
    in_hub = next;
    world.run(Mode::manual);
  }
  CHECK(find_entry(world.look(Mode::manual), b.rules, "Code")->known);
}

TEST_CASE("where both sides have changed since one of them was settled as unset, nothing is preselected") {
  RulesBuilder b = with_email();
  b.field("Note", "note", Direction::both, "note");
  const bool hub_had = GENERATE(true, false);
  World world(b.rules);
  world.hub_system.records = {person(hub, {{"note", hub_had ? value("H") : Value(unset)}})};
  world.provider_system.records = {person(provider, {{"note", hub_had ? Value(unset) : value("P")}})};
  world.decisions.bulk = Choice::leave;
  world.run(Mode::manual);
  world.decisions = {};
  world.hub_system.records[0].members["note"] = hub_had ? Value(unset) : value("H");
  world.provider_system.records[0].members["note"] = hub_had ? value("P") : Value(unset);
  const Plan plan = world.look(Mode::manual);
  const Entry* found = find_entry(plan, b.rules, "Note");
  REQUIRE(found != nullptr);
  CHECK(found->kind == Kind::conflict);
  CHECK(found->reason == Reason::conflict);
  CHECK(found->preselected == Choice::undecided);
  CHECK(found->open());
}

TEST_CASE("what the hub alone says is sent once it changes, also where the two differed when they were first seen") {
  RulesBuilder b = with_email();
  b.field("Note", "note", Direction::to_provider, "note");
  World world(b.rules);
  world.hub_system.records = {person(hub, {{"note", value("H")}})};
  world.provider_system.records = {person(provider, {{"note", value("P")}})};
  for (int i = 0; i < 2; ++i) {
    const Plan plan = world.run(Mode::manual);
    CHECK(reason_of(plan, b.rules, "Note") == Reason::standing_difference);
    CHECK(plan.operations.size() == plan.totals.links);
  }
  CHECK(world.run(Mode::push).operations.empty());
  world.provider_system.records[0].members["note"] = value("Q");
  CHECK(reason_of(world.run(Mode::manual), b.rules, "Note") == Reason::standing_difference);
  world.hub_system.records[0].members["note"] = value("I");
  const Mode mode = GENERATE(Mode::push, Mode::manual);
  world.decisions.accept_preselected = true;
  CHECK(reason_of(world.run(mode), b.rules, "Note") == Reason::written);
  CHECK(world.provider_system.records[0].members["note"] == value("I"));
}

TEST_CASE(
    "what the hub alone says is sent once it may be, where it was nothing that may when the two were first seen") {
  RulesBuilder b = with_email();
  b.field("Note", "note", Direction::to_provider, "note");
  ir::Clause longest = RulesBuilder::clause(ir::Clause::Kind::max_length, ir::Sides::provider);
  longest.length = 5;
  b.rules.fields[1].clauses.push_back(longest);
  World world(b.rules);
  const bool is_held = GENERATE(true, false);
  const Mode then = GENERATE(Mode::manual, Mode::push);
  world.decisions.bulk = GENERATE(Choice::leave, Choice::undecided);
  world.hub_system.records = {person(hub, {{"note", is_held ? value("much too long") : Value(unset)}})};
  world.provider_system.records = {person(provider, {{"note", value("P")}})};
  for (int i = 0; i < 2; ++i) {
    const Plan plan = world.run(Mode::manual);
    if (is_held) CHECK(reason_of(plan, b.rules, "Note") == Reason::validation);
    CHECK(world.provider_system.writes == 0);
  }
  world.decisions = {};
  world.hub_system.records[0].members["note"] = value("I");
  world.decisions.accept_preselected = true;
  CHECK(reason_of(world.run(then), b.rules, "Note") == Reason::written);
  CHECK(world.provider_system.records[0].members["note"] == value("I"));
  CHECK(world.run(then).operations.empty());
}

TEST_CASE("what the hub alone says removes nothing that nobody agreed on") {
  RulesBuilder b = with_email();
  b.field("Note", "note", Direction::to_provider, "note");
  World world(b.rules);
  world.hub_system.records = {person(hub, {{"note", value("H")}})};
  world.provider_system.records = {person(provider, {{"note", value("P")}})};
  const Mode then = GENERATE(Mode::manual, Mode::push);
  world.run(Mode::manual);
  world.hub_system.records[0].members["note"] = unset;
  world.decisions.accept_preselected = true;
  CHECK(reason_of(world.run(then), b.rules, "Note") == Reason::standing_difference);
  CHECK(world.provider_system.records[0].members["note"] == value("P"));
  world.hub_system.records[0].members["note"] = value("I");
  world.run(then);
  CHECK(world.provider_system.records[0].members["note"] == value("I"));
  world.hub_system.records[0].members["note"] = unset;
  CHECK(reason_of(world.run(then), b.rules, "Note") == Reason::cleared);
  CHECK(world.provider_system.records[0].members["note"] == unset);
}

TEST_CASE("reading an address is never preselected, and an e-mail address is none") {
  RulesBuilder b = with_email();
  const std::string path = GENERATE("streetAddress", "mailAddress.line1", "nickname", "otherAddress");
  const bool is_mail = path == "otherAddress";
  b.member(provider, path, is_mail ? "email" : "text");
  b.field("Line", "line", Direction::both, path);
  World world(b.rules);
  world.hub_system.records = {person(hub, {})};
  world.provider_system.records = {person(provider, {{path, value(is_mail ? "b@example.com" : "Street 1")}})};
  const Plan plan = world.look(Mode::manual);
  REQUIRE(find_entry(plan, b.rules, "Line") != nullptr);
  const bool is_address = path != "nickname" && !is_mail;
  CHECK(find_entry(plan, b.rules, "Line")->preselected == (is_address ? Choice::undecided : Choice::provider));
}

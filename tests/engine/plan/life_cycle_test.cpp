#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

RulesBuilder life_rules() {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.field("Given name", "givenName", Direction::both, "firstname");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  ir::LifeCycle removed;
  removed.event = ir::LifeCycle::Event::remove;
  removed.stay = removed.refuse_if_changed = true;
  removed.origin = {"acme.map", 60, 1};
  b.rules.life_cycle.push_back(removed);
  return b;
}

World linked_world(const ir::RuleSet& rules) {
  World world(rules);
  for (const std::string n : {"1", "2"}) {
    world.hub_system.records.push_back(
        {{{"id", value("h" + n)}, {"isActive", value("true")}, {"email", value(n)}, {"givenName", value("Name" + n)}}});
    world.provider_system.records.push_back(
        {{{"id", value("p" + n)}, {"isActive", value("true")}, {"email", value(n)}, {"firstname", value("Name" + n)}}});
  }
  world.run(Mode::manual);
  return world;
}

Decision decided(const std::string& hub_id, const std::string& provider_id, Choice choice) {
  Decision decision;
  decision.hub_id = hub_id;
  decision.provider_id = provider_id;
  decision.choice = choice;
  return decision;
}

}  // namespace

TEST_CASE("a deactivated person gets the last state once, and is locked then") {
  const RulesBuilder b = life_rules();
  World world = linked_world(b.rules);
  Record& leaver = world.hub_system.records[0];
  leaver.members["givenName"] = value("Last");
  leaver.members["isActive"] = value("false");
  world.event = Event::deactivated;
  world.only = {"h1"};
  const Plan plan = world.run(Mode::push);
  CHECK(plan.people.size() == 1);
  CHECK(world.provider_system.records[0].members["firstname"] == value("Last"));
  CHECK(world.base.links[0].state == LinkState::locked);
  leaver.members["givenName"] = value("Later");
  for (const Mode mode : {Mode::push, Mode::manual}) {
    const Plan locked = world.run(mode);
    CHECK(locked.operations.empty());
    CHECK(reason_of(locked, b.rules, "Given name") == Reason::locked);
  }
  SECTION("reactivation resumes with a fresh plan") {
    leaver.members["isActive"] = value("true");
    world.event = Event::changed;
    world.run(Mode::push);
    CHECK(world.provider_system.records[0].members["firstname"] == value("Later"));
    CHECK(world.base.links[0].state == LinkState::linked);
  }
}

// Emptied before, or by the time that the last state went: agreed on as empty, so a value that comes there later is the
// provider's alone. Emptied after: never told, so that both sides have changed when the person is back.
TEST_CASE(
    "a value emptied before its holder left went with the last state, and one emptied after waits for the return") {
  const RulesBuilder b = life_rules();
  World world = linked_world(b.rules);
  std::map<std::string, Value>&in_hub = world.hub_system.records[0].members,
                        &there = world.provider_system.records[0].members;
  const auto leave = [&] {
    in_hub["isActive"] = value("false");
    world.event = Event::deactivated;
    world.run(Mode::push);
    REQUIRE(world.base.links[0].state == LinkState::locked);
  };
  const auto found_on_return = [&] {
    there["firstname"] = value("Typed");
    CHECK(world.run(Mode::push).operations.empty());
    CHECK(world.run(Mode::manual).operations.empty());
    in_hub["isActive"] = value("true");
    world.event = Event::changed;
    return *find_entry(world.look(Mode::manual), b.rules, "Given name");
  };
  SECTION("before") {
    in_hub["givenName"] = unset;
    const bool told_apart = GENERATE(true, false);
    if (told_apart) world.run(Mode::push);
    leave();
    CHECK(there["firstname"] == unset);
    const Entry entry = found_on_return();
    CHECK(entry.kind == Kind::drift);
    CHECK(entry.preselected == Choice::provider);
    CHECK(world.run(Mode::push).operations.empty());
    CHECK(there["firstname"] == value("Typed"));
  }
  SECTION("after") {
    leave();
    in_hub["givenName"] = unset;
    const Entry entry = found_on_return();
    CHECK(entry.kind == Kind::conflict);
    CHECK(entry.preselected == Choice::undecided);
    CHECK(entry.offered(hub));
    CHECK(entry.offered(provider));
  }
}

TEST_CASE("a leaver whose last state was refused is not locked") {
  const RulesBuilder b = life_rules();
  World world = linked_world(b.rules);
  world.hub_system.records[0].members["givenName"] = value("Last");
  world.hub_system.records[0].members["isActive"] = value("false");
  world.provider_system.refused_members = {"firstname"};
  world.run(Mode::push);
  CHECK(world.base.links[0].state == LinkState::linked);
  world.provider_system.refused_members.clear();
  world.run(Mode::push);
  CHECK(world.provider_system.records[0].members["firstname"] == value("Last"));
  CHECK(world.base.links[0].state == LinkState::locked);
}

TEST_CASE("a leaver of whose last state something is held is not locked until it went") {
  RulesBuilder b = life_rules();
  b.rules.fields[1].clauses.push_back(RulesBuilder::clause(ir::Clause::Kind::max_length, ir::Sides::provider));
  b.rules.fields[1].clauses.back().length = 20;
  World world = linked_world(b.rules);
  world.hub_system.records[0].members["givenName"] = value(std::string(300, 'x'));  // more than the provider takes
  world.hub_system.records[0].members["isActive"] = value("false");
  world.event = Event::deactivated;
  world.run(Mode::push);
  CHECK(world.base.links[0].state == LinkState::linked);
  world.hub_system.records[0].members["givenName"] = value("Last");
  world.run(Mode::push);
  CHECK(world.provider_system.records[0].members["firstname"] == value("Last"));
  CHECK(world.base.links[0].state == LinkState::locked);
}

TEST_CASE("a person deleted in the hub exists only in the provider, and is never preselected") {
  const RulesBuilder b = life_rules();
  World world = linked_world(b.rules);
  world.hub_system.records.erase(world.hub_system.records.begin());
  world.decisions.create_in[0] = true;
  const Plan plan = world.look(Mode::manual);
  CHECK(plan.operations.empty());
  CHECK(plan.people[0].state == LinkState::hub_deleted);
  world.decisions = {};
  const Plan undecided = world.look(Mode::manual);
  const Entry& entry = *find_entry(undecided, b.rules, "");
  CHECK(entry.kind == Kind::create);
  CHECK(entry.target == hub);
  CHECK(entry.preselected == Choice::undecided);
  SECTION("one no is remembered") {
    world.decisions.create_in[0] = false;
    world.run(Mode::manual);
    world.decisions = {};
    CHECK(world.look(Mode::manual).totals.open == 0);
  }
  SECTION("refused when the provider's record has changed since") {
    world.provider_system.records[0].members["firstname"] = value("Changed");
    world.decisions.exact.push_back({"", "p1", "", "", Choice::provider, "admin"});
    const Plan refused = world.look(Mode::manual);
    CHECK(refused.operations.empty());
    const Entry& why = *find_entry(refused, b.rules, "");
    CHECK(why.action == Action::hold);
    CHECK(why.why.find("Given name") != std::string::npos);
    CHECK(why.rule.line == 60);
  }
  SECTION("added again by a decision about just this person") {
    world.decisions.exact.push_back({"", "p1", "", "", Choice::provider, "admin"});
    world.run(Mode::manual);
    CHECK(world.hub_system.records.size() == 2);
    world.decisions = {};
    const Plan after = world.run(Mode::manual);
    CHECK(after.people.size() == 2);
    CHECK(after.operations.empty());
  }
}

TEST_CASE("a record gone from the provider is offered for creation, not preselected") {
  const RulesBuilder b = life_rules();
  World world = linked_world(b.rules);
  world.provider_system.records.erase(world.provider_system.records.begin());
  const Plan plan = world.run(Mode::manual);
  CHECK(plan.people[0].state == LinkState::missing_in_provider);
  const Entry& entry = *find_entry(plan, b.rules, "");
  CHECK(entry.kind == Kind::create);
  CHECK(entry.target == provider);
  CHECK(entry.preselected == Choice::undecided);
  CHECK(world.run(Mode::push).operations.empty());
}

TEST_CASE("somebody gone from both systems, out of scope or ended is not created again") {
  const RulesBuilder b = life_rules();
  World world = linked_world(b.rules);
  world.provider_system.records.erase(world.provider_system.records.begin());
  world.decisions.exact.push_back({"h1", "", "", "", Choice::hub, "admin"});
  SECTION("out of scope") {
    world.scope = {"h2"};
    CHECK(world.look(Mode::manual).people[0].reason == Reason::out_of_scope);
  }
  SECTION("ended") {
    world.hub_system.records[0].members["isActive"] = value("false");
    CHECK(world.look(Mode::manual).people[0].reason == Reason::inactive);
  }
  SECTION("gone from both") {
    world.hub_system.records.erase(world.hub_system.records.begin());
    CHECK(world.look(Mode::manual).people[0].state == LinkState::hub_deleted);
  }
  CHECK(world.look(Mode::manual).operations.empty());
}

TEST_CASE("what an administrator took out is respected everywhere") {
  const RulesBuilder b = life_rules();
  World world = linked_world(b.rules);
  for (Record& record : world.hub_system.records) record.members["givenName"] = value("New");
  world.base.links[0].state = LinkState::excluded;
  world.base.links[0].note = "by admin: works elsewhere";
  world.base.links[1].excluded_fields = {"Given name"};
  for (const Mode mode : {Mode::push, Mode::manual}) {
    const Plan plan = world.run(mode);
    CHECK(plan.operations.empty());
    CHECK(reason_of(plan, b.rules, "Given name", 0) == Reason::excluded);
    CHECK(reason_of(plan, b.rules, "Email address", 0) == Reason::excluded);
    CHECK(reason_of(plan, b.rules, "Given name", 1) == Reason::excluded);
  }
}

TEST_CASE("a switched-off field is never touched and never cleared") {
  RulesBuilder b = life_rules();
  ir::Setting setting;
  setting.name = "send_names";
  setting.type = ir::SettingType::boolean;
  setting.default_value = "true";
  b.rules.settings.push_back(setting);
  b.rules.fields[1].setting = 0;
  World world = linked_world(b.rules);
  for (Record& record : world.hub_system.records) record.members["givenName"] = unset;
  world.settings = {"false"};
  for (const Mode mode : {Mode::push, Mode::manual}) {
    const Plan plan = world.run(mode);
    CHECK(plan.operations.empty());
    CHECK(reason_of(plan, b.rules, "Given name") == Reason::switched_off);
  }
  world.settings = {"true"};
  CHECK(world.look(Mode::push).totals.clears[1] == 2);
}

TEST_CASE("a refusal that names a member drops that field and nothing else") {
  const RulesBuilder b = life_rules();
  World world = linked_world(b.rules);
  world.hub_system.records[0].members["givenName"] = value("New");
  world.hub_system.records[0].members["email"] = value("new");
  world.provider_system.refused_members = {"firstname"};
  world.run(Mode::push);
  CHECK(world.applied.count(Outcome::Kind::refused) == 1);
  CHECK(world.applied.count(Outcome::Kind::done) == 1);
  CHECK(world.provider_system.records[0].members["email"] == value("new"));
  world.provider_system.refused_members.clear();
  const Plan retry = world.run(Mode::push);
  CHECK(retry.operations.size() == 1);
  CHECK(world.provider_system.records[0].members["firstname"] == value("New"));
}

TEST_CASE("a record that moved since the plan is held, and only that record") {
  const RulesBuilder b = life_rules();
  World world = linked_world(b.rules);
  world.before_apply = [](World& w) { w.provider_system.records[0].members["firstname"] = value("Somebody"); };
  for (Record& record : world.hub_system.records) record.members["givenName"] = value("New");
  world.run(Mode::push);
  CHECK(world.applied.count(Outcome::Kind::moved) == 1);
  CHECK(world.applied.count(Outcome::Kind::done) == 1);
  CHECK(world.provider_system.records[0].members["firstname"] == value("Somebody"));
  CHECK(world.provider_system.records[1].members["firstname"] == value("New"));
}

TEST_CASE("a record that was entered again is proposed, and linked only by a person's yes") {
  const RulesBuilder b = life_rules();
  World world = linked_world(b.rules);
  world.provider_system.records[0].members["id"] = value("p9");
  world.provider_system.records[0].members["firstname"] = value("Other");
  const Plan plan = world.run(Mode::manual);
  REQUIRE(plan.entries.size() == 1);
  CHECK(plan.entries[0].kind == Kind::link);
  CHECK(plan.entries[0].reason == Reason::link_proposed);
  CHECK(plan.entries[0].open());
  CHECK(plan.people.size() == 2);
  world.decisions.exact = {decided("h1", "p9", Choice::link)};
  SECTION("yes: as if they had never met") {
    world.run(Mode::manual);
    REQUIRE(world.base.links.size() == 2);
    CHECK(world.base.links[0].provider_id == "p9");
    CHECK(world.base.links[0].state == LinkState::linked);
    world.decisions.exact.clear();
    const Plan next = world.look(Mode::manual);
    CHECK(reason_of(next, b.rules, "Given name") == Reason::first_run);
    CHECK(find_entry(next, b.rules, "Given name")->preselected == Choice::undecided);
    CHECK(world.provider_system.records[0].members["firstname"] == value("Other"));
  }
  SECTION("no: remembered") {
    world.decisions.exact[0].choice = Choice::leave;
    world.run(Mode::manual);
    world.decisions.exact.clear();
    const Plan next = world.run(Mode::manual);
    CHECK(std::ranges::none_of(next.entries, [](const Entry& entry) { return entry.kind == Kind::link; }));
    CHECK(world.base.links[0].state == LinkState::missing_in_provider);
  }
}

TEST_CASE("a person who was entered again in the hub is proposed for the record of the old one") {
  const RulesBuilder b = life_rules();
  World world = linked_world(b.rules);
  world.hub_system.records[0].members["id"] = value("h9");
  const Plan plan = world.run(Mode::manual);
  REQUIRE(plan.entries.size() == 1);
  CHECK(plan.entries[0].reason == Reason::link_proposed);
  world.decisions.exact = {decided("h9", "p1", Choice::link)};
  world.run(Mode::manual);
  world.decisions.exact.clear();
  CHECK(world.run(Mode::manual).entries.empty());
  CHECK(world.base.links.size() == 2);
  CHECK(world.base.links[0].hub_id == "h9");
}

TEST_CASE("two people whose partners are gone can be made one") {
  const RulesBuilder b = life_rules();
  World world = linked_world(b.rules);
  world.hub_system.records.pop_back();
  world.provider_system.records.erase(world.provider_system.records.begin());
  world.decisions.exact = {decided("h1", "p2", Choice::link)};
  world.run(Mode::manual);
  REQUIRE(world.base.links.size() == 1);
  CHECK(world.base.links[0].hub_id == "h1");
  CHECK(world.base.links[0].provider_id == "p2");
}

TEST_CASE("in bulk nobody whose record is gone is added again, nor left for ever") {
  const RulesBuilder b = life_rules();
  World world = linked_world(b.rules);
  world.provider_system.records.erase(world.provider_system.records.begin());
  world.decisions.create_in = {true, true};
  for (int again = 0; again < 2; ++again) {
    const Plan plan = world.run(Mode::manual);
    REQUIRE(plan.entries.size() == 1);
    CHECK(plan.entries[0].open());
    CHECK(plan.totals.open == 1);
  }
  world.decisions.exact = {decided("h1", "", Choice::hub)};
  world.run(Mode::manual);
  CHECK(world.provider_system.records.size() == 2);
}

TEST_CASE("who was left and is added after all takes nobody else's link") {
  const RulesBuilder b = life_rules();
  World world = linked_world(b.rules);
  const auto hub_record = [](const std::string& n) {
    return Record{
        {{"id", value("h" + n)}, {"isActive", value("true")}, {"email", value(n)}, {"givenName", value("Name" + n)}}};
  };
  world.base.links.clear();
  world.hub_system.records = {hub_record("0"), hub_record("1"), hub_record("2")};
  world.decisions.exact = {decided("h0", "", Choice::leave)};
  world.run(Mode::manual);
  REQUIRE(world.base.links.size() == 3);
  REQUIRE(world.base.links[0].left);
  world.decisions.exact[0].choice = Choice::hub;
  world.run(Mode::manual);
  REQUIRE(world.base.links.size() == 3);
  for (const Link& link : world.base.links) {
    const Record* hub_side = world.hub_system.find_record(link.hub_id);
    const Record* provider_side = world.provider_system.find_record(link.provider_id);
    REQUIRE((hub_side != nullptr && provider_side != nullptr));
    CHECK(hub_side->members.at("email") == provider_side->members.at("email"));
    CHECK(link.base.front().hub.front().value.text == hub_side->members.at("email").text);
  }
}

TEST_CASE("who may be somebody already linked is not added without a person's word") {
  RulesBuilder b = life_rules();
  b.rules.match->proposals = {{1}};
  World world = linked_world(b.rules);
  world.hub_system.records.push_back(
      {{{"id", value("h3")}, {"isActive", value("true")}, {"email", value("3")}, {"givenName", value("Name1")}}});
  world.decisions.create_in[1] = true;
  const Plan plan = world.run(Mode::manual);
  REQUIRE(plan.entries.size() == 1);
  CHECK(plan.entries[0].kind == Kind::create);
  CHECK(plan.entries[0].open());
  CHECK(plan.entries[0].why.find("p1") != std::string::npos);
  world.decisions.exact = {decided("h3", "", Choice::hub)};
  world.run(Mode::manual);
  CHECK(world.provider_system.records.size() == 3);
}

#include <catch2/catch.hpp>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;
using Kind_ = ir::Selector::Kind;

namespace {

// Position fields as PowerOffice Go has them: earliest start, latest end, current title; sent after activation only.
RulesBuilder position_rules(bool after_activation, Direction direction = Direction::to_provider) {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.list(hub, "positions", "start", "end");
  b.member(hub, "positions[].title");
  b.member(provider, "startDate", "date");
  b.member(provider, "endDate", "date");
  b.member(provider, "jobTitle");
  ir::Group group;
  group.title = "Position fields";
  group.direction = direction;
  group.only_after_activation = after_activation;
  b.rules.groups.push_back(group);
  const auto add = [&](const char* label, const char* member, Kind_ kind, const char* to) {
    ir::Pair pair = b.pair(member, direction, to);
    pair.ends[0].paths[0].selector.kind = kind;
    b.field(label, {pair}).group = 0;
  };
  add("Start", "positions[].start", Kind_::earliest, "startDate");
  add("End", "positions[].end", Kind_::latest, "endDate");
  add("Title", "positions[].title", Kind_::current, "jobTitle");
  return b;
}

using Element = std::map<std::string, Value>;

Element position(const char* id, const char* start, const char* end, const char* title) {
  Element element{{"id", value(id)}, {"start", value(start)}, {"title", value(title)}};
  if (*end != '\0') element["end"] = value(end);
  return element;
}

World position_world(const ir::RuleSet& rules, std::vector<Element> positions) {
  World world(rules);
  world.hub_system.records = {{{{"id", value("h1")}, {"isActive", value("true")}, {"email", value("a")}},
                               {{"positions", std::move(positions)}}}};
  world.provider_system.records = {{{{"id", value("p1")}, {"isActive", value("true")}, {"email", value("a")}}}};
  return world;
}

std::string written(World& world, const char* member) { return world.provider_system.records[0].members[member].text; }

}  // namespace

TEST_CASE("earliest, latest and current are resolved by the list's order") {
  const RulesBuilder b = position_rules(false);
  struct Case {
    std::vector<Element> positions;
    std::string start, end, title;
  };
  const std::vector<Case> cases = {
      {{position("a", "2020-01-01", "2021-12-31", "Old"), position("b", "2022-01-01", "", "Now")},
       "2020-01-01",
       "",
       "Now"},
      {{position("a", "2020-01-01", "2021-12-31", "Old"), position("b", "2018-01-01", "2019-12-31", "Older")},
       "2018-01-01",
       "2021-12-31",
       "Old"},
      {{position("a", "2020-01-01", "2021-12-31", "Old"), position("b", "2027-01-01", "2027-06-30", "Next"),
        position("c", "2028-01-01", "2028-06-30", "Later")},
       "2020-01-01",
       "2028-06-30",
       "Next"},
      {{position("a", "2020-01-01", "", "First"), position("b", "2024-01-01", "2030-12-31", "Second")},
       "2020-01-01",
       "",
       "Second"},
      {{position("a", "2026-11-21", "2026-11-21", "Today")}, "2026-11-21", "2026-11-21", "Today"},
      {{}, "", "", ""},
  };
  for (const Case& one : cases) {
    World world = position_world(b.rules, one.positions);
    world.decisions.bulk = Choice::hub;
    world.run(Mode::manual);
    CHECK(written(world, "startDate") == one.start);
    CHECK(written(world, "endDate") == one.end);
    CHECK(written(world, "jobTitle") == one.title);
    CHECK(world.run(Mode::manual).operations.empty());
  }
}

TEST_CASE("zero positions say nothing, so nothing is cleared") {
  const RulesBuilder b = position_rules(false);
  World world = position_world(b.rules, {position("a", "2020-01-01", "", "Clerk")});
  world.decisions.bulk = Choice::hub;
  world.run(Mode::manual);
  world.hub_system.records[0].lists["positions"].clear();
  const Plan plan = world.run(Mode::push);
  CHECK(plan.operations.empty());
  CHECK(reason_of(plan, b.rules, "Title") == Reason::source_absent);
}

TEST_CASE("positions from before activation are not sent, and one that changes sends the whole group") {
  const RulesBuilder b = position_rules(true);
  World world = position_world(b.rules, {position("a", "2020-01-01", "", "Clerk")});
  world.decisions.bulk = Choice::hub;
  const Plan first = world.run(Mode::manual);
  CHECK(first.operations.size() == first.totals.links);
  CHECK(reason_of(first, b.rules, "Title") == Reason::before_activation);
  CHECK(world.base.activated);
  CHECK(reason_of(world.run(Mode::push), b.rules, "Start") == Reason::before_activation);

  world.hub_system.records[0].lists["positions"][0]["title"] = value("Chief");
  const Plan push = world.run(Mode::push);
  CHECK(reason_of(push, b.rules, "Title") == Reason::filled);
  CHECK(reason_of(push, b.rules, "Start") == Reason::filled);
  CHECK(written(world, "startDate") == "2020-01-01");
  CHECK(world.run(Mode::push).operations.empty());
  CHECK(world.run(Mode::manual).operations.empty());
}

TEST_CASE(
    "what a changed group has alike on both sides is agreed on, so that a change there alone is none of the hub's") {
  const RulesBuilder b = position_rules(true);
  World world = position_world(b.rules, {position("a", "2020-01-01", "", "Clerk")});
  world.provider_system.records[0].members["jobTitle"] = value("Clerk");
  world.run(Mode::manual);
  world.hub_system.records[0].lists["positions"][0]["start"] = value("2020-02-01");
  CHECK(reason_of(world.run(Mode::push), b.rules, "Title") == Reason::adopted);
  world.provider_system.records[0].members["jobTitle"] = value("Elsewhere");
  for (const Mode mode : {Mode::push, Mode::manual}) {
    CHECK(reason_of(world.run(mode), b.rules, "Title") == Reason::standing_difference);
  }
  CHECK(written(world, "jobTitle") == "Elsewhere");
}

TEST_CASE("a position created after activation is sent over what the provider had, which is kept") {
  const RulesBuilder b = position_rules(true);
  World world = position_world(b.rules, {position("a", "2020-01-01", "2025-12-31", "Clerk")});
  world.provider_system.records[0].members["jobTitle"] = value("Old title");
  world.run(Mode::manual);
  world.hub_system.records[0].lists["positions"].push_back(position("b", "2026-01-01", "", "Chief"));
  const Plan push = world.run(Mode::push);
  CHECK(written(world, "jobTitle") == "Chief");
  CHECK(find_entry(push, b.rules, "Title")->restorable);
}

TEST_CASE("a where-selector without a hit is unset, two hits are held, and writing makes the element") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.list(hub, "ids");
  b.words(hub, "ids[].type", {"national", "passport"});
  b.member(hub, "ids[].value");
  b.member(provider, "identifier");
  ir::Pair pair = b.pair("ids[].value", Direction::both, "identifier");
  pair.ends[0].paths[0].selector = {Kind_::where, {{b.id(hub, "ids[].type"), "national"}}};
  b.field("Identifications", {pair});
  World world(b.rules);
  world.hub_system.records = {{{{"id", value("h1")}, {"isActive", value("true")}, {"email", value("a")}},
                               {{"ids", {{{"id", value("x")}, {"type", value("passport")}, {"value", value("P")}}}}}}};
  world.provider_system.records = {
      {{{"id", value("p1")}, {"isActive", value("true")}, {"email", value("a")}, {"identifier", value("N")}}}};
  SECTION("reading makes the element with its members") {
    world.decisions.bulk = Choice::provider;
    CHECK(reason_of(world.run(Mode::manual), b.rules, "Identifications") == Reason::read_in);
    const auto& ids = world.hub_system.records[0].lists["ids"];
    REQUIRE(ids.size() == 2);
    CHECK(ids[1].at("type") == value("national"));
    CHECK(ids[1].at("value") == value("N"));
    CHECK(world.run(Mode::manual).operations.empty());
  }
  SECTION("two hits are held") {
    auto& ids = world.hub_system.records[0].lists["ids"];
    ids.push_back({{"id", value("y")}, {"type", value("national")}, {"value", value("N")}});
    ids.push_back({{"id", value("z")}, {"type", value("national")}, {"value", value("M")}});
    world.decisions.bulk = Choice::hub;
    const Plan plan = world.run(Mode::manual);
    CHECK(reason_of(plan, b.rules, "Identifications") == Reason::ambiguous);
    CHECK(world.provider_system.writes == 0);
  }
}

TEST_CASE("an element is neither added nor kept without what its list demands of everything new") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.list(hub, "ids");
  b.words(hub, "ids[].type", {"national", "passport"});
  b.member(hub, "ids[].value");
  b.member(hub, "ids[].country").required_on_create = true;
  b.member(provider, "identifier");
  b.member(provider, "country");
  const auto of_national = [&](const char* member, const char* to) {
    ir::Pair pair = b.pair(member, Direction::both, to);
    pair.ends[0].paths[0].selector = {Kind_::where, {{b.id(hub, "ids[].type"), "national"}}};
    return pair;
  };
  b.field("Identifications", {of_national("ids[].value", "identifier"), of_national("ids[].country", "country")});
  World world(b.rules);
  world.hub_system.records = {
      {{{"id", value("h1")}, {"isActive", value("true")}, {"email", value("a")}}, {{"ids", {}}}}};
  world.provider_system.records = {
      {{{"id", value("p1")}, {"isActive", value("true")}, {"email", value("a")}, {"identifier", value("N")}}}};
  auto& ids = world.hub_system.records[0].lists["ids"];
  const auto check_held = [&](const Plan& plan) {
    REQUIRE(plan.entries.size() >= 1);
    const Entry& entry = plan.entries.back();
    CHECK(entry.kind == Kind::held);
    CHECK(entry.reason == Reason::required_missing);
    CHECK_THAT(entry.why, Catch::Contains("`ids[].country`"));
    CHECK(world.hub_system.writes == 0);
  };
  SECTION("added") {
    world.decisions.bulk = Choice::provider;
    check_held(world.run(Mode::manual));
    world.provider_system.records[0].members["country"] = value("NO");
    CHECK(reason_of(world.run(Mode::manual), b.rules, "Identifications") == Reason::read_in);
    REQUIRE(ids.size() == 1);
    CHECK(ids[0].at("country") == value("NO"));
  }
  SECTION("added, and nobody decided yet: it is not on offer") {
    const Plan plan = world.run(Mode::manual);
    CHECK_FALSE(plan.entries.back().offered(hub));
    check_held(plan);
  }
  SECTION("kept with another value") {
    ids.push_back({{"id", value("x")}, {"type", value("national")}, {"value", value("M")}, {"country", value("SE")}});
    world.decisions.bulk = Choice::provider;
    check_held(world.run(Mode::manual));
    CHECK(ids[0].at("country") == value("SE"));
  }
}

TEST_CASE("a write that would change which element is selected is held") {
  RulesBuilder b = position_rules(false, Direction::both);
  World world = position_world(
      b.rules, {position("a", "2020-01-01", "2021-12-31", "Old"), position("b", "2022-01-01", "2026-12-31", "Now")});
  world.decisions.bulk = Choice::hub;
  world.run(Mode::manual);
  world.decisions = {};
  world.decisions.bulk = Choice::provider;
  world.provider_system.records[0].members["startDate"] = value("2023-01-01");
  world.provider_system.records[0].members["endDate"] = value("2027-12-31");
  const Plan plan = world.run(Mode::manual);
  CHECK(reason_of(plan, b.rules, "Start") == Reason::not_selected);
  CHECK(reason_of(plan, b.rules, "End") == Reason::read_in);
  CHECK(world.hub_system.records[0].lists["positions"][1]["end"] == value("2027-12-31"));
}

// An `each` over the positions beside a title of the current one.
RulesBuilder current_and_each_rules() {
  RulesBuilder b = position_rules(false, Direction::both);
  b.rules.groups.clear();
  b.rules.fields.erase(b.rules.fields.begin() + 1, b.rules.fields.begin() + 3);
  b.rules.fields[1].group.reset();
  b.list(provider, "periods", "start", "end");
  b.field("Period start", "positions[].start", Direction::both, "periods[].start").each = 0;
  b.field("Period end", "positions[].end", Direction::both, "periods[].end").each = 0;
  ir::ListRule list;
  list.lists = {b.id(hub, "positions"), b.id(provider, "periods")};
  list.match = 2;
  list.add_missing = ir::Sides::both;
  b.rules.lists.push_back(list);
  return b;
}

TEST_CASE("what is written through a selector is held where the same plan makes it choose another element") {
  const RulesBuilder b = current_and_each_rules();
  for (const bool adds : {false, true}) {
    World world = position_world(b.rules, {position("a", "2020-01-01", "", "Old")});
    Record& record = world.provider_system.records[0];
    record.members["jobTitle"] = value("New");
    record.lists["periods"] = {{{"id", value("1")}, {"start", value("2020-01-01")}}};
    if (adds) record.lists["periods"].push_back({{"id", value("2")}, {"start", value("2025-01-01")}});
    world.decisions.bulk = Choice::provider;
    const Plan plan = world.run(Mode::manual);
    CHECK(reason_of(plan, b.rules, "Period start") == (adds ? Reason::created : Reason::adopted));
    CHECK(reason_of(plan, b.rules, "Title") == (adds ? Reason::not_selected : Reason::read_in));
    const auto& positions = world.hub_system.records[0].lists["positions"];
    REQUIRE(positions.size() == (adds ? 2U : 1U));
    CHECK(positions[0].at("title") == value(adds ? "Old" : "New"));
  }
}

TEST_CASE("an end date may be written together with a title as long as both stay with their element") {
  const RulesBuilder b = position_rules(false, Direction::to_hub);
  World world = position_world(
      b.rules, {position("a", "2020-01-01", "", "Old"), position("b", "2018-01-01", "2019-12-31", "Older")});
  auto& record = world.provider_system.records[0].members;
  record["startDate"] = value("2018-02-01");
  record["endDate"] = value("2026-12-31");
  record["jobTitle"] = value("New");
  world.decisions.bulk = Choice::provider;
  const Plan plan = world.run(Mode::manual);
  CHECK(plan.totals.sets[0] == 3);
  CHECK(world.hub_system.records[0].lists["positions"][0].at("title") == value("New"));
}

namespace {

// Two ids of a list in the hub, each of one member in the provider, in one field.
RulesBuilder id_rules() {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.list(hub, "ids");
  b.words(hub, "ids[].type", {"national", "passport"});
  b.words(hub, "ids[].country", {"FI", "NO"});
  b.member(hub, "ids[].value");
  b.member(provider, "identifier");
  b.member(provider, "passport");
  std::vector<ir::Pair> pairs = {b.pair("ids[].value", Direction::both, "identifier"),
                                 b.pair("ids[].value", Direction::both, "passport")};
  pairs[0].ends[0].paths[0].selector = {Kind_::where,
                                        {{b.id(hub, "ids[].type"), "national"}, {b.id(hub, "ids[].country"), "FI"}}};
  pairs[1].ends[0].paths[0].selector = {Kind_::where, {{b.id(hub, "ids[].type"), "passport"}}};
  b.field("Identifications", pairs);
  return b;
}

World id_world(const ir::RuleSet& rules) {
  World world(rules);
  world.hub_system.records = {{{{"id", value("h1")}, {"isActive", value("true")}, {"email", value("a")}}}};
  world.provider_system.records = {
      {{{"id", value("p1")}, {"isActive", value("true")}, {"email", value("a")}, {"identifier", value("N")}}}};
  world.decisions.bulk = Choice::provider;
  world.run(Mode::manual);
  world.decisions = {};
  return world;
}

}  // namespace

TEST_CASE("what is read into one selected element is not remembered of its neighbour") {
  const RulesBuilder b = id_rules();
  World world = id_world(b.rules);
  REQUIRE(world.hub_system.records[0].lists["ids"].size() == 1);
  world.provider_system.records[0].members["identifier"] = value("M");
  CHECK(reason_of(world.look(Mode::manual), b.rules, "Identifications") == Reason::drift);
  CHECK(world.run(Mode::push).operations.empty());
}

TEST_CASE("an element of which it is not known whether a selector means it hides the value, and nothing is cleared") {
  const RulesBuilder b = id_rules();
  World world = id_world(b.rules);
  auto& ids = world.hub_system.records[0].lists["ids"];
  REQUIRE(ids.size() == 1);
  const char* member = GENERATE("type", "country");
  const Value unknown = GENERATE(invalid("Norway"), absent, masked);
  ids[0][member] = unknown;
  for (const Mode mode : {Mode::push, Mode::manual}) {
    world.decisions.bulk = Choice::hub;
    const Plan plan = world.look(mode);
    CHECK(plan.operations.empty());
    // What was not read is quiet; what is wrong is said.
    CHECK(reason_of(plan, b.rules, "Identifications") ==
          (unknown.state == State::invalid ? Reason::source_invalid : Reason::source_absent));
  }
  SECTION("one that another member rules out hides nothing") {
    ids[0]["type"] = value("passport");
    ids[0]["country"] = unknown;
    ids[0]["value"] = value("P");
    CHECK(reason_of(world.look(Mode::push), b.rules, "Identifications") == Reason::written);
  }
}

TEST_CASE("what nobody could have marked at activation is no change since, and is marked then") {
  const RulesBuilder b = position_rules(true);
  World world = position_world(b.rules, {position("a", "2020-01-01", "", "Clerk")});
  world.provider_system.records[0].members["jobTitle"] = value("Own title");
  auto& hub_record = world.hub_system.records[0];
  const auto check_silent_then_sent = [&](const ir::RuleSet& rules, World& with) {
    CHECK(reason_of(with.look(Mode::push), rules, "Title") == Reason::before_activation);
    CHECK(with.run(Mode::push).operations.empty());
    with.hub_system.records[0].lists["positions"][0]["title"] = value("Chief");
    CHECK(reason_of(with.run(Mode::push), rules, "Title") == Reason::written);
    CHECK(written(with, "jobTitle") == "Chief");
  };
  SECTION("of a link that was made by hand") {
    world.run(Mode::manual);
    Link made;
    made.hub_id = "h1";
    made.provider_id = "p1";
    world.base.links = {made};
    check_silent_then_sent(b.rules, world);
  }
  SECTION("of a list that was not read") {
    hub_record.unread_lists = {"positions"};
    world.run(Mode::manual);
    REQUIRE(world.base.activated);
    hub_record.unread_lists.clear();
    check_silent_then_sent(b.rules, world);
  }
  SECTION("of a group that has another title by now") {
    world.run(Mode::manual);
    RulesBuilder renamed = position_rules(true);
    renamed.rules.groups[0].title = "Positions";
    World later = position_world(renamed.rules, {position("a", "2020-01-01", "", "Clerk")});
    later.provider_system.records = world.provider_system.records;
    later.base = world.base;
    check_silent_then_sent(renamed.rules, later);
  }
  SECTION("of a member that the group did not take") {
    world.run(Mode::manual);
    RulesBuilder wider = position_rules(true);
    wider.member(hub, "positions[].office");
    wider.member(provider, "office");
    ir::Pair pair = wider.pair("positions[].office", Direction::to_provider, "office");
    pair.ends[0].paths[0].selector.kind = Kind_::current;
    wider.field("Office", {pair}).group = 0;
    Element with_office = position("a", "2020-01-01", "", "Clerk");
    with_office["office"] = value("Bergen");
    World later = position_world(wider.rules, {with_office});
    later.provider_system.records = world.provider_system.records;
    later.provider_system.records[0].members["office"] = value("Oslo");
    later.base = world.base;
    CHECK(reason_of(later.look(Mode::push), wider.rules, "Office") == Reason::before_activation);
    check_silent_then_sent(wider.rules, later);
    CHECK(written(later, "office") == "Bergen");
  }
  SECTION("a position of a list that was empty is new") {
    hub_record.lists["positions"].clear();
    world.run(Mode::manual);
    hub_record.lists["positions"].push_back(position("b", "2026-01-01", "", "Chief"));
    CHECK(reason_of(world.run(Mode::push), b.rules, "Title") == Reason::written);
  }
}

TEST_CASE("marks of older bases are read, and made anew") {
  const RulesBuilder b = position_rules(true);
  World world = position_world(b.rules, {position("a", "2020-01-01", "", "Clerk")});
  world.provider_system.records[0].members["jobTitle"] = value("Own title");
  world.run(Mode::manual);
  world.base.links[0].marks = {{"Position fields", "a", "66ba7d1bd2d1d0f5"}};
  CHECK(reason_of(world.look(Mode::push), b.rules, "Title") == Reason::written);  // another hash: it has changed
  world.base.links[0].marks = {{"Position fields", "a", "8d990eb1dafa505a"}};
  CHECK(reason_of(world.run(Mode::push), b.rules, "Title") == Reason::before_activation);
  CHECK(world.base.links[0].marks.size() == 2);
  CHECK(std::as_const(world.base.links[0].marks)[0].hash.view().size() > 16);
  world.hub_system.records[0].lists["positions"].push_back(position("b", "2026-01-01", "", "Chief"));
  CHECK(reason_of(world.run(Mode::push), b.rules, "Title") == Reason::written);
}

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/explain/explain.hpp"
#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

RulesBuilder list_rules(std::optional<ir::Sides> add_missing) {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.list(hub, "positions", "start", "end");
  b.member(hub, "positions[].title");
  b.words(hub, "positions[].reason", {"resigned", "other"});
  b.list(provider, "periods", "start", "end");
  b.member(provider, "periods[].profession").required_on_create = true;
  b.member(provider, "periods[].reason");
  b.field("Start", "positions[].start", Direction::both, "periods[].start").each = 0;
  b.field("Title", "positions[].title", Direction::both, "periods[].profession").each = 0;
  b.field("End", "positions[].end", Direction::both, "periods[].end").each = 0;
  ir::ListRule list;
  list.lists = {b.id(hub, "positions"), b.id(provider, "periods")};
  list.match = 1;
  list.add_missing = add_missing;
  b.rules.lists.push_back(list);
  // An end date goes with a reason: from the hub's where the table knows it, else it is asked.
  ir::ValuesTable reasons{.name = "reasons", .rows = {}, .doc = {}, .origin = {}};
  reasons.rows.push_back(
      {ir::ValueRow::Cell::word, ir::ValueRow::Cell::word, "resigned", "own request", Direction::to_provider, {}});
  b.rules.tables.push_back(reasons);
  ir::Fill fill;
  fill.target = b.path(provider, "periods[].reason");
  fill.trigger = b.path(provider, "periods[].end");
  fill.each = 0;
  fill.sources.push_back({ir::FillSource::FromMember{hub, b.path(hub, "positions[].reason"), 0}});
  fill.sources.push_back({ir::FillSource::Ask{"Why does it end?", std::nullopt, std::nullopt}});
  b.rules.fills.push_back(fill);
  return b;
}

using Element = std::map<std::string, Value>;

World list_world(const ir::RuleSet& rules, std::vector<Element> positions, std::vector<Element> periods) {
  World world(rules);
  world.hub_system.records = {{{{"id", value("h1")}, {"isActive", value("true")}, {"email", value("a")}},
                               {{"positions", std::move(positions)}}}};
  world.provider_system.records = {
      {{{"id", value("p1")}, {"isActive", value("true")}, {"email", value("a")}}, {{"periods", std::move(periods)}}}};
  return world;
}

Element position(const char* id, const char* start, const char* title) {
  return {{"id", value(id)}, {"start", value(start)}, {"title", value(title)}};
}

Element period(const char* id, const char* start, const char* title) {
  return {{"id", value(id)}, {"start", value(start)}, {"profession", value(title)}};
}

}  // namespace

TEST_CASE("elements are found by key once and held by their ids after that") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk")}, {period("7", "2020-01-01", "Clerk")});
  world.run(Mode::manual);
  world.hub_system.records[0].lists["positions"][0]["start"] = value("2020-02-01");
  const Plan plan = world.run(Mode::push);
  CHECK(reason_of(plan, b.rules, "Start") == Reason::written);
  const auto& periods = world.provider_system.records[0].lists["periods"];
  REQUIRE(periods.size() == 1);
  CHECK(periods[0].at("start") == value("2020-02-01"));
}

TEST_CASE("a new element is pushed, and the old one stays as it is") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk")}, {period("7", "2020-01-01", "Clerk")});
  world.run(Mode::manual);
  world.hub_system.records[0].lists["positions"].push_back(position("b", "2024-01-01", "Chief"));
  const Plan plan = world.run(Mode::push);
  CHECK(reason_of(plan, b.rules, "Title") == Reason::created);
  REQUIRE(world.provider_system.records[0].lists["periods"].size() == 2);
  CHECK(world.run(Mode::push).operations.empty());
}

TEST_CASE("elements of the provider alone are offered only where the rule adds them, and are never pushed about") {
  for (const bool adds : {true, false}) {
    const RulesBuilder b = list_rules(adds ? std::optional(ir::Sides::both) : std::nullopt);
    World world = list_world(b.rules, {}, {period("7", "2020-01-01", "Clerk")});
    const Plan manual = world.look(Mode::manual);
    CHECK((find_entry(manual, b.rules, "Start") != nullptr) == adds);
    world.run(Mode::manual);
    CHECK(world.run(Mode::push).operations.empty());
    world.decisions.bulk = Choice::provider;
    world.run(Mode::manual);
    CHECK(world.hub_system.records[0].lists["positions"].size() == (adds ? 1U : 0U));
  }
}

TEST_CASE("two elements with one key are held as ambiguous") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk"), position("b", "2020-01-01", "Chief")},
                           {period("7", "2020-01-01", "Clerk")});
  world.decisions.bulk = Choice::hub;
  const Plan plan = world.look(Mode::manual);
  CHECK(plan.totals.sets[1] + plan.totals.creates[1] == 0);
  CHECK(reason_of(plan, b.rules, "Start") == Reason::ambiguous);
}

TEST_CASE("a partner that is gone is not added again by a push, and nothing is removed") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk")}, {period("7", "2020-01-01", "Clerk")});
  world.run(Mode::manual);
  world.provider_system.records[0].lists["periods"].clear();
  CHECK(world.run(Mode::push).operations.empty());
  CHECK(find_entry(world.look(Mode::manual), b.rules, "Start")->preselected == Choice::undecided);
  CHECK(world.hub_system.records[0].lists["positions"].size() == 1);
}

TEST_CASE("an element whose partner is gone is called that, whichever side lost it") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk")}, {period("7", "2020-01-01", "Clerk")});
  world.run(Mode::manual);
  const bool in_provider = GENERATE(true, false);
  if (in_provider) {
    world.provider_system.records[0].lists["periods"].clear();
  } else {
    world.hub_system.records[0].lists["positions"].clear();
  }
  const Plan plan = world.look(Mode::manual);
  const Entry* entry = find_entry(plan, b.rules, "Start");
  REQUIRE(entry != nullptr);
  CHECK(entry->open());
  CHECK(entry->reason == (in_provider ? Reason::drift : Reason::source_unset));
  CHECK(entry->why.find("was in both systems, and is gone from") != entry->why.npos);
  CHECK(entry->why.find("exists only in") == entry->why.npos);
}

TEST_CASE("a partner that is put back is the partner again, and nothing is doubled") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk"), position("b", "2021-01-01", "Chief")},
                           {period("7", "2020-01-01", "Clerk"), period("8", "2021-01-01", "Chief")});
  world.run(Mode::manual);
  SECTION("gone from the provider") {
    world.provider_system.records[0].lists["periods"].pop_back();
    world.decisions.bulk = Choice::hub;
  }
  SECTION("gone from the hub") {
    world.hub_system.records[0].lists["positions"].pop_back();
    world.decisions.bulk = Choice::provider;
  }
  world.run(Mode::manual);
  for (int again = 0; again < 3; ++again) CHECK(world.run(Mode::manual).operations.empty());
  CHECK(world.provider_system.records[0].lists["periods"].size() == 2);
  CHECK(world.hub_system.records[0].lists["positions"].size() == 2);
  REQUIRE(world.base.links[0].elements.size() == 2);
}

TEST_CASE("an element that was entered again under another id is found by its key") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk"), position("b", "2021-01-01", "Chief")},
                           {period("7", "2020-01-01", "Clerk"), period("8", "2021-01-01", "Chief")});
  world.run(Mode::manual);
  world.provider_system.records[0].lists["periods"][1]["id"] = value("33");
  for (const Mode mode : {Mode::manual, Mode::push, Mode::manual}) {
    const Plan plan = world.run(mode);
    CHECK(plan.entries.empty());
    CHECK(plan.operations.empty());
  }
  CHECK(std::ranges::find(world.base.links[0].elements, ElementLink{"positions", "b", "33"}) !=
        world.base.links[0].elements.end());
  CHECK(world.base.links[0].elements.size() == 2);
}

TEST_CASE("an element that lacks what the other side demands is held") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {{{"id", value("a")}, {"start", value("2020-01-01")}}}, {});
  world.decisions.bulk = Choice::hub;
  const Plan plan = world.look(Mode::manual);
  CHECK(plan.totals.creates[1] == 0);
  CHECK(find_entry(plan, b.rules, "Start")->reason == Reason::required_missing);
}

TEST_CASE("an end date goes with its reason, or waits for one") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk")}, {period("7", "2020-01-01", "Clerk")});
  world.run(Mode::manual);
  Element& leaving = world.hub_system.records[0].lists["positions"][0];
  leaving["end"] = value("2026-12-31");
  SECTION("known to the table") {
    leaving["reason"] = value("resigned");
    world.run(Mode::push);
    CHECK(world.provider_system.records[0].lists["periods"][0]["reason"] == value("own request"));
    CHECK(world.provider_system.records[0].lists["periods"][0]["end"] == value("2026-12-31"));
  }
  SECTION("unknown: held, and asked") {
    leaving["reason"] = value("other");
    const Plan plan = world.run(Mode::push);
    CHECK(plan.operations.empty());
    CHECK(reason_of(plan, b.rules, "End") == Reason::required_missing);
    REQUIRE(plan.questions.size() == 1);
    CHECK(plan.questions[0].text == "Why does it end?");
    world.decisions.answers.push_back({"Why does it end?", "h1", "", "moved"});
    world.run(Mode::push);
    CHECK(world.provider_system.records[0].lists["periods"][0]["reason"] == value("moved"));
  }
  SECTION("another date does not keep the reason of the former one") {
    leaving["reason"] = value("resigned");
    world.run(Mode::push);
    leaving["reason"] = value("other");
    leaving["end"] = value("2026-09-30");
    const Plan plan = world.run(Mode::push);
    CHECK(plan.operations.empty());
    CHECK(reason_of(plan, b.rules, "End") == Reason::required_missing);
    CHECK(plan.questions.size() == 1);
    leaving["reason"] = value("resigned");
    CHECK(world.run(Mode::push).operations.size() == 1);
  }
}

TEST_CASE("a name that nobody in the target has is told before it is added to the target's list") {
  RulesBuilder b = list_rules(ir::Sides::both);
  ir::Member& title = b.rules.schemas[0].members[b.id(hub, "positions[].title")];
  title.lookup_resource = "job_titles";
  title.lookup_by = "name";
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk")},
                           {period("7", "2020-01-01", "CLERK"), period("8", "2024-01-01", "Chief")});
  const auto told = [](const Plan& plan) {
    std::string all;
    for (const Notice& notice : plan.notices) all += notice.text + "\n";
    return all;
  };
  const std::string chief = "Title: nobody in Huma has `Chief`; it is added to its job_titles if it is not there\n";
  CHECK(told(world.look(Mode::manual)) == chief);  // on offer; of CLERK only the case differs
  world.decisions.bulk = Choice::leave;
  CHECK(told(world.look(Mode::manual)) == "");
  world.decisions.bulk = Choice::provider;
  CHECK(told(world.run(Mode::manual)) == chief);
  CHECK(told(world.look(Mode::manual)) == "");
}

TEST_CASE("members of an object that no rule knows are told to stay as they are when the object is read") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  for (const auto* path : {"home.line1", "home.line2", "home.line3"}) b.member(hub, path);
  b.field("Address", "home.line1", Direction::both, "street");
  World world(b.rules);
  world.hub_system.records = {{{{"id", value("h1")}, {"isActive", value("true")}, {"email", value("a")}}}};
  world.provider_system.records = {
      {{{"id", value("p1")}, {"isActive", value("true")}, {"email", value("a")}, {"street", value("Road 1")}}}};
  const Plan plan = world.look(Mode::manual);
  REQUIRE(plan.notices.size() == 1);
  CHECK(plan.notices[0].text == "Address: what Huma has in `home.line2`, `home.line3` stays there");
}

namespace {

std::uint32_t element_fields(const Plan& plan, Reason reason) {
  return plan.totals.element_reasons[static_cast<std::size_t>(reason)];
}

}  // namespace

TEST_CASE("the totals count every field of every list element") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(
      b.rules,
      {position("a", "2020-01-01", "Clerk"), position("b", "2022-01-01", "Chief"), position("c", "2024-01-01", "Boss")},
      {period("7", "2020-01-01", "Baker"), period("8", "2015-01-01", "Guide")});
  const auto decide = [&](const char* field, const char* element, Choice choice) {
    world.decisions.exact.push_back(
        {.hub_id = "h1", .provider_id = {}, .field = field, .element = element, .choice = choice, .by = {}});
  };
  decide("Title", "a", Choice::provider);
  decide("Start", "b", Choice::hub);
  decide("Start", "c", Choice::leave);
  decide("Start", "8", Choice::provider);
  const Plan plan = world.run(Mode::manual);
  CHECK(plan.totals.elements == 4);
  CHECK(plan.totals.element_fields == 12);
  CHECK(element_fields(plan, Reason::read_in) == 1);  // the title of a
  CHECK(element_fields(plan, Reason::adopted) == 2);  // its start and its end
  CHECK(element_fields(plan, Reason::created) == 6);  // b, and the provider's 8
  CHECK(element_fields(plan, Reason::left) == 3);     // c
  world.decisions = {};
  world.provider_system.records[0].lists["periods"][0]["end"] = absent;
  const Plan next = world.look(Mode::manual);
  CHECK(element_fields(next, Reason::source_absent) == 1);
  CHECK(element_fields(next, Reason::left) == 3);
  CHECK(element_fields(next, Reason::no_change) == 2);
  CHECK(element_fields(next, Reason::adopted) == 6);  // those that were added
}

TEST_CASE("what has changed in elements waits, and says so, while the other side's list is not read") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk"), position("b", "2021-01-01", "Chief")},
                           {period("7", "2020-01-01", "Clerk"), period("8", "2021-01-01", "Chief")});
  world.run(Mode::manual);
  world.provider_system.records[0].unread_lists = {"periods"};
  const Mode mode = GENERATE(Mode::manual, Mode::push);
  CHECK(world.look(mode).entries.empty());
  CHECK(element_fields(world.look(mode), Reason::source_absent) == 6);
  auto& positions = world.hub_system.records[0].lists["positions"];
  positions[0]["title"] = value("Boss");
  positions.push_back(position("c", "2024-01-01", "Guide"));
  for (int round = 0; round < 2; ++round) {
    const Plan plan = world.run(mode);
    CHECK(plan.operations.empty());
    REQUIRE(plan.entries.size() == 2);
    for (const Entry& entry : plan.entries) {
      CHECK(entry.reason == Reason::deferred);
      CHECK(entry.action == Action::hold);
      CHECK_FALSE(entry.why.empty());
    }
    CHECK(reason_of(plan, b.rules, "Title") == Reason::deferred);
    CHECK(reason_of(plan, b.rules, "Start") == Reason::deferred);
    CHECK(plan.totals.elements == 3);
    CHECK(element_fields(plan, Reason::deferred) == 4);
    CHECK(element_fields(plan, Reason::source_absent) == 5);
  }
  world.provider_system.records[0].unread_lists.clear();
  world.decisions.bulk = Choice::hub;
  world.run(mode);
  const auto& periods = world.provider_system.records[0].lists["periods"];
  REQUIRE(periods.size() == 3);
  CHECK(periods[0].at("profession") == value("Boss"));
}

TEST_CASE("a list that was never read together makes nobody wait") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk")}, {});
  world.provider_system.records[0].unread_lists = {"periods"};
  world.run(Mode::manual);
  CHECK(world.look(Mode::push).entries.empty());
  CHECK(world.look(Mode::manual).entries.empty());
}

TEST_CASE("each field of each element is explained by the reason that the totals count it under") {
  const RulesBuilder b = list_rules(ir::Sides::provider);
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk"), position("b", "2022-01-01", "Chief")},
                           {period("7", "2020-01-01", "Baker"), period("8", "2015-01-01", "Guide")});
  world.run(Mode::manual);
  world.decisions.bulk = Choice::hub;
  const std::string excluded = GENERATE("", "End", "Start");
  if (!excluded.empty()) world.base.links[0].excluded_fields = {excluded};
  const Snapshot hubs = world.hub_system.snapshot(), providers = world.provider_system.snapshot();
  const PlanInput input = world.input(Mode::manual, hubs, providers);
  const Plan made = plan(input);
  std::array<std::uint32_t, reason_count> explained{};
  for (const FieldExplanation& field : explain(made, input, 0).fields) {
    if (b.rules.fields[field.field].each) ++explained[static_cast<std::size_t>(field.reason)];
  }
  CHECK(explained == made.totals.element_reasons);
  CHECK(explained[static_cast<std::size_t>(Reason::created)] == (excluded == "Start" ? 0 : 3));  // b
  CHECK(explained[static_cast<std::size_t>(Reason::not_selected)] ==
        (excluded == "Start" ? 0 : 3));  // the provider's 8
}

TEST_CASE("what an administrator took out does not come with a new element either") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk")}, {period("7", "2020-01-01", "Clerk")});
  world.run(Mode::manual);
  auto& positions = world.hub_system.records[0].lists["positions"];
  positions.push_back(position("b", "2024-01-01", "Chief"));
  positions.back()["end"] = value("2027-01-01");
  world.decisions.bulk = Choice::hub;
  const Mode mode = GENERATE(Mode::manual, Mode::push);
  SECTION("a field") {
    world.base.links[0].excluded_fields = {"End"};
    world.run(mode);
    const auto& periods = world.provider_system.records[0].lists["periods"];
    REQUIRE(periods.size() == 2);
    CHECK((!periods[1].contains("end") || periods[1].at("end") == unset));
  }
  SECTION("a field that the other side demands") {
    world.base.links[0].excluded_fields = {"Title"};
    CHECK(world.run(mode).operations.empty());
  }
  SECTION("what elements are known by") {
    world.base.links[0].excluded_fields = {"Start"};
    const Plan plan = world.run(mode);
    CHECK(plan.operations.empty());
    CHECK(element_fields(plan, Reason::excluded) == 4);  // of both Start, and all of b
  }
}

TEST_CASE("elements of the provider alone that share a key are not added, as no partner could be told after") {
  const bool adds = GENERATE(true, false);
  const RulesBuilder b = list_rules(adds ? ir::Sides::both : ir::Sides::provider);
  World world = list_world(b.rules, {}, {period("7", "2020-01-01", "Clerk"), period("8", "2020-01-01", "Chief")});
  world.decisions.bulk = Choice::provider;
  const Plan plan = world.look(Mode::manual);
  CHECK(plan.operations.size() == plan.totals.links);
  CHECK(reason_of(plan, b.rules, "Start") == (adds ? Reason::ambiguous : Reason::not_selected));
}

TEST_CASE("an element that was entered again has agreed on nothing, whichever side it is on") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk")}, {period("7", "2020-01-01", "Clerk")});
  world.run(Mode::manual);
  const bool in_provider = GENERATE(true, false);
  if (in_provider) {
    world.provider_system.records[0].lists["periods"] = {period("9", "2020-01-01", "Cook")};
  } else {
    world.hub_system.records[0].lists["positions"] = {position("z", "2020-01-01", "Cook")};
  }
  for (const char* run : {"the first", "the second"}) {
    INFO(run);
    const Plan plan = world.run(Mode::manual);
    const Entry* entry = find_entry(plan, b.rules, "Title");
    REQUIRE(entry != nullptr);
    CHECK(entry->reason == Reason::first_run);
    CHECK(entry->preselected == Choice::undecided);
    CHECK(plan.operations.empty());
  }
  world.decisions.bulk = Choice::hub;
  world.run(Mode::manual);
  CHECK(world.provider_system.records[0].lists["periods"][0]["profession"] == value(in_provider ? "Clerk" : "Cook"));
  world.decisions.bulk = Choice::undecided;
  CHECK(reason_of(world.look(Mode::manual), b.rules, "Title") == Reason::no_change);
}

TEST_CASE("an element that was entered again with less is filled, and nothing is cleared by it") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk")}, {period("7", "2020-01-01", "Clerk")});
  world.hub_system.records[0].lists["positions"][0]["end"] = value("2030-01-01");
  world.provider_system.records[0].lists["periods"][0]["end"] = value("2030-01-01");
  world.run(Mode::manual);
  world.provider_system.records[0].lists["periods"] = {period("9", "2020-01-01", "Clerk")};
  const Plan plan = world.look(Mode::manual);
  const Entry* entry = find_entry(plan, b.rules, "End");
  REQUIRE(entry != nullptr);
  CHECK(entry->kind == Kind::missing);
  CHECK(plan.totals.clears[0] + plan.totals.clears[1] == 0);
  world.decisions.bulk = Choice::provider;
  world.run(Mode::manual);
  CHECK(world.hub_system.records[0].lists["positions"][0]["end"] == value("2030-01-01"));
}

TEST_CASE("in a group that sends only changes since activation, elements that are as they were are left alone") {
  RulesBuilder b = list_rules(ir::Sides::provider);
  ir::Group group;
  group.title = "Jobs";
  group.direction = Direction::to_provider;
  group.only_after_activation = true;
  b.rules.groups.push_back(group);
  for (ir::Field& field : b.rules.fields) {
    if (field.each) field.group = 0;
  }
  b.rules.lists[0].group = 0;
  World world = list_world(b.rules, {position("a", "2020-01-01", "Clerk"), position("b", "2021-01-01", "Chief")},
                           {period("7", "2020-01-01", "Cook")});
  const Plan first = world.run(Mode::manual);
  CHECK(find_entry(first, b.rules, "Start") == nullptr);
  CHECK(find_entry(first, b.rules, "Title") == nullptr);
  world.base.activated = true;
  CHECK(world.run(Mode::push).operations.empty());
  auto& here = world.hub_system.records[0].lists["positions"];
  auto& there = world.provider_system.records[0].lists["periods"];
  SECTION("one that is changed is sent, over what is there") {
    here[0]["title"] = value("Baker");
    CHECK(reason_of(world.run(Mode::push), b.rules, "Title") == Reason::written);
    CHECK(there[0]["profession"] == value("Baker"));
    CHECK(there.size() == 1);
    CHECK(world.run(Mode::push).operations.empty());
    here[0]["title"] = value("Clerk");
    world.run(Mode::push);
    CHECK(there[0]["profession"] == value("Clerk"));
  }
  SECTION("one that comes is added, and one that is changed and was not there") {
    here[1]["title"] = value("Head");
    here.push_back(position("c", "2024-01-01", "Boss"));
    world.run(Mode::push);
    CHECK(there.size() == 3);
  }
}

TEST_CASE("an element with a sensitive value is offered to the hub, and not preselected") {
  RulesBuilder b = list_rules(ir::Sides::both);
  const bool secret = GENERATE(true, false);
  b.rules.schemas[ir::at(hub)].members[b.id(hub, "positions[].title")].secret = secret;
  World world = list_world(b.rules, {}, {period("7", "2020-01-01", "Clerk")});
  const Plan plan = world.look(Mode::manual);
  const Entry* entry = find_entry(plan, b.rules, "Start");
  REQUIRE(entry != nullptr);
  CHECK(entry->offered(hub));
  CHECK(entry->preselected == (secret ? Choice::undecided : Choice::provider));
}

TEST_CASE("a decision about one side's element leaves the element of the other side that has the same id alone") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {position("7", "2020-01-01", "Clerk"), position("9", "2022-01-01", "Chief")},
                           {period("8", "2020-01-01", "Baker"), period("7", "2022-01-01", "Guide")});
  Decision decision{
      .hub_id = "h1", .provider_id = {}, .field = "Title", .element = {}, .choice = Choice::hub, .by = {}};
  SECTION("by the hub's id") { decision.hub_element = "7"; }
  SECTION("by the provider's") { decision.provider_element = "8"; }
  SECTION("by both") { decision.hub_element = "7", decision.provider_element = "8"; }
  world.decisions.exact = {decision};
  world.run(Mode::manual);
  CHECK(world.provider_system.records[0].lists["periods"][0]["profession"].text == "Clerk");
  CHECK(world.provider_system.records[0].lists["periods"][1]["profession"].text == "Guide");
}

TEST_CASE("a decision about two ids that are no partners is about nothing") {
  const RulesBuilder b = list_rules(ir::Sides::both);
  World world = list_world(b.rules, {position("7", "2020-01-01", "Clerk"), position("9", "2022-01-01", "Chief")},
                           {period("8", "2020-01-01", "Baker"), period("7", "2022-01-01", "Guide")});
  Decision decision{
      .hub_id = "h1", .provider_id = {}, .field = "Title", .element = {}, .choice = Choice::hub, .by = {}};
  decision.hub_element = decision.provider_element = "7";
  world.decisions.exact = {decision};
  world.run(Mode::manual);
  CHECK(world.provider_system.records[0].lists["periods"][0]["profession"].text == "Baker");
  CHECK(world.provider_system.records[0].lists["periods"][1]["profession"].text == "Guide");
}

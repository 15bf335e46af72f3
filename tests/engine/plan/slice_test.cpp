#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

// The constructs of the Netvisor map, on a made-up provider.
RulesBuilder slice_rules() {
  RulesBuilder b;
  b.member(hub, "email", "email");
  b.member(provider, "base.email", "email");
  b.field("Email address", "email", Direction::both, "base.email").required = true;
  b.field("Given name", "givenName", Direction::both, "base.firstname").required = true;
  b.field("Employment ID", "employmentId", Direction::both, "base.number").clauses = {
      RulesBuilder::clause(ir::Clause::Kind::unique, ir::Sides::both)};
  b.member(hub, "birthDate", "date");
  b.member(provider, "base.dateofbirth", "date");
  b.field("Date of birth", "birthDate", Direction::both, "base.dateofbirth").clauses = {
      RulesBuilder::clause(ir::Clause::Kind::cannot_unset_or_update, ir::Sides::provider, 41)};
  b.words(hub, "gender", {"male", "female", "other"});
  b.words(provider, "base.gender", {"m", "f"});
  b.field("Gender", "gender", Direction::both, "base.gender").shapes[0].pairs[0].table = 0;
  using Cell = ir::ValueRow::Cell;
  ir::ValuesTable table{.name = "gender", .rows = {}, .doc = {}, .origin = {}};
  table.rows.push_back({Cell::word, Cell::word, "male", "m", Direction::both, {}});
  table.rows.push_back({Cell::word, Cell::word, "female", "f", Direction::both, {}});
  b.rules.tables.push_back(table);
  for (const auto* path : {"home.line1", "home.city", "home.postal"}) b.member(hub, path);
  for (const auto* path : {"base.street", "base.municipality", "base.city", "base.post"}) b.member(provider, path);
  b.field(
       "Address",
       {b.pair("home.line1", Direction::both, "base.street"), b.pair("home.city", Direction::both, "base.municipality"),
        b.pair("home.city", Direction::to_provider, "base.city"), b.pair("home.postal", Direction::both, "base.post")})
      .clauses = {RulesBuilder::clause(ir::Clause::Kind::all_parts_filled, ir::Sides::provider)};
  b.list(hub, "positions", "start", "end");
  b.member(hub, "positions[].title").required_on_create = true;
  b.list(provider, "periods", "start", "end");
  b.member(provider, "periods[].profession");
  b.field("Start", "positions[].start", Direction::both, "periods[].start").each = 0;
  b.field("Title", "positions[].title", Direction::both, "periods[].profession").each = 0;
  b.field("End", "positions[].end", Direction::both, "periods[].end").each = 0;
  ir::ListRule list;
  list.lists = {b.id(hub, "positions"), b.id(provider, "periods")};
  list.match = static_cast<std::uint32_t>(b.rules.fields.size() - 3);
  list.add_missing = ir::Sides::both;
  b.rules.lists.push_back(list);
  b.list(hub, "identifications");
  b.words(hub, "identifications[].type", {"national", "passport"});
  b.member(hub, "identifications[].value").secret = true;
  b.member(provider, "base.identifier").secret = true;
  ir::Pair identification;
  ir::Selector national{ir::Selector::Kind::where, {{b.id(hub, "identifications[].type"), "national"}}};
  identification.ends[0].paths.push_back(b.path(hub, "identifications[].value", national));
  identification.ends[1].paths.push_back(b.path(provider, "base.identifier"));
  b.field("Identifications", {identification});
  b.rules.match.emplace();
  b.rules.match->field = 0;
  return b;
}

Record hub_person() {
  return {
      {{"id", value("h1")},
       {"isActive", value("true")},
       {"email", value("Aino@example.com")},
       {"givenName", value("Aino")},
       {"employmentId", value("17")},
       {"birthDate", value("1990-05-01")},
       {"gender", value("female")},
       {"home.line1", value("Street 1")},
       {"home.city", value("Oulu")},
       {"home.postal", value("90100")}},
      {{"positions",
        {{{"id", value("a")}, {"start", value("2020-01-01")}, {"title", value("Clerk")}, {"end", value("2021-12-31")}},
         {{"id", value("b")}, {"start", value("2022-01-01")}, {"title", value("Head")}}}},
       {"identifications",
        {{{"id", value("x")}, {"type", value("passport")}, {"value", value("P1")}},
         {{"id", value("y")}, {"type", value("national")}, {"value", value("N1")}}}}}};
}

Record provider_person() {
  return {{{"id", value("p1")},
           {"isActive", value("true")},
           {"base.email", value("aino@example.com")},
           {"base.firstname", value("Aina")},
           {"base.dateofbirth", value("1990-05-02")},
           {"base.gender", value("f")},
           {"base.street", value("Street 1")},
           {"base.identifier", value("N1")}},
          {{"periods", {{{"id", value("7")}, {"start", value("2020-01-01")}, {"profession", value("Clerk")}}}}}};
}

World slice_world(const ir::RuleSet& rules) {
  World world(rules);
  world.hub_system.records = {hub_person()};
  world.provider_system.records = {provider_person()};
  return world;
}

}  // namespace

TEST_CASE("a first manual run shows what differs and writes nothing by itself") {
  const RulesBuilder b = slice_rules();
  World world = slice_world(b.rules);
  const Plan plan = world.run(Mode::manual);
  REQUIRE(plan.people.size() == 1);
  CHECK(plan.people[0].is_linked);
  CHECK(reason_of(plan, b.rules, "Email address") == Reason::adopted);
  CHECK(reason_of(plan, b.rules, "Given name") == Reason::first_run);
  CHECK(reason_of(plan, b.rules, "Employment ID") == Reason::first_run);
  CHECK(reason_of(plan, b.rules, "Gender") == Reason::adopted);
  CHECK(reason_of(plan, b.rules, "Address") == Reason::incomplete_parts);
  CHECK(reason_of(plan, b.rules, "Identifications") == Reason::adopted);
  const Entry& birth = *find_entry(plan, b.rules, "Date of birth");
  CHECK(birth.kind == Kind::conflict);
  CHECK_FALSE(birth.offered(provider));
  CHECK(birth.offered(hub));
  CHECK(world.hub_system.writes + world.provider_system.writes == 0);
  CHECK_FALSE(plan.ready);
}

TEST_CASE("deciding for the hub writes what is allowed, and a second run plans nothing") {
  const RulesBuilder b = slice_rules();
  World world = slice_world(b.rules);
  world.decisions.bulk = Choice::hub;
  const Plan first = world.run(Mode::manual);
  CHECK(world.applied.count(Outcome::Kind::done) == first.operations.size());
  CHECK(reason_of(first, b.rules, "Given name") == Reason::written);
  CHECK(reason_of(first, b.rules, "Employment ID") == Reason::filled);
  CHECK(reason_of(first, b.rules, "Date of birth") == Reason::blocked_update);
  CHECK(find_entry(first, b.rules, "Date of birth")->rule.line == 41);
  CHECK(reason_of(first, b.rules, "Address") == Reason::filled);
  Record& written = *world.provider_system.find_record("p1");
  CHECK(written.members["base.firstname"] == value("Aino"));
  CHECK(written.members["base.city"] == value("Oulu"));
  CHECK(written.members["base.municipality"] == value("Oulu"));
  REQUIRE(written.lists["periods"].size() == 2);
  CHECK(written.lists["periods"][0]["end"] == value("2021-12-31"));
  CHECK(written.lists["periods"][1]["profession"] == value("Head"));

  const std::size_t writes = world.provider_system.writes;
  const Plan second = world.run(Mode::manual);
  CHECK(second.operations.empty());
  CHECK(world.provider_system.writes == writes);
  CHECK(find_entry(second, b.rules, "Date of birth")->known);
  const Plan push = world.run(Mode::push);
  CHECK(push.operations.empty());
  // Whatever was shown before is shown again where it is about to be written.
  world.decisions.bulk = Choice::provider;
  const Plan revised = world.look(Mode::manual);
  for (const Operation& operation : revised.operations) CHECK_FALSE(revised.entries[operation.entry].known);
}

TEST_CASE("deciding for the provider reads what is complete, and a second run plans nothing") {
  const RulesBuilder b = slice_rules();
  World world = slice_world(b.rules);
  world.decisions.bulk = Choice::provider;
  const Plan first = world.run(Mode::manual);
  CHECK(reason_of(first, b.rules, "Given name") == Reason::read_in);
  CHECK(reason_of(first, b.rules, "Date of birth") == Reason::read_in);
  CHECK(reason_of(first, b.rules, "Address") == Reason::incomplete_parts);
  CHECK(world.provider_system.writes == 0);
  Record& read = *world.hub_system.find_record("h1");
  CHECK(read.members["birthDate"] == value("1990-05-02"));
  CHECK(read.members["home.line1"] == value("Street 1"));
  CHECK(read.members["home.city"] == value("Oulu"));
  CHECK(world.run(Mode::manual).operations.empty());
}

TEST_CASE("after agreement a change in the hub is pushed and one in the provider waits for a manual run") {
  const RulesBuilder b = slice_rules();
  World world = slice_world(b.rules);
  world.agree();
  world.hub_system.find_record("h1")->members["givenName"] = value("Aino Maria");
  world.provider_system.find_record("p1")->members["base.number"] = value("18");
  world.hub_system.find_record("h1")->lists["positions"][0]["title"] = value("Chief");
  const Plan push = world.run(Mode::push);
  CHECK(reason_of(push, b.rules, "Given name") == Reason::written);
  CHECK(reason_of(push, b.rules, "Employment ID") == Reason::drift);
  CHECK(reason_of(push, b.rules, "Title") == Reason::written);
  CHECK(world.provider_system.find_record("p1")->members["base.firstname"] == value("Aino Maria"));
  CHECK(world.provider_system.find_record("p1")->lists["periods"][0]["profession"] == value("Chief"));
  CHECK(world.run(Mode::push).operations.empty());
  const Plan manual = world.look(Mode::manual);
  CHECK(find_entry(manual, b.rules, "Employment ID")->preselected == Choice::provider);
}

TEST_CASE("an element that was left alone is not pushed") {
  const RulesBuilder b = slice_rules();
  World world = slice_world(b.rules);
  world.agree();
  CHECK(world.run(Mode::push).operations.empty());
  CHECK(world.provider_system.find_record("p1")->lists["periods"].size() == 1);
  // Nor added in bulk: that is decided for this person and field.
  for (const Choice choice : {Choice::hub, Choice::provider}) {
    world.decisions.bulk = choice;
    CHECK(world.look(Mode::manual).totals.creates[0] + world.look(Mode::manual).totals.creates[1] == 0);
  }
  const Plan shown = world.look(Mode::manual);
  const auto left = std::ranges::find_if(shown.entries, [](const Entry& each) { return each.kind == Kind::missing; });
  REQUIRE(left != shown.entries.end());
  world.decisions = {};
  world.decisions.exact.push_back({"h1", "", b.rules.fields[left->field].label, "", Choice::hub, "admin"});
  const Plan exact = world.look(Mode::manual);
  CHECK(exact.totals.creates[1] == 1);
  CHECK(exact.totals.open == 0);
}

TEST_CASE("what only goes along with a field is not emptied because its neighbour changed, and goes with the whole") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  for (const auto* path : {"first", "nick"}) b.member(hub, path);
  for (const auto* path : {"firstname", "nickname"}) b.member(provider, path);
  b.field("Name", {b.pair("first", Direction::both, "firstname"), b.pair("nick", Direction::to_provider, "nickname")});
  World world(b.rules);
  world.hub_system.records = {{{{"id", value("h1")},
                                {"isActive", value("true")},
                                {"email", value("a@example.com")},
                                {"first", value("Aino")}}}};
  world.provider_system.records = {{{{"id", value("p1")},
                                     {"isActive", value("true")},
                                     {"email", value("a@example.com")},
                                     {"firstname", value("Aino")},
                                     {"nickname", value("Ainu")}}}};
  world.agree();
  auto& in_hub = world.hub_system.records[0].members;
  auto& in_provider = world.provider_system.records[0].members;

  in_hub["first"] = value("Aina");
  world.run(Mode::push);
  CHECK(in_provider["firstname"] == value("Aina"));
  CHECK(in_provider["nickname"] == value("Ainu"));

  in_hub["first"] = value("Eino");
  in_hub["nick"] = value("Eikka");
  world.run(Mode::push);
  CHECK(in_provider["nickname"] == value("Eikka"));

  in_hub["first"] = in_hub["nick"] = unset;
  world.run(Mode::push);
  CHECK(in_provider["firstname"] == unset);
  CHECK(in_provider["nickname"] == unset);
}

TEST_CASE("what stands beside a value goes with it where nothing takes its place") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.field("Account", "account", Direction::both, "number");
  b.member(hub, "bic");
  ir::Member& bic = b.member(provider, "bic");
  const bool clearable = GENERATE(true, false);
  bic.not_nullable = !clearable;
  ir::Fill fill;
  fill.target = b.path(provider, "bic");
  fill.trigger = b.path(provider, "number");
  fill.sources.push_back({ir::FillSource::FromMember{hub, b.path(hub, "bic"), std::nullopt}});
  b.rules.fills.push_back(fill);
  World world(b.rules);
  world.hub_system.records = {{{{"id", value("h1")},
                                {"isActive", value("true")},
                                {"email", value("a")},
                                {"account", value("1")},
                                {"bic", value("ONE")}}}};
  world.provider_system.records = {{{{"id", value("p1")}, {"isActive", value("true")}, {"email", value("a")}}}};
  world.decisions.bulk = Choice::hub;
  world.run(Mode::manual);
  auto& ours = world.hub_system.records[0].members;
  auto& theirs = world.provider_system.records[0].members;
  REQUIRE(theirs["bic"] == value("ONE"));
  ours["account"] = value("2");
  SECTION("by another") {
    ours["bic"] = value("TWO");
    world.run(Mode::push);
    CHECK(theirs["bic"] == value("TWO"));
  }
  SECTION("by none") {
    ours["bic"] = unset;
    world.run(Mode::push);
    CHECK(theirs["number"] == value("2"));
    CHECK(theirs["bic"] == (clearable ? unset : value("ONE")));
    CHECK(world.run(Mode::push).operations.empty());
  }
  SECTION("not where it could not be read") {
    ours["bic"] = absent;
    world.run(Mode::push);
    CHECK(theirs["bic"] == value("ONE"));
  }
}

namespace {

// An address of two parts, of which the provider alone has the second; somebody left it as it is.
World left_address(const RulesBuilder& b) {
  World world(b.rules);
  world.hub_system.records = {{{{"id", value("h1")},
                                {"isActive", value("true")},
                                {"email", value("a@example.com")},
                                {"line", value("Gata 1")}}}};
  world.provider_system.records = {{{{"id", value("p1")},
                                     {"isActive", value("true")},
                                     {"email", value("a@example.com")},
                                     {"street", value("Gata 1")},
                                     {"city", value("Oslo")}}}};
  world.decisions.bulk = Choice::leave;
  world.run(Mode::manual);
  world.decisions = {};
  return world;
}

RulesBuilder address_rules() {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  for (const auto* path : {"line", "town"}) b.member(hub, path);
  for (const auto* path : {"street", "city"}) b.member(provider, path);
  b.field("Address", {b.pair("line", Direction::both, "street"), b.pair("town", Direction::both, "city")});
  return b;
}

}  // namespace

TEST_CASE("a part that one side alone has, and nobody agreed on, is not emptied because another part changed") {
  const RulesBuilder b = address_rules();
  World world = left_address(b);
  auto& in_hub = world.hub_system.records[0].members;
  auto& in_provider = world.provider_system.records[0].members;
  const Mode mode = GENERATE(Mode::push, Mode::manual);
  world.decisions.accept_preselected = true;
  in_hub["line"] = value("Gata 22");
  const Plan plan = world.run(mode);
  CHECK(plan.totals.clears == std::array<std::uint32_t, 2>{});
  CHECK(in_provider["street"] == value("Gata 22"));
  CHECK(in_provider["city"] == value("Oslo"));
  CHECK(world.run(mode).operations.empty());

  SECTION("but once both had it, it goes with the hub's") {
    in_hub["town"] = value("Oslo");
    world.run(mode);
    in_hub["town"] = unset;
    world.run(mode);
    CHECK(in_provider["city"] == unset);
    CHECK(in_provider["street"] == value("Gata 22"));
  }
  SECTION("and goes with the whole") {
    in_hub["line"] = unset;
    world.run(mode);
    CHECK(in_provider["street"] == unset);
    CHECK(in_provider["city"] == unset);
  }
}

TEST_CASE("a part that the hub alone has, and nobody agreed on, stays when the provider's other part is read") {
  const RulesBuilder b = address_rules();
  World world = left_address(b);
  auto& in_hub = world.hub_system.records[0].members;
  auto& in_provider = world.provider_system.records[0].members;
  in_provider["city"] = unset;
  in_hub["town"] = value("Oslo");
  world.decisions.bulk = Choice::leave;
  world.run(Mode::manual);
  in_provider["street"] = value("Vei 3");
  world.decisions.bulk = Choice::provider;
  world.run(Mode::manual);
  CHECK(in_hub["line"] == value("Vei 3"));
  CHECK(in_hub["town"] == value("Oslo"));
}

TEST_CASE("a decision about just this field of this person takes it as a whole, and others say what stays") {
  const RulesBuilder b = address_rules();
  World world = left_address(b);
  auto& in_provider = world.provider_system.records[0].members;
  world.hub_system.records[0].members["line"] = value("Gata 22");
  const Plan before = world.look(Mode::manual);
  const Entry* shown = find_entry(before, b.rules, "Address");
  REQUIRE(shown != nullptr);
  CHECK_THAT(std::string(shown->why),
             Catch::Contains("`city` in Acme stays, unless that is decided for just this field"));
  Decision decision{
      .hub_id = "h1", .provider_id = {}, .field = "Address", .element = {}, .choice = Choice::hub, .by = {}};
  SECTION("by a person") {
    world.decisions.exact = {decision};
    world.run(Mode::manual);
    CHECK(in_provider["street"] == value("Gata 22"));
    CHECK(in_provider["city"] == unset);
  }
  SECTION("as one of many") {
    decision.by = "in bulk";
    world.decisions.exact = {decision};
    world.run(Mode::manual);
    CHECK(in_provider["street"] == value("Gata 22"));
    CHECK(in_provider["city"] == value("Oslo"));
  }
}

TEST_CASE("both sides changed alike differ as they did in what one of them alone has") {
  const RulesBuilder b = address_rules();
  World world = left_address(b);
  auto& in_provider = world.provider_system.records[0].members;
  world.hub_system.records[0].members["line"] = in_provider["street"] = value("Gata 22");
  const Mode mode = GENERATE(Mode::push, Mode::manual);
  const Plan plan = world.run(mode);
  CHECK(plan.operations.empty());
  CHECK(reason_of(plan, b.rules, "Address") == Reason::standing_difference);
  CHECK(in_provider["city"] == value("Oslo"));
}

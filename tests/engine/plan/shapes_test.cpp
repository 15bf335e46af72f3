#include <catch2/catch.hpp>

#include "engine/values/reference_tables.hpp"
#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

ir::Clause valid(std::string_view type) {
  ir::Clause clause = RulesBuilder::clause(ir::Clause::Kind::valid, ir::Sides::both, 20);
  clause.type = find_type(type);
  return clause;
}

// An account that is Norwegian (country and number), or else of another kind (free number with a code).
RulesBuilder account_rules() {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  for (const auto* path : {"bank.country", "bank.number", "bank.iban"}) b.member(hub, path);
  for (const auto* path : {"account", "code"}) b.member(provider, path);
  ir::Field& field = b.field("Account", {});
  ir::Pair country = b.pair("bank.country", Direction::both, "account");
  country.ends[1] = {{}, value("NO")};
  ir::Pair number = b.pair("bank.number", Direction::both, "account");
  number.clauses = {valid("no_account")};
  ir::Pair iban = b.pair("bank.iban", Direction::both, "account");
  ir::Pair kind = b.pair("bank.iban", Direction::both, "code");
  kind.ends[0] = {{}, value("foreign")};
  field.shapes = {{"Norwegian account", {country, number}, {}}, {"Other", {iban, kind}, {}}};
  // The second shape is recognised by its code when the provider is read.
  return b;
}

World account_world(const ir::RuleSet& rules, Record hub_record, Record provider_record) {
  World world(rules);
  for (Record* record : {&hub_record, &provider_record}) {
    record->members["email"] = value("a");
    record->members["isActive"] = value("true");
  }
  hub_record.members["id"] = value("h1");
  provider_record.members["id"] = value("p1");
  world.hub_system.records = {std::move(hub_record)};
  world.provider_system.records = {std::move(provider_record)};
  return world;
}

}  // namespace

TEST_CASE("a shape is chosen on the source side and written whole") {
  const RulesBuilder b = account_rules();
  World world = account_world(b.rules, {{{"bank.country", value("NO")}, {"bank.number", value("36240734014")}}}, {});
  const Plan plan = world.run(Mode::push);
  CHECK(plan.operations.empty());  // not linked yet
  world.decisions.bulk = Choice::hub;
  world.run(Mode::manual);
  CHECK(world.provider_system.records[0].members["account"] == value("36240734014"));
  CHECK(world.run(Mode::manual).operations.empty());

  world.decisions = {};
  world.hub_system.records[0].members["bank.country"] = unset;
  world.hub_system.records[0].members["bank.number"] = unset;
  world.hub_system.records[0].members["bank.iban"] = value("FI2112345600000785");
  CHECK(reason_of(world.run(Mode::push), b.rules, "Account") == Reason::written);
  CHECK(world.provider_system.records[0].members["account"] == value("FI2112345600000785"));
  CHECK(world.provider_system.records[0].members["code"] == value("foreign"));
  CHECK(world.run(Mode::push).operations.empty());

  SECTION("going back empties the member of the other shape") {
    world.hub_system.records[0].members["bank.country"] = value("NO");
    world.hub_system.records[0].members["bank.number"] = value("36240734014");
    world.hub_system.records[0].members["bank.iban"] = unset;
    world.run(Mode::push);
    CHECK(world.provider_system.records[0].members["account"] == value("36240734014"));
    CHECK(world.provider_system.records[0].members["code"] == unset);
  }
  SECTION("a removed account is cleared, every member of it") {
    world.hub_system.records[0].members["bank.iban"] = unset;
    CHECK(reason_of(world.run(Mode::push), b.rules, "Account") == Reason::cleared);
    CHECK(world.provider_system.records[0].members["account"] == unset);
    CHECK(world.provider_system.records[0].members["code"] == unset);
  }
}

TEST_CASE("a shape is recognised when reading, and the hub's other members are emptied") {
  const RulesBuilder b = account_rules();
  World world =
      account_world(b.rules, {{{"bank.iban", value("FI2112345600000785")}}}, {{{"account", value("36240734014")}}});
  world.decisions.bulk = Choice::provider;
  world.run(Mode::manual);
  CHECK(world.hub_system.records[0].members["bank.country"] == value("NO"));
  CHECK(world.hub_system.records[0].members["bank.number"] == value("36240734014"));
  CHECK(world.hub_system.records[0].members["bank.iban"] == unset);
}

TEST_CASE("a value of no shape is held, never sent in another shape") {
  const RulesBuilder b = account_rules();
  World world = account_world(b.rules, {{{"bank.country", value("NO")}, {"bank.number", value("36240734015")}}}, {});
  world.decisions.bulk = Choice::hub;
  const Plan plan = world.run(Mode::manual);
  CHECK(reason_of(plan, b.rules, "Account") == Reason::no_shape);
  CHECK(find_entry(plan, b.rules, "Account")->action == Action::hold);
  CHECK(world.provider_system.writes == 0);
}

TEST_CASE("leaving a shape whose member cannot be unset is blocked") {
  RulesBuilder b = account_rules();
  b.rules.schemas[1].members[b.id(provider, "code")].not_nullable = true;
  World world = account_world(b.rules, {{{"bank.iban", value("FI2112345600000785")}}}, {});
  world.decisions.bulk = Choice::hub;
  world.run(Mode::manual);
  world.hub_system.records[0].members["bank.iban"] = unset;
  world.hub_system.records[0].members["bank.country"] = value("NO");
  world.hub_system.records[0].members["bank.number"] = value("36240734014");
  const Plan plan = world.run(Mode::push);
  CHECK(reason_of(plan, b.rules, "Account") == Reason::blocked_unset);
  CHECK(plan.operations.empty());
}

TEST_CASE("a value that fails its check is invalid on the side that demands it") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.field("Account", "account", Direction::both, "account").clauses = {valid("no_account")};
  World world = account_world(b.rules, {{{"account", value("36240734015")}}}, {{{"account", value("36240734014")}}});
  const Plan plan = world.look(Mode::manual);
  const Entry& entry = *find_entry(plan, b.rules, "Account");
  CHECK(entry.kind == Kind::invalid);
  CHECK(entry.reason == Reason::validation);
  CHECK(entry.offered(hub));
  CHECK_FALSE(entry.offered(provider));
  CHECK(entry.preselected == Choice::undecided);
}

TEST_CASE("what is too long for the target is held, and said so") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  ir::Clause length = RulesBuilder::clause(ir::Clause::Kind::max_length, ir::Sides::provider, 33);
  length.length = 4;
  b.field("Number", "number", Direction::both, "code").clauses = {length};
  World world = account_world(b.rules, {{{"number", value("ÅÅÅÅÅ")}}}, {});
  world.decisions.bulk = Choice::hub;
  const Plan plan = world.look(Mode::manual);
  CHECK(reason_of(plan, b.rules, "Number") == Reason::validation);
  CHECK(find_entry(plan, b.rules, "Number")->why.find("5 characters") != std::string::npos);
  world.hub_system.records[0].members["number"] = value("ÅÅÅÅ");
  CHECK(reason_of(world.look(Mode::manual), b.rules, "Number") == Reason::filled);
}

TEST_CASE("a pair with a transform and a table reads back what it wrote") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.words(provider, "kind", {"one", "two"});
  ir::Pair& pair = b.field("Kind", "kind", Direction::both, "kind").shapes[0].pairs[0];
  pair.table = 0;
  pair.transforms = {{find_transform("prefix"), {"K-"}}};
  using Cell = ir::ValueRow::Cell;
  ir::ValuesTable table{.name = "kinds", .rows = {}, .doc = {}, .origin = {}};
  table.rows.push_back({Cell::word, Cell::word, "K-1", "one", Direction::both, {}});
  table.rows.push_back({Cell::word, Cell::word, "K-2", "two", Direction::both, {}});
  b.rules.tables.push_back(table);

  World world = account_world(b.rules, {{{"kind", value("1")}}}, {});
  world.decisions.bulk = Choice::hub;
  world.run(Mode::manual);
  CHECK(world.provider_system.records[0].members["kind"] == value("one"));
  CHECK(reason_of(world.look(Mode::manual), b.rules, "Kind") == Reason::no_change);
  world.provider_system.records[0].members["kind"] = value("two");
  world.decisions.bulk = Choice::provider;
  CHECK(reason_of(world.run(Mode::manual), b.rules, "Kind") == Reason::read_in);
  CHECK(world.hub_system.records[0].members["kind"] == value("2"));
  CHECK(world.run(Mode::manual).operations.empty());
}

TEST_CASE("what is read through a conversion as what the hub has is equal, in whatever form the provider writes it") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.member(hub, "hours", "decimal");
  b.field("Hours", "hours", Direction::both, "hours").shapes[0].pairs[0].transforms = {
      {find_transform("decimal_comma"), {}}};
  const std::string written = GENERATE("12,50", "12,500", "12,5");
  World world = account_world(b.rules, {{{"hours", value("12.5")}}}, {{{"hours", value(written)}}});
  world.decisions.bulk = GENERATE(Choice::hub, Choice::provider, Choice::leave);
  CHECK(reason_of(world.run(Mode::manual), b.rules, "Hours") == Reason::adopted);
  CHECK(world.provider_system.records[0].members["hours"] == value(written));
  world.provider_system.records[0].members["hours"] = value("12,50");
  CHECK(world.run(Mode::push).operations.empty());
  CHECK(world.run(Mode::manual).operations.empty());

  world.decisions = {};
  world.provider_system.records[0].members["hours"] = value("13,50");
  CHECK(reason_of(world.look(Mode::manual), b.rules, "Hours") == Reason::drift);
  world.decisions.bulk = Choice::provider;
  world.run(Mode::manual);
  CHECK(world.hub_system.records[0].members["hours"] == value("13.5"));
  world.provider_system.records[0].members["hours"] = value("thirteen");
  CHECK(find_entry(world.look(Mode::manual), b.rules, "Hours") != nullptr);
}

// A shape that only reads says what is read and left alone, and nothing is written by it.
TEST_CASE("a shape of one direction is chosen on that side only") {
  RulesBuilder b = account_rules();
  ir::Field& field = b.rules.fields[1];
  using Cell = ir::ValueRow::Cell;
  ir::ValuesTable table{.name = "left", .rows = {}, .doc = {}, .origin = {}};
  table.rows.push_back({Cell::keep, Cell::otherwise, {}, {}, Direction::to_hub, {}});
  b.rules.tables.push_back(table);
  ir::Pair number = b.pair("bank.number", Direction::to_hub, "account");
  number.table = 0;
  ir::Pair kind = b.pair("bank.iban", Direction::to_hub, "code");
  kind.ends[0] = {{}, value("giro")};
  field.shapes.push_back({"Giro", {number, kind}, {}});

  World world = account_world(b.rules, {}, {{{"account", value("123")}, {"code", value("giro")}}});
  world.decisions.bulk = Choice::hub;
  CHECK(reason_of(world.run(Mode::manual), b.rules, "Account") == Reason::keep);
  world.decisions.bulk = Choice::provider;
  CHECK(reason_of(world.run(Mode::manual), b.rules, "Account") == Reason::keep);
  world.hub_system.records[0].members["bank.number"] = value("not an account");
  CHECK(reason_of(world.run(Mode::push), b.rules, "Account") == Reason::keep);
  world.provider_system.records[0].members["code"] = value("other");
  CHECK(world.look(Mode::manual).totals.sets[0] == 0);
}

namespace {

// The national number, or else the passport, each in an element of the hub's list that its type selects.
RulesBuilder identification_rules() {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.list(hub, "ids");
  b.words(hub, "ids[].type", {"national", "passport"});
  b.member(hub, "ids[].value");
  b.member(provider, "number");
  b.member(provider, "kind");
  ir::Field& field = b.field("Identification", {});
  for (const char* type : {"national", "passport"}) {
    ir::Pair number = b.pair("ids[].value", Direction::both, "number");
    number.ends[0].paths[0].selector = {ir::Selector::Kind::where, {{b.id(hub, "ids[].type"), type}}};
    ir::Pair kind = b.pair("ids[].value", Direction::both, "kind");
    kind.ends[0] = {{}, value(type)};
    field.shapes.push_back({type, {number, kind}, {}});
  }
  return b;
}

World identified_world(const ir::RuleSet& rules, const char* number, const char* kind) {
  Record hub_record;
  hub_record.lists["ids"] = {{{"id", value("1")}, {"type", value("national")}, {"value", value("N1")}},
                             {{"id", value("2")}, {"type", value("passport")}, {"value", value("P1")}}};
  return account_world(rules, std::move(hub_record), {{{"number", value(number)}, {"kind", value(kind)}}});
}

}  // namespace

TEST_CASE("an element that another shape stands for keeps what it has") {
  const RulesBuilder b = identification_rules();
  const bool other_number = GENERATE(true, false);
  World world =
      other_number ? identified_world(b.rules, "N2", "national") : identified_world(b.rules, "P2", "passport");
  world.decisions.bulk = Choice::provider;
  world.run(Mode::manual);
  auto& ids = world.hub_system.records[0].lists["ids"];
  REQUIRE(ids.size() == 2);
  CHECK(ids[0]["value"] == value(other_number ? "N2" : "N1"));
  CHECK(ids[1]["value"] == value(other_number ? "P1" : "P2"));
  world.decisions = {};
  CHECK(world.run(Mode::manual).operations.empty());
}

TEST_CASE("what was written to one element is not remembered of the others that a field may choose") {
  const RulesBuilder b = identification_rules();
  World world = identified_world(b.rules, "N2", "national");
  const bool is_new = GENERATE(false, true);
  INFO((is_new ? "the element was added" : "the element was there"));
  if (is_new) world.hub_system.records[0].lists["ids"].clear();
  world.decisions.bulk = Choice::provider;
  world.run(Mode::manual);
  world.decisions = {};
  CHECK(reason_of(world.look(Mode::manual), b.rules, "Identification") == Reason::no_change);
  // The hub has not changed since: a push leaves alone what the provider has now.
  for (auto& [path, seen] : world.provider_system.records[0].members) {
    if (seen == value("N2")) seen = value("N3");
  }
  CHECK(world.look(Mode::push).operations.empty());
  const Plan plan = world.look(Mode::manual);
  REQUIRE(find_entry(plan, b.rules, "Identification") != nullptr);
  CHECK(find_entry(plan, b.rules, "Identification")->kind == Kind::drift);
}

TEST_CASE("a choice whose value is there already settles the pair") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  for (const auto* path : {"number", "bic"}) b.member(hub, path);
  for (const auto* path : {"account", "bic"}) b.member(provider, path);
  b.field("Account", {b.pair("number", Direction::both, "account"), b.pair("bic", Direction::both, "bic")});
  b.rules.schemas[0].members[b.id(hub, "bic")].read_only = true;
  World world = account_world(b.rules, {{{"number", value("1")}}}, {{{"account", value("1")}, {"bic", value("B")}}});
  world.decisions.bulk = Choice::provider;
  world.run(Mode::manual);
  world.decisions = {};
  CHECK(world.run(Mode::manual).totals.open == 0);
}

TEST_CASE("what a choice would empty without ever having been agreed on is said, and never preselected") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  for (const ir::Side side : {hub, provider}) {
    for (const auto* path : {"street", "zip"}) b.member(side, path);
  }
  b.field("Address", {b.pair("street", Direction::both, "street"), b.pair("zip", Direction::both, "zip")});
  b.rules.conflict = ir::ConflictRule::prefer_provider;
  World world = account_world(b.rules, {{{"street", value("A")}, {"zip", value("1")}}}, {{{"street", value("B")}}});
  const Plan plan = world.look(Mode::manual);
  const Entry* address = find_entry(plan, b.rules, "Address");
  REQUIRE(address != nullptr);
  CHECK(address->preselected == Choice::undecided);
  CHECK(address->why.find("`zip` in Huma is emptied") != std::string::npos);
}

TEST_CASE("a member of the hub is never emptied as preselected, also where others of its field stay or change") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  for (const ir::Side side : {hub, provider}) {
    for (const auto* path : {"street", "zip"}) b.member(side, path);
  }
  b.field("Address", {b.pair("street", Direction::both, "street"), b.pair("zip", Direction::both, "zip")});
  b.rules.conflict = ir::ConflictRule::prefer_provider;
  const Record full{{{"street", value("A")}, {"zip", value("1")}}};
  World world = account_world(b.rules, full, full);
  world.run(Mode::manual);
  auto& members = world.provider_system.records[0].members;
  members["zip"] = unset;
  SECTION("they stay") {}
  SECTION("they change") { members["street"] = value("B"); }
  const Plan plan = world.look(Mode::manual);
  const Entry* address = find_entry(plan, b.rules, "Address");
  REQUIRE(address != nullptr);
  CHECK(address->kind == Kind::drift);
  CHECK(address->preselected == Choice::undecided);
  CHECK(address->offered(hub));
}

TEST_CASE(
    "what the provider added to a part that both sides set alike since is drift, not a difference that was known") {
  RulesBuilder b;
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  for (const ir::Side side : {hub, provider}) {
    for (const auto* path : {"street", "zip"}) b.member(side, path);
  }
  b.field("Address", {b.pair("street", Direction::both, "street"), b.pair("zip", Direction::both, "zip")});
  World world = account_world(b.rules, {}, {});
  world.run(Mode::manual);
  world.hub_system.records[0].members["street"] = value("A");
  world.provider_system.records[0].members["street"] = value("A");
  world.provider_system.records[0].members["zip"] = value("1");
  const Plan plan = world.look(Mode::manual);
  const Entry* address = find_entry(plan, b.rules, "Address");
  REQUIRE(address != nullptr);
  CHECK(address->kind == Kind::drift);
  CHECK(address->offered(hub));
  CHECK_FALSE(address->offered(provider));
  CHECK(find_entry(world.look(Mode::push), b.rules, "Address") == nullptr);
  world.decisions.bulk = Choice::provider;
  world.run(Mode::manual);
  CHECK(world.hub_system.records[0].members["zip"] == value("1"));
}

TEST_CASE("a country that is chosen before its account is no change of the account, and clears nothing") {
  const RulesBuilder b = account_rules();
  World world = account_world(b.rules, {}, {});
  world.decisions.bulk = Choice::hub;
  world.run(Mode::manual);
  world.hub_system.records[0].members["bank.country"] = value("NO");
  world.provider_system.records[0].members["account"] = value("36240734014");

  SECTION("in a push") {
    world.decisions = {};
    CHECK(world.run(Mode::push).operations.empty());
  }
  SECTION("where the hub wins") { world.run(Mode::manual); }
  CHECK(world.provider_system.records[0].members["account"] == value("36240734014"));

  SECTION("and so it is where the hub's account went, too, that the provider never had") {
    world.provider_system.records[0].members["account"] = unset;
    world.hub_system.records[0].members["bank.number"] = value("36240734014");
    world.decisions.bulk = Choice::leave;
    world.run(Mode::manual);
    world.hub_system.records[0].members["bank.number"] = unset;
    world.provider_system.records[0].members["account"] = value("36240734014");
    world.decisions.bulk = Choice::hub;
    world.run(Mode::manual);
    world.decisions = {};
    world.run(Mode::push);
    CHECK(world.provider_system.records[0].members["account"] == value("36240734014"));
  }
}

TEST_CASE("a value that the provider replaced by one of no known form can be put right from the hub") {
  const RulesBuilder b = account_rules();
  World world = account_world(b.rules, {{{"bank.country", value("NO")}, {"bank.number", value("36240734014")}}},
                              {{{"account", value("36240734014")}}});
  world.run(Mode::manual);
  world.provider_system.records[0].members["account"] = value("12345");
  CHECK(world.run(Mode::push).operations.empty());

  const Plan plan = world.run(Mode::manual);
  REQUIRE(plan.entries.size() == 1);
  CHECK(plan.entries[0].offered(provider));
  CHECK_FALSE(plan.entries[0].offered(hub));
  CHECK(plan.entries[0].preselected == Choice::undecided);
  world.decisions.bulk = Choice::hub;
  world.run(Mode::manual);
  CHECK(world.provider_system.records[0].members["account"] == value("36240734014"));
}

TEST_CASE("a form whose value goes one way is sent, and its literals with two arrows do not bring it back") {
  RulesBuilder b = account_rules();
  ir::Field& field = b.rules.fields.back();
  ir::Pair country = b.pair("bank.country", Direction::both, "account");
  country.ends[1] = {{}, value("NO")};
  ir::Pair number = b.pair("bank.number", Direction::to_provider, "account");
  number.clauses = {valid("no_account")};
  number.clauses.front().sides = ir::Sides::hub;
  field.shapes = {{"IBAN", {b.pair("bank.iban", Direction::both, "account")}, {}},
                  {"Norwegian account", {country, number}, {}}};
  World world = account_world(b.rules, {{{"bank.iban", value("FI2112345600000785")}}},
                              {{{"account", value("FI2112345600000785")}}});
  world.run(Mode::manual);
  auto& here = world.hub_system.records[0].members;
  auto& there = world.provider_system.records[0].members;
  here["bank.iban"] = unset;
  here["bank.country"] = value("NO");
  here["bank.number"] = value("36240734014");
  SECTION("a change to that form is sent") {
    CHECK(reason_of(world.run(Mode::push), b.rules, "Account") == Reason::written);
    CHECK(there["account"] == value("36240734014"));
    CHECK(world.run(Mode::manual).operations.empty());
    here["bank.number"] = value("86011117947");
    CHECK(reason_of(world.run(Mode::push), b.rules, "Account") == Reason::written);
    CHECK(there["account"] == value("86011117947"));
  }
  SECTION("where the provider wins, the other form comes, and no half of this one goes") {
    world.decisions.bulk = Choice::provider;
    world.run(Mode::manual);
    CHECK(here["bank.iban"] == value("FI2112345600000785"));
    CHECK(here["bank.country"] == value("NO"));
    CHECK(here["bank.number"] == value("36240734014"));
    world.decisions.bulk = Choice::undecided;
    CHECK(world.run(Mode::manual).operations.empty());
  }
}

TEST_CASE("a value that cannot be sent needs a person, also where everything is decided for its side") {
  const RulesBuilder b = account_rules();
  World world = account_world(b.rules, {{{"bank.country", value("NO")}, {"bank.number", value("1")}}},
                              {{{"account", value("36240734014")}}});
  world.decisions.bulk = Choice::hub;
  for (int run = 0; run < 2; ++run) {
    const Plan plan = world.run(Mode::manual);
    const Entry* entry = find_entry(plan, b.rules, "Account");
    REQUIRE(entry != nullptr);
    CHECK(entry->action == Action::hold);
    CHECK(entry->reason == Reason::no_shape);
    CHECK_FALSE(entry->known);
  }
  CHECK(world.provider_system.records[0].members["account"] == value("36240734014"));
}

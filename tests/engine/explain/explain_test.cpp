#include "engine/explain/explain.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

RulesBuilder explain_rules() {
  RulesBuilder b;
  b.member(hub, "email", "email");
  b.member(provider, "email", "email");
  b.field("Email address", "email", Direction::both, "email");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.field("Birth date", "birthDate", Direction::both, "born").clauses = {
      RulesBuilder::clause(ir::Clause::Kind::cannot_unset_or_update, ir::Sides::provider, 41)};
  b.member(hub, "code").secret = true;
  b.field("Code", "code", Direction::both, "code");
  b.words(hub, "gender", {"male", "other"});
  b.words(provider, "gender", {"m"});
  ir::ValuesTable table{.name = "gender", .rows = {}, .doc = {}, .origin = {}};
  table.rows.push_back({ir::ValueRow::Cell::word, ir::ValueRow::Cell::word, "male", "m", Direction::both, {}});
  b.rules.tables.push_back(table);
  b.field("Gender", "gender", Direction::both, "gender").shapes[0].pairs[0].table = 0;
  return b;
}

Record person(ir::Side side) {
  Record record{
      {{"id", value(side == hub ? "h1" : "p1")}, {"isActive", value("true")}, {"email", value("A@example.com")}}};
  if (side == hub) {
    record.members["birthDate"] = value("1990-05-01");
    record.members["code"] = value("topsecret-99");
    record.members["gender"] = value("male");
  } else {
    record.members["born"] = value("1990-05-02");
    record.members["gender"] = value("m");
  }
  return record;
}

}  // namespace

TEST_CASE("explain says for every field what is there, what becomes of it, and why") {
  const RulesBuilder b = explain_rules();
  World world(b.rules);
  world.hub_system.records = {person(hub)};
  world.provider_system.records = {person(provider)};
  world.decisions.bulk = Choice::hub;
  const Snapshot hub_snapshot = world.hub_system.snapshot();
  const Snapshot provider_snapshot = world.provider_system.snapshot();
  const PlanInput input = world.input(Mode::manual, hub_snapshot, provider_snapshot);
  const Plan made = plan(input);
  const std::vector<PersonIndex> found = find_people(made, input, "a@EXAMPLE.com");
  REQUIRE(found.size() == 1);
  CHECK(find_people(made, input, "h1") == found);
  CHECK(find_people(made, input, "nobody@example.com").empty());

  const PersonExplanation explained = explain(made, input, found[0]);
  REQUIRE(explained.fields.size() == b.rules.fields.size());
  for (const FieldExplanation& field : explained.fields) CHECK(field.reason == made.reason(0, field.field));
  const FieldExplanation& birth = explained.fields[1];
  CHECK(birth.reason == Reason::blocked_update);
  CHECK(birth.bits[1] == "rc--");
  CHECK(birth.rule.line == 41);
  for (const char* part : {"Birth date", "acme.map:41", "Acme", "by hand"}) {
    CHECK(birth.why.find(part) != std::string::npos);
  }
  const FieldExplanation& gender = explained.fields[3];
  CHECK(gender.trace[0].find("using gender: m") != std::string::npos);
  for (const FieldExplanation& field : explained.fields) {
    for (const std::string& line : field.trace) CHECK(line.find("topsecret") == std::string::npos);
  }
}

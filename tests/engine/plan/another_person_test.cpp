// A linked record that has become somebody else's.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

RulesBuilder rules_with_ids() {
  RulesBuilder b;
  b.member(hub, "nationalId", "fi_hetu");
  b.member(provider, "hetu", "fi_hetu");
  b.field("Email address", "email", Direction::both, "email");
  b.field("Identifications", "nationalId", Direction::both, "hetu");
  b.field("Employment ID", "employmentId", Direction::both, "number");
  b.field("Given name", "givenName", Direction::both, "firstname");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.rules.match->proposals = {{1}, {2}, {3}};
  return b;
}

World linked_world(const RulesBuilder& b) {
  World world(b.rules);
  world.hub_system.records.push_back({{{"id", value("h1")},
                                       {"isActive", value("true")},
                                       {"email", value("a@x.example")},
                                       {"nationalId", value("010190-999R")},
                                       {"employmentId", value("7")},
                                       {"givenName", value("Anna")}}});
  world.provider_system.records.push_back({{{"id", value("p1")},
                                            {"isActive", value("true")},
                                            {"email", value("a@x.example")},
                                            {"hetu", value("010190-999R")},
                                            {"number", value("7")},
                                            {"firstname", value("Anna")}}});
  world.run(Mode::manual);
  REQUIRE(world.base.links.size() == 1);
  return world;
}

}  // namespace

TEST_CASE("a record whose mail and national id are both another's is disputed, and neither written nor read") {
  const RulesBuilder b = rules_with_ids();
  World world = linked_world(b);
  Record& record = world.provider_system.records[0];
  record.members["email"] = value("b@x.example");
  record.members["hetu"] = value("020290-9982");
  record.members["firstname"] = value("Bertil");
  world.hub_system.records[0].members["givenName"] = value("Annika");
  world.decisions.accept_preselected = true;
  world.decisions.bulk = Choice::hub;
  const std::size_t before = world.provider_system.writes;
  for (const Mode mode : {Mode::push, Mode::manual}) {
    const Plan plan = world.run(mode);
    CHECK(plan.operations.empty());
    CHECK(plan.people[0].reason == Reason::disputed);
    const Entry* entry = find_entry(plan, b.rules, "");
    REQUIRE(entry != nullptr);
    CHECK(entry->action == Action::hold);
    CHECK(entry->why.find("Email address and Identifications of the record p1") == 0);
    CHECK(entry->why.find("b@x") == entry->why.npos);
  }
  CHECK(world.provider_system.writes == before);
  SECTION("until they are the person's again") {
    record.members["hetu"] = value("010190-999R");
    world.run(Mode::push);
    CHECK(record.members["firstname"] == value("Annika"));
  }
}

TEST_CASE("a record with another mail alone, another id alone, or what the hub says by now, is still the person's") {
  const RulesBuilder b = rules_with_ids();
  World world = linked_world(b);
  Record& record = world.provider_system.records[0];
  Record& person = world.hub_system.records[0];
  person.members["givenName"] = value("Annika");
  SECTION("mail") { record.members["email"] = value("b@x.example"); }
  SECTION("national id") { record.members["hetu"] = value("020290-9982"); }
  SECTION("mail and employment id") {
    record.members["email"] = value("b@x.example");
    record.members["number"] = value("8");
  }
  SECTION("both, as in the hub") {
    record.members["email"] = person.members["email"] = value("b@x.example");
    record.members["hetu"] = person.members["nationalId"] = value("020290-9982");
  }
  SECTION("emptied") { record.members["email"] = record.members["hetu"] = unset; }
  world.run(Mode::push);
  CHECK(record.members["firstname"] == value("Annika"));
}

TEST_CASE("where the national id is not to be seen, all other ids that links are proposed by decide") {
  const RulesBuilder b = rules_with_ids();
  World world = linked_world(b);
  Record& record = world.provider_system.records[0];
  record.members["hetu"] = absent;
  record.members["email"] = value("b@x.example");
  world.hub_system.records[0].members["givenName"] = value("Annika");
  SECTION("another number and another name") {
    record.members["number"] = value("8");
    record.members["firstname"] = value("Bertil");
    CHECK(world.run(Mode::push).people[0].reason == Reason::disputed);
    CHECK(record.members["firstname"] == value("Bertil"));
  }
  SECTION("the same number") {
    world.run(Mode::push);
    CHECK(record.members["firstname"] == value("Annika"));
  }
}

namespace {

// Two people, whose national ids the provider does not show. Links are proposed by it, and by the name.
RulesBuilder rules_with_masked_id() {
  RulesBuilder b;
  b.member(hub, "nationalId", "fi_hetu");
  b.member(provider, "hetu", "fi_hetu");
  b.field("Email address", "email", Direction::both, "email");
  b.field("Identifications", "nationalId", Direction::both, "hetu");
  b.field("Given name", "givenName", Direction::both, "firstname");
  b.field("Family name", "familyName", Direction::both, "lastname");
  b.field("Note", "note", Direction::both, "note");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.rules.match->proposals = {{1}, {2, 3}};
  return b;
}

World two_people(const RulesBuilder& b) {
  World world(b.rules);
  const std::array<std::array<const char*, 4>, 2> people = {
      {{"1", "a@x.example", "Anna", "010190-999R"}, {"2", "b@x.example", "Bertil", "020290-9982"}}};
  for (const auto& [id, mail, name, national] : people) {
    world.hub_system.records.push_back({{{"id", value(std::string("h") + id)},
                                         {"isActive", value("true")},
                                         {"email", value(mail)},
                                         {"nationalId", value(national)},
                                         {"givenName", value(name)},
                                         {"familyName", value("Berg")}}});
    world.provider_system.records.push_back({{{"id", value(std::string("p") + id)},
                                              {"isActive", value("true")},
                                              {"email", value(mail)},
                                              {"hetu", masked},
                                              {"firstname", value(name)},
                                              {"lastname", value("Berg")}}});
  }
  world.run(Mode::manual);
  REQUIRE(world.base.links.size() == 2);
  return world;
}

std::vector<Reason> reasons_of(const Plan& plan) {
  std::vector<Reason> reasons;
  for (const Person& person : plan.people) reasons.push_back(person.reason);
  return reasons;
}

const std::vector<Reason> both_disputed = {Reason::disputed, Reason::disputed};
const std::vector<Reason> both_compared = {Reason::no_change, Reason::no_change};

}  // namespace

TEST_CASE("two records that have changed places are both disputed, also where the national id is masked") {
  const RulesBuilder b = rules_with_masked_id();
  World world = two_people(b);
  std::vector<Record>& records = world.provider_system.records;
  std::swap(records[0].members["id"], records[1].members["id"]);
  world.hub_system.records[0].members["note"] = value("new");
  world.decisions.accept_preselected = true;
  world.decisions.bulk = GENERATE(Choice::undecided, Choice::hub, Choice::provider);
  const bool turned = GENERATE(true, false);
  if (turned) std::ranges::reverse(records);
  const Base before = world.base;
  const Plan plan = world.run(Mode::manual);
  CHECK(plan.operations.empty());
  CHECK(reasons_of(plan) == both_disputed);
  CHECK(plan.people[0].provider_id == "p1");
  const Entry* entry = find_entry(plan, b.rules, "");
  REQUIRE(entry != nullptr);
  CHECK(entry->action == Action::hold);
  CHECK(entry->why.find("Email address of the record p1") == 0);
  CHECK(entry->why.find("h2 in") != entry->why.npos);
  CHECK(entry->why.find("b@x") == entry->why.npos);
  for (const Link& link : world.base.links) CHECK(link.state == LinkState::disputed);
  for (std::size_t i = 0; i < 2; ++i) CHECK(world.base.links[i].base == before.links[i].base);
  SECTION("until they are where they were") {
    std::swap(records[0].members["id"], records[1].members["id"]);
    CHECK(reasons_of(world.run(Mode::manual)) == both_compared);
    for (const Link& link : world.base.links) CHECK(link.state == LinkState::linked);
  }
}

TEST_CASE("who changed places with another stays disputed when the other gets another mail, or leaves") {
  const RulesBuilder b = rules_with_masked_id();
  World world = two_people(b);
  std::vector<Record>&hubs = world.hub_system.records, &records = world.provider_system.records;
  std::swap(records[0].members["email"], records[1].members["email"]);
  records[0].members["firstname"] = value("Cecilia");  // the other record has its own person's name
  const std::vector<Reason> one_disputed = {Reason::disputed, Reason::no_change};
  REQUIRE(reasons_of(world.run(Mode::manual)) == one_disputed);
  SECTION("read from the provider") { world.decisions.bulk = Choice::provider; }
  SECTION("got another on both sides") {
    hubs[1].members["email"] = records[1].members["email"] = value("new@x.example");
  }
  SECTION("left") { hubs[1].members["isActive"] = value("false"); }
  world.run(Mode::manual);
  world.decisions = {};
  const Mode mode = GENERATE(Mode::manual, Mode::push);
  const Plan plan = world.run(mode);
  CHECK(plan.people[0].reason == Reason::disputed);
  CHECK(std::ranges::none_of(plan.operations, [](const Operation& one) { return one.person == 0; }));
  const Entry* entry = find_entry(plan, b.rules, "");
  REQUIRE(entry != nullptr);
  CHECK(entry->why.find("Email address of the record p1") == 0);
  SECTION("until the record is the person's again") {
    records[0].members["email"] = hubs[0].members["email"];
    CHECK(world.run(mode).people[0].reason == Reason::no_change);
    CHECK(world.base.links[0].state == LinkState::linked);
  }
}

TEST_CASE("one record that holds another's person by now is disputed, and so is theirs if it is somebody new's") {
  const RulesBuilder b = rules_with_masked_id();
  World world = two_people(b);
  std::vector<Record>& records = world.provider_system.records;
  records[0].members = records[1].members;
  records[0].members["id"] = value("p1");
  SECTION("theirs is as it was") {
    CHECK(reasons_of(world.look(Mode::manual)) == std::vector{Reason::disputed, Reason::no_change});
  }
  SECTION("theirs is somebody new's") {
    records[1].members["email"] = value("c@x.example");
    records[1].members["firstname"] = value("Cecilia");
    CHECK(reasons_of(world.look(Mode::manual)) == both_disputed);
  }
  SECTION("theirs is gone") {
    records.pop_back();
    CHECK(world.look(Mode::manual).people[0].reason == Reason::disputed);
  }
}

TEST_CASE("mails that change hands openly dispute nobody") {
  const RulesBuilder b = rules_with_masked_id();
  World world = two_people(b);
  std::vector<Record>& here = world.hub_system.records;
  std::vector<Record>& there = world.provider_system.records;
  SECTION("swapped on both sides") {
    std::swap(here[0].members["email"], here[1].members["email"]);
    std::swap(there[0].members["email"], there[1].members["email"]);
  }
  SECTION("swapped in the hub") { std::swap(here[0].members["email"], here[1].members["email"]); }
  SECTION("swapped in the provider, where the names say who is who") {
    std::swap(there[0].members["email"], there[1].members["email"]);
  }
  SECTION("handed on after its holder got another on both sides") {
    here[1].members["email"] = there[1].members["email"] = value("new@x.example");
    there[0].members["email"] = value("b@x.example");
    there[0].members["firstname"] = value("Annika");
  }
  CHECK(reasons_of(world.look(Mode::manual)) == both_compared);
}

TEST_CASE("the mail of somebody who has left may be given to another") {
  const RulesBuilder b = rules_with_masked_id();
  World world = two_people(b);
  world.hub_system.records[1].members["isActive"] = value("false");
  world.provider_system.records[0].members["email"] = value("b@x.example");
  world.provider_system.records[0].members["firstname"] = value("Annika");
  CHECK(world.look(Mode::manual).people[0].reason == Reason::no_change);
}

TEST_CASE("a record whose mail is gone is another person's only where every other id is") {
  const RulesBuilder b = rules_with_masked_id();
  World world = two_people(b);
  Record& record = world.provider_system.records[0];
  record.members["email"] = unset;
  world.hub_system.records[0].members["note"] = value("new");
  const Mode mode = GENERATE(Mode::push, Mode::manual);
  SECTION("another name") {
    record.members["firstname"] = value("Cecilia");
    record.members["lastname"] = value("Dahl");
    world.decisions.bulk = Choice::hub;
    const Plan plan = world.run(mode);
    CHECK(std::ranges::none_of(plan.operations, [](const Operation& one) { return one.person == 0; }));
    CHECK(reasons_of(plan) == std::vector{Reason::disputed, Reason::no_change});
    const Entry* entry = find_entry(plan, b.rules, "");
    REQUIRE(entry != nullptr);
    CHECK(entry->why.find("Email address is empty, and every other id, as Given name, of the record p1") == 0);
  }
  SECTION("half another name, and nothing else to see") {
    record.members["firstname"] = value("Cecilia");
    CHECK(reasons_of(world.look(mode)) == both_compared);
  }
  SECTION("the same name") { CHECK(reasons_of(world.look(mode)) == both_compared); }
}

TEST_CASE("a record whose mail is gone, and whose number is the person's, is still theirs") {
  const RulesBuilder b = rules_with_ids();
  World world = linked_world(b);
  Record& record = world.provider_system.records[0];
  record.members["email"] = unset;
  record.members["hetu"] = value("020290-9982");
  record.members["firstname"] = value("Bertil");
  const bool same_number = GENERATE(true, false);
  if (!same_number) record.members["number"] = value("8");
  CHECK(world.look(Mode::push).people[0].reason == (same_number ? Reason::no_change : Reason::disputed));
}

TEST_CASE("a record with another mail is another person's where every other id that is to be seen is, or is gone") {
  const RulesBuilder b = rules_with_masked_id();
  World world = two_people(b);
  Record& record = world.provider_system.records[0];
  record.members["email"] = value("zed@x.example");
  world.hub_system.records[0].members["note"] = value("new");
  world.decisions.bulk = Choice::hub;
  const Mode mode = GENERATE(Mode::push, Mode::manual);
  SECTION("another name") {
    record.members["firstname"] = value("Zed");
    record.members["lastname"] = value("Zad");
    const Plan plan = world.run(mode);
    CHECK(std::ranges::none_of(plan.operations, [](const Operation& one) { return one.person == 0; }));
    CHECK(reasons_of(plan) == std::vector{Reason::disputed, Reason::no_change});
    const Entry* entry = find_entry(plan, b.rules, "");
    REQUIRE(entry != nullptr);
    CHECK(entry->why.find("Email address and every other id, as Given name, of the record p1") == 0);
  }
  SECTION("no name at all") {
    record.members["firstname"] = record.members["lastname"] = unset;
    CHECK(reasons_of(world.look(mode)) == std::vector{Reason::disputed, Reason::no_change});
  }
  SECTION("half another name") {
    record.members["lastname"] = value("Zad");
    CHECK(reasons_of(world.look(mode)) == both_compared);
  }
  SECTION("the same name") { CHECK(reasons_of(world.look(mode)) == both_compared); }
  SECTION("half the name, and the rest is gone") {
    record.members["lastname"] = unset;
    CHECK(reasons_of(world.look(mode)) == both_compared);
  }
  SECTION("names that were not read") {
    record.members["firstname"] = record.members["lastname"] = absent;
    CHECK(reasons_of(world.look(mode)) == both_compared);
  }
}

TEST_CASE("a number that is gone beside another mail leaves the record to the name") {
  const RulesBuilder b = rules_with_ids();
  World world = linked_world(b);
  Record& record = world.provider_system.records[0];
  record.members["email"] = value("zed@x.example");
  record.members["hetu"] = masked;
  record.members["number"] = unset;
  const bool same_name = GENERATE(true, false);
  if (!same_name) record.members["firstname"] = value("Zed");
  CHECK(world.look(Mode::push).people[0].reason == (same_name ? Reason::no_change : Reason::disputed));
}

#include "engine/match/match.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "engine/match/unread.hpp"
#include "tests/engine/world.hpp"

using namespace dovetail;
using namespace dovetail::test;
using ir::Direction;

namespace {

RulesBuilder people_rules() {
  RulesBuilder b;
  b.member(hub, "email", "email");
  b.member(provider, "email", "email");
  b.field("Email address", "email", Direction::both, "email");
  b.field("Given name", "givenName", Direction::both, "firstname");
  b.field("Number", "number", Direction::both, "code");
  b.rules.match.emplace();
  b.rules.match->field = 0;
  b.rules.match->proposals = {{2}, {1}};
  return b;
}

Record person(std::string id, std::string email, std::string name = "Aino", std::string number = "") {
  Record record{{{"id", value(std::move(id))}, {"isActive", value("true")}}};
  if (!email.empty()) record.members["email"] = value(email);
  record.members["givenName"] = record.members["firstname"] = value(std::move(name));
  if (!number.empty()) record.members["number"] = record.members["code"] = value(std::move(number));
  return record;
}

const Person& find_person(const Plan& plan, const std::string& hub_id, const std::string& provider_id) {
  const auto found = std::ranges::find_if(
      plan.people, [&](const Person& one) { return one.hub_id == hub_id && one.provider_id == provider_id; });
  REQUIRE(found != plan.people.end());
  return *found;
}

void check_sums(const Plan& plan) {
  const Totals& totals = plan.totals;
  CHECK(totals.pairs + totals.hub_only + totals.provider_only <= totals.people);
  std::uint32_t persons = 0, fields = 0;
  for (const std::uint32_t count : totals.persons) persons += count;
  for (const std::uint32_t count : totals.fields) fields += count;
  CHECK(persons == totals.people);
  CHECK(fields == totals.people * plan.fields);
  std::uint32_t hubs = 0, providers = 0;
  for (const Person& one : plan.people) {
    hubs += one.hub != no_record;
    providers += one.provider != no_record;
  }
  CHECK(hubs == totals.hub_records);
  CHECK(providers == totals.provider_records);
}

}  // namespace

TEST_CASE("where somebody could not be read, nobody is added who may be that one, unless a link says who it is") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "aino@example.com")};
  Record unread;
  for (const ir::SlotId slot : world.program.layouts[1].slots) {
    unread.members[b.rules.schemas[1].members[slot].path] = absent;
  }
  unread.members["id"] = value("p1");
  world.provider_system.records = {unread};
  const bool linked = GENERATE(false, true);
  if (linked) {
    Link& link = world.base.links.emplace_back();
    link.hub_id = "h2";
    link.provider_id = "p1";
  }
  const Plan plan = world.look(Mode::manual);
  CHECK(find_person(plan, "h1", "").reason == (linked ? Reason::unlinked : Reason::source_absent));
  if (!linked) CHECK(find_person(plan, "", "p1").reason == Reason::source_absent);
}

TEST_CASE("what a listing says of whom it could not read is found by their id, among other notes") {
  Completeness hub{true, {}}, provider{true, {}};
  provider.notes = {"a row was left aside", unread_note("17", "getemployee: HTTP status 500"),
                    unread_note("18", "the answer could not be read: cut off")};
  const UnreadReasons reasons({hub, provider});
  CHECK(reasons.of(ir::Side::provider, "17") == "getemployee: HTTP status 500");
  CHECK(reasons.of(ir::Side::provider, "18") == "the answer could not be read: cut off");
  CHECK(reasons.of(ir::Side::provider, "19").empty());
  CHECK(reasons.of(ir::Side::hub, "17").empty());
  CHECK(is_unread_note(provider.notes[1]));
  CHECK_FALSE(is_unread_note(provider.notes[0]));
}

TEST_CASE("somebody of whom nothing was read is not said to have no match key") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  Record unread;
  for (const ir::SlotId slot : world.program.layouts[0].slots) {
    unread.members[b.rules.schemas[0].members[slot].path] = absent;
  }
  unread.members["id"] = value("h1");
  world.hub_system.records = {unread};
  const Plan plan = world.look(Mode::manual);
  CHECK(find_person(plan, "h1", "").reason == Reason::source_absent);
  CHECK(plan.entries.empty());
}

TEST_CASE("an e-mail that is unique on both sides links, whatever its case") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "A@example.com"), person("h2", "b@example.com", "Bo")};
  world.provider_system.records = {person("p2", "B@example.com", "Bo"), person("p1", "a@example.com")};
  const Plan plan = world.look(Mode::manual);
  CHECK(find_person(plan, "h1", "p1").is_linked);
  CHECK(find_person(plan, "h2", "p2").is_linked);
  CHECK(plan.totals.links == 2);
  check_sums(plan);
}

TEST_CASE("ids hold a link when mails are exchanged") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "a@example.com"), person("h2", "b@example.com", "Bo")};
  world.provider_system.records = {person("p1", "a@example.com"), person("p2", "b@example.com", "Bo")};
  world.run(Mode::manual);
  world.hub_system.records = {person("h1", "new@example.com"), person("h2", "a@example.com", "Bo")};
  const Plan plan = world.run(Mode::push);
  CHECK(find_person(plan, "h1", "p1").is_linked);
  CHECK(find_person(plan, "h2", "p2").is_linked);
  CHECK(world.provider_system.find_record("p1")->members["email"] == value("new@example.com"));
  CHECK(world.provider_system.find_record("p2")->members["email"] == value("a@example.com"));
}

TEST_CASE("a mail that somebody else's record still has links nobody") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "a@example.com")};
  world.provider_system.records = {person("p1", "a@example.com")};
  world.run(Mode::manual);
  world.hub_system.records = {person("h1", "new@example.com"), person("h2", "a@example.com", "Bo")};
  const Plan plan = world.look(Mode::manual);
  CHECK(find_person(plan, "h2", "").reason == Reason::disputed);
  CHECK(plan.totals.creates[1] == 0);
  check_sums(plan);
}

TEST_CASE("two candidates are disputed, and the active one is proposed but never taken") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "a@example.com")};
  world.provider_system.records = {person("p1", "a@example.com"), person("p2", "a@example.com")};
  world.provider_system.records[1].members["isActive"] = value("false");
  const Plan plan = world.look(Mode::manual);
  const Person& proposed = find_person(plan, "h1", "p1");
  CHECK(proposed.reason == Reason::disputed);
  CHECK_FALSE(proposed.is_linked);
  CHECK(find_person(plan, "", "p2").reason == Reason::disputed);
  CHECK(plan.operations.empty());
  check_sums(plan);

  world.decisions.exact.push_back({"h1", "p1", "", "", Choice::link, "admin"});
  const Plan decided = world.look(Mode::manual);
  CHECK(find_person(decided, "h1", "p1").is_linked);
  CHECK(decided.totals.links == 1);
}

TEST_CASE("the same e-mail twice in the hub is disputed even without a partner") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "a@example.com"), person("h2", "a@example.com", "Bo")};
  const Plan plan = world.look(Mode::manual);
  CHECK(find_person(plan, "h1", "").reason == Reason::disputed);
  CHECK(find_person(plan, "h2", "").reason == Reason::disputed);
  CHECK(plan.totals.entries[static_cast<std::size_t>(Kind::create)] == 0);
}

TEST_CASE("other keys propose a link before anybody is created, in the order of the rules") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "work@example.com", "Aino", "7"), person("h2", "x@example.com", "Åse")};
  world.provider_system.records = {person("p1", "home@example.com", "Other", "7"),
                                   person("p2", "y@example.com", "ÅSE")};
  world.decisions.create_in = {true, true};
  const Plan plan = world.look(Mode::manual);
  CHECK(find_person(plan, "h1", "p1").reason == Reason::link_proposed);
  CHECK(find_person(plan, "h2", "p2").reason == Reason::link_proposed);
  CHECK(plan.operations.empty());
  world.decisions.exact.push_back({"h1", "p1", "", "", Choice::link, "admin"});
  const Plan confirmed = world.look(Mode::manual);
  CHECK(find_person(confirmed, "h1", "p1").is_linked);
  check_sums(confirmed);
}

TEST_CASE("whoever may be a person that is linked already is added only when that is told, in any order of records") {
  const RulesBuilder b = people_rules();
  std::vector<Record> hubs = {person("h1", "a@example.com", "Aino", "7"), person("h2", "b@example.com", "Bo", "8"),
                              person("h3", "x@example.com", "Carl", "7"), person("h4", "y@example.com", "BO", "9"),
                              person("h5", "z@example.com", "Dag", "10"), person("h6", "w@example.com", "Ea", "7")};
  std::vector<Record> providers = {person("p1", "a@example.com", "Aino", "7"),
                                   person("p2", "b@example.com", "Bo", "7")};
  for (int order = 0; order < 2; ++order) {
    World world(b.rules);
    world.hub_system.records = hubs;
    world.provider_system.records = providers;
    const Plan plan = world.look(Mode::manual);
    const auto why_of = [&](const std::string& hub_id) {
      const Person& who = find_person(plan, hub_id, "");
      CHECK(who.reason == Reason::unlinked);
      for (const Entry& entry : plan.entries.of(static_cast<PersonIndex>(&who - plan.people.data()))) {
        if (entry.kind == Kind::create) return std::string(entry.why);
      }
      return std::string("no entry");
    };
    CHECK_THAT(why_of("h3"), Catch::Contains("Number is the same as of the record p1 in Acme"));
    CHECK_THAT(why_of("h6"), Catch::Contains("Number is the same as of the record p1 in Acme"));
    CHECK_THAT(why_of("h4"), Catch::Contains("Given name is the same as of the record p2 in Acme"));
    CHECK_THAT(why_of("h5"), !Catch::Contains("the same"));
    std::ranges::reverse(hubs);
    std::ranges::reverse(providers);
  }
}

TEST_CASE("a no to a proposed link is remembered, and both may be created then") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "work@example.com", "Aino", "7")};
  world.provider_system.records = {person("p1", "home@example.com", "Other", "7")};
  world.decisions.exact.push_back({"h1", "", "", "", Choice::leave, "admin"});
  world.run(Mode::manual);
  world.decisions = {};
  world.decisions.create_in = {true, true};
  const Plan plan = world.look(Mode::manual);
  CHECK(plan.people.size() == 2);
  CHECK(plan.totals.creates[0] == 1);
  CHECK(plan.totals.creates[1] == 1);
}

TEST_CASE("two who a person says are two stay two, though they have the same match key") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "a@example.com", "Aino")};
  world.provider_system.records = {person("p1", "a@example.com", "Bo")};
  Link apart;
  apart.hub_id = "h1";
  apart.provider_id = "p1";
  apart.state = LinkState::disputed;
  apart.left = true;
  world.base.links = {apart};
  world.base.activated = true;
  world.decisions.bulk = Choice::hub;
  world.decisions.create_in = {true, true};
  for (int run = 0; run < 3; ++run) {
    const Plan plan = world.run(Mode::manual);
    REQUIRE(plan.people.size() == 2);
    for (const Person& each : plan.people) CHECK(each.reason == Reason::left);
    CHECK(plan.operations.empty());  // nor is either added to the other system by a decision in bulk
    CHECK(plan.ready);
    CHECK_THAT(plan.entries[0].why, Catch::Contains("somebody said that these are two people"));
    check_sums(plan);
  }
  world.event = Event::added;
  CHECK(world.look(Mode::push).operations.empty());
  world.decisions.exact.push_back({"h1", "p1", "", "", Choice::link, "admin"});
  CHECK(find_person(world.look(Mode::manual), "h1", "p1").is_linked);
}

TEST_CASE("a person's word links any two records") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "a@example.com", "Aino")};
  world.provider_system.records = {person("p1", "b@example.com", "Bo")};
  world.decisions.exact.push_back({"h1", "p1", "", "", Choice::link, "admin"});
  const Plan plan = world.run(Mode::manual);
  CHECK(find_person(plan, "h1", "p1").is_linked);
  CHECK(world.base.links.at(0).evidence == "by hand");
  CHECK(reason_of(plan, b.rules, "Given name") == Reason::first_run);
}

TEST_CASE("somebody without a mail has no match key and is never offered") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "")};
  world.provider_system.records = {person("p1", "a@example.com", "Bo")};
  const Plan plan = world.look(Mode::manual);
  CHECK(find_person(plan, "h1", "").reason == Reason::no_match_key);
  CHECK(reason_of(plan, b.rules, "Given name") == Reason::no_match_key);
}

TEST_CASE("a hub person deactivated before the first run is not linked") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "a@example.com")};
  world.hub_system.records[0].members["isActive"] = value("false");
  world.provider_system.records = {person("p1", "a@example.com")};
  world.decisions.create_in = {true, true};
  world.decisions.bulk = Choice::hub;
  const Plan plan = world.look(Mode::manual);
  CHECK(find_person(plan, "h1", "p1").reason == Reason::inactive);
  CHECK(plan.operations.empty());
}

TEST_CASE("a partial read concludes nothing about who is missing and creates nobody") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "a@example.com"), person("h2", "b@example.com", "Bo")};
  world.provider_system.records = {person("p1", "a@example.com")};
  world.run(Mode::manual);
  world.decisions.create_in = {true, true};
  world.provider_system.records.clear();
  for (const Completeness& completeness : {Completeness{false, "page 2 of 5"}, Completeness{true, ""}}) {
    world.provider_system.completeness = completeness;
    const Plan plan = world.look(Mode::manual);
    CHECK(plan.operations.empty());
    CHECK_FALSE(plan.completeness[1].complete);
    CHECK(find_person(plan, "h1", "p1").reason == Reason::source_absent);
    CHECK(find_person(plan, "h2", "").reason == Reason::source_absent);
  }
}

TEST_CASE("people outside the scope are listed, and nothing is written to them") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "a@example.com"), person("h2", "b@example.com", "Bo")};
  world.provider_system.records = {person("p1", "a@example.com", "Other")};
  world.scope = std::vector<std::string>{};
  world.decisions.create_in = {true, true};
  world.decisions.bulk = Choice::hub;
  const Plan plan = world.look(Mode::manual);
  CHECK(find_person(plan, "h1", "p1").reason == Reason::out_of_scope);
  CHECK(find_person(plan, "h2", "").reason == Reason::out_of_scope);
  CHECK(plan.operations.empty());
  check_sums(plan);
}

TEST_CASE("a no to one of several candidates leaves the others, whatever the order of the records") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "h1@example.com", "Aino", "7")};
  world.provider_system.records = {person("p1", "p1@example.com", "Other", "7")};
  world.decisions.exact.push_back({"h1", "p1", "", "", Choice::leave, "admin"});
  world.run(Mode::manual);
  world.decisions = {};
  world.decisions.create_in = {true, true};
  const bool first = GENERATE(true, false);
  world.hub_system.records.insert(first ? world.hub_system.records.begin() : world.hub_system.records.end(),
                                  person("h2", "h2@example.com", "Bo", "7"));
  const Plan plan = world.look(Mode::manual);
  CHECK(plan.operations.empty());
  CHECK(find_person(plan, "h2", "p1").reason == Reason::link_proposed);
  CHECK(find_person(plan, "h1", "").reason == Reason::unlinked);
  CHECK(find_entry(plan, b.rules, "")->preselected == Choice::undecided);
  SECTION("several are in dispute") {
    world.hub_system.records.push_back(person("h3", "h3@example.com", "Cecilia", "7"));
    const Plan three = world.look(Mode::manual);
    CHECK(three.operations.empty());
    CHECK(find_person(three, "h2", "").reason == Reason::disputed);
    CHECK(find_person(three, "h3", "").reason == Reason::disputed);
    CHECK(find_person(three, "h1", "").reason == Reason::unlinked);
  }
  check_sums(plan);
}

TEST_CASE("who may be somebody who has left is not preselected for the hub") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "old@example.com", "Aino", "7")};
  world.hub_system.records[0].members["isActive"] = value("false");
  world.provider_system.records = {person("p1", "new@example.com", "Other", "7")};
  world.decisions.create_in = {true, true};
  const Plan plan = world.look(Mode::manual);
  CHECK(plan.operations.empty());
  CHECK(find_person(plan, "", "p1").reason == Reason::unlinked);
  const auto offered = std::ranges::find(plan.entries, Kind::create, &Entry::kind);
  REQUIRE(offered != plan.entries.end());
  CHECK(offered->preselected == Choice::undecided);
  CHECK_THAT(offered->why, Catch::Contains("h1") && Catch::Contains("not active"));
}

TEST_CASE("what was left out of somebody stays so when they are linked, created or kept for later") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "a@example.com", "Aino", "7")};
  Link exclusion;
  exclusion.hub_id = "h1";
  exclusion.excluded_fields = {"Given name"};
  exclusion.note = "as in the passport (by ada)";
  world.base.activated = GENERATE(false, true);
  world.base.links = {exclusion};
  SECTION("linked by the match key") {
    world.provider_system.records = {person("p1", "a@example.com", "Bo", "8")};
    world.decisions.bulk = Choice::hub;
    const Plan plan = world.run(Mode::manual);
    CHECK(plan.totals.links == 1);
    CHECK(reason_of(plan, b.rules, "Given name") == Reason::excluded);
    CHECK(world.provider_system.records[0].members["firstname"] == value("Bo"));
    CHECK(world.provider_system.records[0].members["code"] == value("7"));
    REQUIRE(world.base.links.size() == 1);
    CHECK(world.base.links[0].provider_id == "p1");
    CHECK(world.base.links[0].excluded_fields == exclusion.excluded_fields);
    CHECK(world.run(Mode::manual).operations.empty());
  }
  SECTION("linked by a person's word") {
    world.provider_system.records = {person("p1", "b@example.com", "Bo", "7")};
    CHECK(find_person(world.look(Mode::manual), "h1", "p1").reason == Reason::link_proposed);
    world.decisions.exact.push_back({"h1", "p1", "", "", Choice::link, "admin"});
    CHECK(reason_of(world.run(Mode::manual), b.rules, "Given name") == Reason::excluded);
    CHECK(world.base.links[0].evidence == "by hand");
  }
  SECTION("created") {
    world.decisions.create_in = {true, true};
    const Plan plan = world.run(Mode::manual);
    CHECK(plan.totals.creates[1] == 1);
    CHECK(reason_of(plan, b.rules, "Given name") == Reason::excluded);
    REQUIRE(world.provider_system.records.size() == 1);
    CHECK_FALSE(world.provider_system.records[0].members.contains("firstname"));
    CHECK(world.base.links[0].excluded_fields == exclusion.excluded_fields);
  }
  SECTION("left, and linked later") {
    world.decisions.create_in = {false, false};
    world.run(Mode::manual);
    world.provider_system.records = {person("p1", "a@example.com", "Bo", "8")};
    world.decisions = {};
    CHECK(reason_of(world.run(Mode::manual), b.rules, "Given name") == Reason::excluded);
  }
  SECTION("linked in the place of somebody who is gone") {
    Link gone;
    gone.hub_id = "h0";
    gone.provider_id = "p1";
    gone.excluded_fields = {"Number"};
    world.base.links.push_back(gone);
    world.provider_system.records = {person("p1", "a@example.com", "Bo", "8")};
    world.decisions.exact.push_back({"h1", "p1", "", "", Choice::link, "admin"});
    const Plan plan = world.run(Mode::manual);
    CHECK(reason_of(plan, b.rules, "Given name") == Reason::excluded);
    CHECK(reason_of(plan, b.rules, "Number") == Reason::excluded);
    REQUIRE(world.base.links.size() == 1);
    CHECK(world.base.links[0].excluded_fields.size() == 2);
  }
}

TEST_CASE("the record of somebody who is left out is left out with them") {
  const RulesBuilder b = people_rules();
  World world(b.rules);
  world.hub_system.records = {person("h1", "a@example.com")};
  world.provider_system.records = {person("p1", "a@example.com")};
  Link out;
  out.hub_id = "h1";
  out.state = LinkState::excluded;
  world.base.links = {out};
  for (int run = 0; run < 2; ++run) {
    const Plan plan = world.run(Mode::manual);
    CHECK(find_person(plan, "h1", "p1").reason == Reason::excluded);
    CHECK(plan.operations.empty());
    check_sums(plan);
  }
  CHECK(world.base.links == std::vector<Link>{out});
}

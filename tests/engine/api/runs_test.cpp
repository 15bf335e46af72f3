#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "tests/engine/api/office.hpp"

namespace dovetail::test {
namespace {

using Catch::Matchers::Contains;

// Started, and everything decided for the hub; its number.
Json decided_run(Office& office, const std::string& connection) {
  const Json started = office.ok({{"call", "run.start"}, {"connection", connection}, {"by", "ada"}});
  CHECK(started["state"] == "planned");
  const Json decisions = {{"dovetail", "decisions"}, {"version", 1}, {"bulk", "hub"}, {"create", "both"}};
  const Json decided = office.ok(
      {{"call", "run.decide"}, {"connection", connection}, {"run", started["run"]}, {"decisions", decisions}});
  CHECK(decided["plan"]["dovetail"] == "plan");
  return started["run"];
}

std::string family_name(const sandbox::Json& row) { return row["LastName"].get<std::string>(); }

TEST_CASE("a manual run, then a change in the hub that a worker brings over") {
  Office office;
  office.connect("norway", "poweroffice_go");
  const Json run = decided_run(office, "norway");
  const Json done = office.ok({{"call", "run.apply"}, {"connection", "norway"}, {"run", run}});
  INFO(done.dump(1));
  CHECK(done["finished"] == true);
  CHECK(done["activated"] == true);
  CHECK(office.ok({{"call", "connection.show"}, {"name", "norway"}})["state"] == "active");
  CHECK(office.ok({{"call", "run.list"}, {"connection", "norway"}})["runs"][0]["state"] == "finished");

  const Json links = office.ok({{"call", "links"}, {"connection", "norway"}})["links"];
  REQUIRE(!links.empty());
  const std::string hub_id = links[0]["hub"], provider_id = links[0]["provider"];
  office.system("huma").patch_row("users", hub_id, {{"familyName", "Lindqvist"}});
  office.ok({{"call", "event"}, {"connection", "norway"}, {"person", hub_id}});
  office.ok({{"call", "work.until_idle"}, {"threads", 2}});
  CHECK(family_name(office.system("poweroffice_go").row("employees", provider_id)) == "Lindqvist");
  CHECK(office.ok({{"call", "status"}, {"connection", "norway"}})["waiting"] == 0);
  CHECK_THAT(office.ok({{"call", "metrics"}})["prometheus"].get<std::string>(), Contains("norway"));
}

TEST_CASE("workers of the runtime act by themselves until they are stopped") {
  Office office;
  office.connect("norway", "poweroffice_go");
  const Json run = decided_run(office, "norway");
  office.ok({{"call", "run.apply"}, {"connection", "norway"}, {"run", run}});
  office.ok({{"call", "work.start"}, {"threads", 2}});
  CHECK_THAT(office.failure({{"call", "work.start"}}), Contains("working already"));
  const Json links = office.ok({{"call", "links"}, {"connection", "norway"}})["links"];
  for (const Json& link : links) {
    office.system("huma").patch_row("users", link["hub"].get<std::string>(), {{"familyName", "Strand"}});
    office.ok({{"call", "event"}, {"connection", "norway"}, {"person", link["hub"]}});
  }
  for (int i = 0; i < 400; ++i) {
    if (office.ok({{"call", "status"}, {"connection", "norway"}})["waiting"] == 0) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  office.ok({{"call", "work.stop"}});
  for (const Json& link : links) {
    CHECK(family_name(office.system("poweroffice_go").row("employees", link["provider"].get<std::string>())) ==
          "Strand");
  }
}

TEST_CASE("a run that another one ends is named if something was decided in it, and is shown without its plan") {
  Office office;
  office.connect("norway", "poweroffice_go");
  const Json start = {{"call", "run.start"}, {"connection", "norway"}, {"by", "ada"}};
  const Json decided = decided_run(office, "norway"), second = office.ok(start);
  REQUIRE(second["abandoned"].size() == 1);
  CHECK(second["abandoned"][0]["run"] == decided);
  CHECK(office.ok(start)["abandoned"].empty());
  const Json shown = office.ok({{"call", "run.show"}, {"connection", "norway"}, {"run", decided}});
  CHECK(shown["state"] == "abandoned");
  CHECK(shown["plan"].is_null());
  CHECK_THAT(shown["why_no_plan"].get<std::string>(), Contains("is abandoned"));
  CHECK_THAT(office.failure({{"call", "run.show"}, {"connection", "norway"}, {"run", 99}}), Contains("no run 99"));
}

TEST_CASE("a run says what is wrong with a request about it") {
  Office office;
  office.connect("norway", "poweroffice_go");
  CHECK_THAT(office.failure({{"call", "run.start"}, {"connection", "norway"}}), Contains("`by` is missing"));
  CHECK_THAT(office.failure({{"call", "run.show"}, {"connection", "norway"}}), Contains("`run` is missing"));
  CHECK_THAT(office.failure({{"call", "run.apply"}, {"connection", "norway"}, {"run", 99}}), Contains("input: "));
  const Json run = office.ok({{"call", "run.start"}, {"connection", "norway"}, {"by", "ada"}})["run"];
  const auto decide = [&](Json decisions) {
    return office.failure(
        {{"call", "run.decide"}, {"connection", "norway"}, {"run", run}, {"decisions", std::move(decisions)}});
  };
  const Json head = {{"dovetail", "decisions"}, {"version", 1}};
  const auto with = [&](const char* member, const Json& value) {
    Json whole = head;
    whole[member] = value;
    return whole;
  };
  CHECK_THAT(decide(with("bulk", "everything")), Contains("`bulk` is `everything`"));
  CHECK_THAT(decide({{"bulk", "hub"}}), Contains("it must be an object with \"dovetail\": \"decisions\""));
  CHECK_THAT(decide({{"dovetail", "decisions"}, {"bulk", "hub"}}),
             Contains("version null; this program reads version 1"));
  CHECK_THAT(decide(with("map", "netvisor")), Contains("decisions about `netvisor`, not `poweroffice_go`"));
  const Json nobody = Json::array({{{"hub", "nobody"}, {"choice", "hub"}}});
  CHECK_THAT(decide(with("decisions", nobody)),
             Contains("there is a decision or answer for nobody, and nobody here has this id"));
  const Json hers = Json::array({{{"field", "Given name"}, {"choice", "link"}},
                                 {{"field", "Given name"}, {"choice", "hub"}},
                                 {{"field", "Given name"}, {"choice", "leave"}}});
  CHECK_THAT(decide(with("decisions", hers)),
             Contains("/decisions/0: `choice` is `link`") && Contains("; /decisions/2: `leave` contradicts `hub`"));
  const Json unasked = Json::array({{{"question", "Nope"}, {"value", "1"}}});
  CHECK_THAT(decide(with("answers", unasked)), Contains("does not ask \"Nope\"") && Contains("nothing was decided"));
}

TEST_CASE("a run of which something was not carried out is done as far as it goes without a person") {
  Office office;
  office.connect("norway", "poweroffice_go");
  const Json apply = {{"call", "run.apply"}, {"connection", "norway"}, {"run", decided_run(office, "norway")}};
  office.ok(apply);

  const Json links = office.ok({{"call", "links"}, {"connection", "norway"}})["links"];
  const std::string hub_id = links[0]["hub"], provider_id = links[0]["provider"];
  office.system("huma").patch_row("users", hub_id, {{"familyName", "Lindqvist"}});
  Json again = apply;
  again["run"] = decided_run(office, "norway");
  office.system("poweroffice_go").patch_row("employees", provider_id, {{"LastName", "Strand"}});  // since the read
  const Answered answered = answer(*office.runtime, again.dump());
  INFO(answered.json);
  CHECK(answered.kind == Answered::Kind::needs_person);
  CHECK(Json::parse(answered.json)["outcomes"]["moved"] == 1);
}

TEST_CASE("a run that adds people without what calls of their own add says so, and the next one makes them whole") {
  Office office;
  office.connect("norway", "poweroffice_go");
  sandbox::Sandbox& provider = office.system("poweroffice_go");
  provider.add_fault(
      {{"kind", "status"}, {"status", 400}, {"method", "POST"}, {"path", "BankAccounts"}, {"times", -1}});
  const auto apply = [&] {
    const Json run = decided_run(office, "norway");
    return answer(*office.runtime, Json{{"call", "run.apply"}, {"connection", "norway"}, {"run", run}}.dump());
  };
  const auto summary = [&] {
    return office.ok({{"call", "run.list"}, {"connection", "norway"}})["runs"][0]["summary"].get<std::string>();
  };
  const auto of_added = [&] {  // of others, who cannot be added at all, no field is named
    const Json problems = office.ok({{"call", "log"}, {"connection", "norway"}})["problems"];
    return std::ranges::count_if(problems, [](const Json& one) { return one["field"] != ""; });
  };
  const Answered first = apply();
  INFO(first.json);
  CHECK(first.kind == Answered::Kind::needs_person);
  const Json outcomes = Json::parse(first.json)["outcomes"];
  REQUIRE(outcomes.contains("in part"));
  CHECK_THAT(summary(), Contains(fmt::format("({} only in part)", outcomes["in part"].get<int>())));
  CHECK(of_added() == outcomes["in part"].get<std::ptrdiff_t>());
  provider.clear_faults();
  const Answered second = apply();
  INFO(second.json);
  CHECK(Json::parse(second.json)["outcomes"] == Json{{"done", outcomes["in part"]}});
  CHECK_THAT(summary(), !Contains("in part"));
  CHECK(of_added() == 0);
}

TEST_CASE("what is decided in several steps adds up") {
  Office office;
  office.connect("norway", "poweroffice_go");
  const Json started = office.ok({{"call", "run.start"}, {"connection", "norway"}, {"by", "ada"}});
  const auto decide = [&](const char* member, const Json& value) {
    Json decisions = {{"dovetail", "decisions"}, {"version", 1}};
    decisions[member] = value;
    const Json decided = office.ok(
        {{"call", "run.decide"}, {"connection", "norway"}, {"run", started["run"]}, {"decisions", decisions}});
    return decided["plan"]["totals"]["open"].get<int>();
  };
  const int open = started["plan"]["totals"]["open"].get<int>();
  const int after_bulk = decide("bulk", "hub");
  REQUIRE(after_bulk < open);
  CHECK(decide("create", "none") < after_bulk);
}

}  // namespace
}  // namespace dovetail::test

// What people do between a plan and carrying it out.
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/engine/api/office.hpp"

namespace dovetail::test {
namespace {

using Catch::Matchers::Contains;

class Planned {
 public:
  Planned() {
    office.connect("norway", "poweroffice_go");
    carry_out(start());
    const Json links = office.ok({{"call", "links"}, {"connection", "norway"}})["links"];
    for (const Json& link : links) {  // not those who are in one system only
      if (!link.value("provider", "").empty() && !link.value("hub", "").empty()) people.push_back(link["hub"]);
    }
    REQUIRE(people.size() >= 2);
    for (std::size_t i = 0; i < 2; ++i) office.system("huma").patch_row("users", people[i], {{"givenName", "Anew"}});
    run_ = start();
  }

  Json start() { return office.ok({{"call", "run.start"}, {"connection", "norway"}, {"by", "ada"}})["run"]; }
  Json carry_out(const Json& run) {
    const Json decisions = {{"dovetail", "decisions"}, {"version", 1}, {"bulk", "hub"}, {"create", "none"}};
    office.ok({{"call", "run.decide"}, {"connection", "norway"}, {"run", run}, {"decisions", decisions}});
    return office.ok({{"call", "run.apply"}, {"connection", "norway"}, {"run", run}});
  }
  Json carry_out() { return carry_out(run_); }

  void paused(Json call) {
    office.ok({{"call", "connection.pause"}, {"name", "norway"}, {"why", "links"}});
    call["connection"] = "norway";
    office.ok(call);
    office.ok({{"call", "connection.resume"}, {"name", "norway"}});
  }

  std::size_t renamed() {
    std::size_t count = 0;
    const sandbox::Json rows = office.system("poweroffice_go").rows("employees");
    for (const auto& [id, row] : rows.items()) count += row["FirstName"] == "Anew" ? 1U : 0U;
    return count;
  }
  Json log() { return office.ok({{"call", "log"}, {"connection", "norway"}})["problems"]; }

  Office office;
  std::vector<std::string> people;

 private:
  Json run_;
};

TEST_CASE("a planned run writes nothing to somebody who has left the scope since") {
  Planned planned;
  const std::vector<std::string> others(planned.people.begin() + 1, planned.people.end());
  planned.office.ok({{"call", "connection.set"}, {"name", "norway"}, {"scope", others}});
  CHECK(planned.carry_out()["outcomes"]["skipped"] == 1);
  CHECK(planned.renamed() == 1);
  CHECK(planned.log().empty());
}

// The hub's ids of whom a run links, by its plan.
std::vector<std::string> linked_by(const Json& run) {
  std::vector<std::string> linked;
  for (const Json& operation : run["plan"]["operations"]) {
    if (operation["action"] != "link") continue;
    linked.push_back(run["plan"]["people"][operation["person"].get<std::size_t>()]["hub"]);
  }
  REQUIRE(linked.size() >= 2);
  return linked;
}

TEST_CASE("links that need no call are left alone of whoever has left the scope since, and are named") {
  Office office;
  office.connect("norway", "poweroffice_go");
  const Json run = office.ok({{"call", "run.start"}, {"connection", "norway"}, {"by", "ada"}});
  const std::vector<std::string> linked = linked_by(run);
  const std::vector<std::string> others(linked.begin() + 1, linked.end());
  office.ok({{"call", "connection.set"}, {"name", "norway"}, {"scope", others}});
  const bool writes = GENERATE(false, true);  // what else was planned for them is called for, or not
  const Json decisions = {
      {"dovetail", "decisions"}, {"version", 1}, {"bulk", writes ? "hub" : "leave"}, {"create", "none"}};
  office.ok({{"call", "run.decide"}, {"connection", "norway"}, {"run", run["run"]}, {"decisions", decisions}});
  const Json applied = office.ok({{"call", "run.apply"}, {"connection", "norway"}, {"run", run["run"]}});
  CHECK(applied["outcomes"]["skipped"] >= 1);
  const auto links_of = [&](const std::string& person) {
    return office.ok({{"call", "links"}, {"connection", "norway"}, {"person", person}})["links"].size();
  };
  CHECK(links_of(linked.front()) == 0);
  CHECK(links_of(linked.back()) == 1);
  const Json log = office.ok({{"call", "log"}, {"connection", "norway"}});
  for (const Json& problem : log["problems"]) CHECK(problem["person"]["hub"] != linked.front());
}

TEST_CASE("nobody is added to the hub whom a scope that was narrowed since would leave out") {
  Office office;
  office.connect("norway", "poweroffice_go");
  const Json start = {{"call", "run.start"}, {"connection", "norway"}, {"by", "ada"}};
  sandbox::Sandbox& hub = office.system("huma");
  hub.remove_row("users", linked_by(office.ok(start)).front());  // and is in the provider only from now on
  const Json users = hub.rows("users");
  const std::size_t before = users.size();
  const Json run = office.ok(start);
  const Json decisions = {{"dovetail", "decisions"}, {"version", 1}, {"bulk", "provider"}, {"create", "hub"}};
  const Json decided =
      office.ok({{"call", "run.decide"}, {"connection", "norway"}, {"run", run["run"]}, {"decisions", decisions}});
  const auto added = std::ranges::count_if(decided["plan"]["operations"], [](const Json& operation) {
    return operation["action"] == "create" && operation["target"] == "huma";
  });
  REQUIRE(added > 0);
  office.ok({{"call", "connection.set"}, {"name", "norway"}, {"scope", Json::array({users.begin().key()})}});
  const Json applied = office.ok({{"call", "run.apply"}, {"connection", "norway"}, {"run", run["run"]}});
  CHECK(applied["outcomes"]["skipped"] >= added);
  CHECK(hub.rows("users").size() == before);
}

TEST_CASE("whoever was excluded since a run was planned is left alone, and nobody is asked about it") {
  Planned planned;
  planned.office.ok(
      {{"call", "exclude"}, {"connection", "norway"}, {"person", planned.people[0]}, {"by", "ada"}, {"why", "board"}});
  CHECK(planned.carry_out()["outcomes"]["skipped"] == 1);
  CHECK(planned.renamed() == 1);
  CHECK(planned.log().empty());
}

TEST_CASE("what was changed by hand since a run was planned is named") {
  Planned planned;
  const std::string person = planned.people[0];
  std::string said, reason = "unlinked";
  SECTION("a field was excluded") {
    planned.office.ok({{"call", "exclude"},
                       {"connection", "norway"},
                       {"person", person},
                       {"field", "Given name"},
                       {"by", "ada"},
                       {"why", "stage name"}});
    said = "Given name was excluded for this person since this was planned: stage name (by ada)";
    reason = "excluded";
  }
  SECTION("the link was cut") {
    planned.paused({{"call", "links.cut"}, {"person", person}, {"by", "ada"}});
    said = "the link was cut since this was planned: cut by ada";
  }
  SECTION("the link was forgotten") {
    planned.paused({{"call", "links.forget"}, {"person", person}});
    said = "the link was forgotten since this was planned";
  }
  CHECK(planned.carry_out()["outcomes"]["moved"] == 1);
  CHECK(planned.renamed() == 1);
  const Json log = planned.log();
  REQUIRE(log.size() == 1);
  CHECK(log[0]["reason"] == reason);
  CHECK_THAT(log[0]["what"].get<std::string>(), Contains(said) && !Contains("push"));
}

TEST_CASE("erasing a person says which runs it abandons") {
  Planned planned;
  const Json erased = planned.office.ok({{"call", "person.erase"}, {"person", planned.people[0]}});
  CHECK(erased["abandoned"] == Json::parse(R"([{"connection": "norway", "run": 2}])"));
  CHECK(planned.office.ok({{"call", "person.erase"}, {"person", planned.people[0]}})["abandoned"].empty());
}

}  // namespace
}  // namespace dovetail::test

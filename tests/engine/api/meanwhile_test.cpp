// What people do between a plan and carrying it out.
#include <catch2/catch.hpp>

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

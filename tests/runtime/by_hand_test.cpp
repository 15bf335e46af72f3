// Links that people change by hand: who is looked at after it, and which lines of the error log are over.
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

namespace {

bool waits(Stage& stage, const std::string& hub_id) {
  bool found = false;
  stage.store.read([&](Transaction& transaction) -> Result<void> {
    const auto lane = transaction.lane(stage.id, hub_id);
    if (!lane) return std::unexpected(lane.error());
    found = *lane && (*lane)->state == LaneState::due;
    return {};
  });
  return found;
}

// Names that the provider refuses: a line of the log for the person.
void refuse_names(Stage& stage, const std::string& id) {
  stage.provider->add_fault({{"kind", "status"},
                             {"status", 400},
                             {"method", "PATCH"},
                             {"path", "Employees/" + stage.link_of(id)->link.provider_id},
                             {"times", -1}});
  stage.hub->patch_row("users", id, {{"givenName", "Changed"}});
  stage.tell(id);
  stage.work();
  REQUIRE(stage.problems().size() == 1);
}

std::string second_account(Stage& stage, const std::string& id) {
  const std::string again = "0b6f63d2-7f4c-4f0e-9d57-5a9f0f0f9a01";
  Json row = stage.hub->row("users", id);
  row["id"] = again;
  stage.hub->put_row("users", again, row);
  stage.tell(again, Event::added);
  stage.work();
  return again;
}

}  // namespace

TEST_CASE("what the log says of a link is over when somebody cuts, forgets or makes it, and its person is looked at") {
  Stage stage({.people = 3, .creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const std::string record = stage.link_of(id)->link.provider_id;
  refuse_names(stage, id);
  stage.command("connection pause payroll --reason test");
  SECTION("cut") { stage.command("links cut payroll " + id); }
  SECTION("forgotten") { stage.command("links forget payroll " + id + " --yes"); }
  SECTION("cut, and made again") {
    stage.command("links cut payroll " + id);
    stage.command("links make payroll " + id + " " + record);
  }
  CHECK(stage.problems().empty());
  CHECK(waits(stage, id));
  stage.provider->clear_faults();
  stage.forget_calls();
  stage.command("connection resume payroll");
  stage.work();
  CHECK_FALSE(waits(stage, id));
  CHECK(stage.writes() == 0);  // nothing is agreed on, so a run is to begin it
  for (const Problem& one : stage.problems()) {
    INFO(one.field << ": " << one.what);
    CHECK((one.reason == Reason::first_run || one.reason == Reason::target_masked));
  }
}

TEST_CASE("whoever waits because of another's link is looked at when that is forgotten") {
  Stage stage({.people = 3, .creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const std::string again = second_account(stage, id);
  REQUIRE(stage.problems().size() == 1);
  REQUIRE(stage.problems().front().hub_id == again);
  REQUIRE(stage.problems().front().reason == Reason::disputed);
  stage.command("connection pause payroll --reason test");
  stage.command("links forget payroll " + id + " --yes");
  CHECK(waits(stage, again));
  stage.command("connection resume payroll");
  stage.forget_calls();
  stage.work();
  CHECK(stage.writes() == 0);
  const std::vector<Problem> left = stage.problems();
  CHECK(std::ranges::none_of(left, [](const Problem& one) { return one.reason == Reason::disputed; }));
}

TEST_CASE("what the log says of somebody who is excluded, or of such a field, is over at once") {
  Stage stage({.people = 3, .creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  refuse_names(stage, id);
  SECTION("the person") { stage.command("exclude payroll " + id + " --reason test"); }
  SECTION("the field") { stage.command("exclude payroll " + id + " --field 'Given name' --reason test"); }
  CHECK(stage.problems().empty());
}

TEST_CASE("excluding one field leaves what the log says of the others") {
  Stage stage({.people = 3, .creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  refuse_names(stage, id);
  stage.command("exclude payroll " + id + " --field 'Family name' --reason test");
  CHECK(stage.problems().size() == 1);
}

TEST_CASE("a position created since the activation is sent, also after the link was cut and made again") {
  Stage stage({.people = 3, .creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front(), record = stage.link_of(id)->link.provider_id;
  Json positions = stage.hub->row("users", id)["positions"];
  Json added = positions.at(0);
  const Json titles = stage.hub->rows("job_titles");
  for (const auto& [title, row] : titles.items()) {
    if (title != added["titleId"]) added["titleId"] = title;
  }
  added["id"] = "7b7b7b7b-0000-4000-8000-000000000001";
  added["contractStartDate"] = "2026-01-01";
  positions.push_back(added);
  stage.hub->patch_row("users", id, {{"positions", positions}});
  stage.command("connection pause payroll --reason test");
  stage.command("links cut payroll " + id);
  stage.command("links make payroll " + id + " " + record);
  stage.command("connection resume payroll");
  stage.work();
  stage.synchronise();
  CHECK(stage.employee_of(id)["JobTitle"] == titles[added["titleId"].get<std::string>()]["name"]);
}

TEST_CASE("a no to a record of the provider alone is forgotten by the record's id, and the record is offered again") {
  Stage stage({.people = 3});
  const std::string gone = stage.hub_ids().front();
  stage.hub->remove_row("users", gone);
  stage.activate();
  const auto alone = [&] {
    std::vector<std::string> records;
    stage.store.read([&](Transaction& transaction) -> Result<void> {
      const auto links = transaction.links(stage.id);
      if (!links) return std::unexpected(links.error());
      for (const StoredLink& one : *links) {
        if (one.link.hub_id.empty()) records.push_back(one.link.provider_id);
      }
      return {};
    });
    return records;
  };
  const auto creations = [&] {
    const auto opened = stage.open();
    const Means means = stage.means();
    auto run = ManualRun::look(means, *opened);
    if (!run) FAIL(run.error().what);
    const Plan made = run->make_plan();
    return std::ranges::count_if(
        made.entries, [](const Entry& entry) { return entry.kind == Kind::create && entry.action != Action::leave; });
  };
  REQUIRE(alone().size() == 1);
  CHECK(creations() == 0);
  stage.command("connection pause payroll --reason test");
  stage.command("links forget payroll " + alone().front() + " --yes");
  stage.command("connection resume payroll");
  CHECK(alone().empty());
  CHECK(creations() == 1);
}

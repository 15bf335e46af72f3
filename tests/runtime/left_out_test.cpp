// What is left out now and let in later: whichever way it was left out, a change made meanwhile goes then, by itself.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "engine/runtime/work/sweep.hpp"
#include "tests/places.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

namespace {

StageOptions three_in_netvisor() { return {.provider = "netvisor", .people = 3, .creates = false}; }

Swept look_at_hub(Stage& stage) {
  const auto opened = stage.open();
  const auto swept = sweep(stage.means(), *opened);
  if (!swept) FAIL(swept.error().what);
  return *swept;
}

std::string all_but(Stage& stage, const std::string& id) {
  std::string scope;
  for (const std::string& one : stage.hub_ids()) {
    if (one != id) scope += " --scope " + one;
  }
  return scope;
}

void change_name(Stage& stage, const std::string& id) {
  stage.hub->patch_row("users", id, {{"givenName", "Changed"}});
  stage.tell(id);
  stage.work();
}

// Without the event that a command takes in: what a sweep has to find.
void change_link(Stage& stage, const std::string& id, const std::function<void(Link&)>& change) {
  stage.store.write([&](Transaction& now) -> Result<void> {
    auto link = now.link_of_hub(stage.id, id);
    if (!link) return std::unexpected(link.error());
    change((*link)->link);
    const auto put = now.put_link(stage.id, **link);
    return put ? Result<void>{} : std::unexpected(put.error());
  });
}

}  // namespace

TEST_CASE("what was left out goes as soon as it is let in, without a sweep") {
  struct Way {
    std::string out, in;
  };
  const auto way = GENERATE(values<Way>({
      {"exclude payroll ID --field 'Given name' --reason test", "exclude payroll ID --field 'Given name' --undo"},
      {"exclude payroll ID --reason test", "exclude payroll ID --undo"},
      {"connection set payroll SCOPE", "connection set payroll --whole-hub"},
      {"connection set payroll SCOPE", "connection set payroll SCOPE --scope ID"},
      {"connection set payroll --observe-only on", "connection set payroll --observe-only off"},
      {"connection pause payroll --reason test", "connection resume payroll"},
  }));
  Stage stage(three_in_netvisor());
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const auto said = [&](std::string text) {
    for (const auto& [word, with] : {std::pair<std::string, std::string>("SCOPE", all_but(stage, id)), {"ID", id}}) {
      if (const std::size_t at = text.find(word); at != text.npos) text.replace(at, word.size(), with);
    }
    return text;
  };
  INFO(way.out);
  stage.command(said(way.out));
  change_name(stage, id);
  CHECK(stage.employee_of(id)["firstname"] != "Changed");
  stage.command(said(way.in));
  stage.work();
  CHECK(stage.employee_of(id)["firstname"] == "Changed");
  CHECK(stage.problems().empty());
  CHECK(look_at_hub(stage).changed == 0);
}

TEST_CASE("a sweep finds what was left out and is let in, and not what still is") {
  Stage stage(three_in_netvisor());
  stage.activate();
  const std::string id = stage.hub_ids().front();
  std::function<void()> let_in;
  SECTION("a field of a person") {
    change_link(stage, id, [](Link& link) { link.excluded_fields = {"Given name"}; });
    let_in = [&] { change_link(stage, id, [](Link& link) { link.excluded_fields.clear(); }); };
  }
  SECTION("a person outside the scope") {
    std::vector<std::string> scope = stage.hub_ids();
    std::erase(scope, id);
    stage.change_connection([&](Connection& of) {
      of.whole_hub = false;
      of.scope = scope;
    });
    let_in = [&] { stage.change_connection([](Connection& of) { of.whole_hub = true; }); };
  }
  SECTION("a connection that only observes") {
    stage.change_connection([](Connection& of) { of.observes_only = true; });
    let_in = [&] { stage.change_connection([](Connection& of) { of.observes_only = false; }); };
  }
  SECTION("a field that was excluded while a run was carried out") {
    change_link(stage, id, [](Link& link) { link.excluded_fields = {"Given name"}; });
    stage.hub->patch_row("users", id, {{"givenName", "Changed"}});
    stage.synchronise();
    let_in = [&] { change_link(stage, id, [](Link& link) { link.excluded_fields.clear(); }); };
  }
  change_name(stage, id);
  CHECK(stage.employee_of(id)["firstname"] != "Changed");
  CHECK(look_at_hub(stage).changed == 0);
  let_in();
  CHECK(look_at_hub(stage).changed == 1);
  stage.work();
  CHECK(stage.employee_of(id)["firstname"] == "Changed");
  CHECK(look_at_hub(stage).changed == 0);
}

TEST_CASE("somebody hired while the connection only observes, or before they are active, is added when they may be") {
  Stage stage({.people = 3});
  stage.activate();
  const std::size_t before = stage.employees().size();
  Json row = stage.hub->row("users", stage.hub_ids().front());
  row["id"] = "5a5a5a5a-0000-4000-8000-000000000002";
  row["email"] = "nyere.person@example.com";
  row["givenName"] = "Nyere";
  row["birthDate"] = "1990-02-04";
  row["phone"] = "+4791111112";
  row["employmentId"] = "7002";
  row["identifications"] = Json::array();
  row["bankAccount"] = Json::object();
  row["positions"] = Json::array();
  const std::string id = row["id"];
  SECTION("only observes") {
    stage.change_connection([](Connection& of) { of.observes_only = true; });
    stage.hub->put_row("users", id, row);
    stage.tell(id);
    stage.work();
    CHECK(stage.employees().size() == before);
    stage.command("connection set payroll --observe-only off");
  }
  SECTION("not active yet") {
    const Json active = row["active"];
    row["active"] = false;
    stage.hub->put_row("users", id, row);
    stage.tell(id);
    stage.work();
    CHECK(stage.employees().size() == before);
    stage.hub->patch_row("users", id, {{"active", active}});
    stage.tell(id);
  }
  stage.work();
  CHECK(stage.employees().size() == before + 1);
  CHECK(stage.employee_of(id)["FirstName"] == "Nyere");
}

TEST_CASE("somebody hired outside the scope is added when the scope takes them in, and nobody else is") {
  Stage stage({.people = 3});
  const std::string outside = stage.hub_ids().front(), inside = stage.hub_ids().back();
  Json row = stage.hub->row("users", outside);
  stage.change_connection([&](Connection& of) {
    of.whole_hub = false;
    of.scope = {inside};
  });
  stage.activate();
  const std::size_t before = stage.employees().size();
  row["id"] = "5a5a5a5a-0000-4000-8000-000000000001";
  row["email"] = "ny.person@example.com";
  row["givenName"] = "Nyansatt";
  row["birthDate"] = "1990-02-03";
  row["phone"] = "+4791111111";
  row["employmentId"] = "7001";
  row["identifications"] = Json::array();
  row["bankAccount"] = Json::object();
  row["positions"] = Json::array();
  stage.hub->put_row("users", row["id"], row);
  stage.tell(row["id"], Event::added);
  stage.work();
  CHECK(stage.employees().size() == before);
  CHECK(look_at_hub(stage).added == 0);
  SECTION("by the command") { stage.command("connection set payroll --whole-hub"); }
  SECTION("by a sweep") {
    stage.change_connection([](Connection& of) { of.whole_hub = true; });
    CHECK(look_at_hub(stage).added == 1);
  }
  stage.work();
  CHECK(stage.employees().size() == before + 1);
  CHECK(stage.employee_of(row["id"])["FirstName"] == "Nyansatt");
}

TEST_CASE("what old rules held goes as soon as new ones are approved") {
  Folder folder;
  std::filesystem::copy(DOVETAIL_SOURCE_DIR "/rules", folder.path(), std::filesystem::copy_options::recursive);
  const auto replace = [&](const std::string& what, const std::string& with) {
    std::string text = folder.read("poweroffice_go.map");
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    folder.write("poweroffice_go.map", text.replace(at, what.size(), with));
  };
  replace("phone       <->  phoneNumber  { unique in huma }",
          "phone       <->  phoneNumber  { unique in huma, cannot unset in poweroffice_go }");
  Stage stage({.people = 3, .map = folder.file("poweroffice_go.map")});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const std::string phone = stage.employee_of(id)["PhoneNumber"];
  stage.hub->patch_row("users", id, {{"phone", nullptr}});
  stage.tell(id);
  stage.work();
  REQUIRE(stage.employee_of(id)["PhoneNumber"] == phone);
  CHECK(look_at_hub(stage).changed == 0);
  replace(", cannot unset in poweroffice_go }", " }");
  stage.command("rules approve payroll --yes");
  stage.work();
  CHECK(stage.employee_of(id)["PhoneNumber"] != phone);
}

TEST_CASE("a pair that somebody links by hand is looked at, and what differs is in the log") {
  Stage stage(three_in_netvisor());
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const std::string record = stage.link_of(id)->link.provider_id;
  stage.command("connection pause payroll --reason test");
  stage.command("links cut payroll " + id);
  stage.command("connection resume payroll");
  change_name(stage, id);
  stage.command("connection pause payroll --reason test");
  stage.command("links make payroll " + id + " " + record);
  stage.command("connection resume payroll");
  stage.work();
  const std::vector<Problem> told = stage.problems();
  REQUIRE(told.size() == 1);
  CHECK(told[0].field == "Given name");
  CHECK(told[0].reason == Reason::first_run);
}

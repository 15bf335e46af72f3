// Elements that are added to a list: what they were made of is remembered, also where nobody saw the end of it.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <thread>

#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

namespace {

constexpr const char* begun = "2031-02-01";

struct Positions {
  Stage& stage;
  std::string id;
  std::vector<std::string> titles;
  Json rows;

  explicit Positions(Stage& of) : stage(of), id(of.hub_ids().front()), rows(of.hub->row("users", id)["positions"]) {
    const Json known = of.hub->rows("job_titles");
    for (const auto& [key, row] : known.items()) titles.push_back(key);
    REQUIRE(titles.size() > 2);
  }
  void add(const std::string& day = begun, int number = 1) {
    Json added = rows.at(0);
    added["id"] = "7b7b7b7b-0000-4000-8000-00000000000" + std::to_string(number);
    added["contractStartDate"] = day;
    added["contractEndDate"] = nullptr;
    added["titleId"] = titles[0];
    rows.push_back(added);
    tell();
  }
  void change() {
    rows.back()["titleId"] = titles[2];
    rows.back()["contractEndDate"] = "2033-01-01";
    tell();
  }
  void tell() {
    stage.hub->patch_row("users", id, {{"positions", rows}});
    stage.tell(id);
  }
  std::vector<Json> periods(const std::string& day = begun) const {
    std::vector<Json> found;
    const Json record = stage.employee_of(id);
    for (const Json& period : record["periods"]) {
      if (period["startdate"] == day) found.push_back(period);
    }
    return found;
  }
};

void work_until(Stage& stage, const std::function<bool()>& is_done) {
  const Means with = stage.means();
  for (int turn = 0; turn < 100 && !is_done(); ++turn) {
    Worker worker(with, {.name = "test", .threads = 2, .poll = std::chrono::milliseconds(10), .sweep = {}});
    const Result<void> worked = worker.run_until_quiet();
    if (!worked) FAIL(worked.error().what);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

std::vector<std::string> fields_in_log(Stage& stage) {
  std::vector<std::string> fields;
  for (const Problem& problem : stage.problems()) fields.push_back(problem.field);
  std::ranges::sort(fields);
  return fields;
}

}  // namespace

TEST_CASE("an element whose addition was in doubt is pushed to where the hub has changed it meanwhile") {
  Stage stage({.provider = "netvisor", .people = 3, .creates = false});
  stage.activate();
  Positions positions(stage);
  Json title;
  SECTION("the worker was killed after the call") {
    positions.add();
    REQUIRE(stage.work_apart("after-call 1") == "killed");
  }
  SECTION("the worker was killed after reading back") {
    positions.add();
    REQUIRE(stage.work_apart("before-base 1") == "killed");
  }
  SECTION("the answer was lost") {
    stage.provider->add_fault(
        {{"kind", "status"}, {"status", 500}, {"after", true}, {"path", "addjobperiod"}, {"times", 1}});
    positions.add();
    stage.work();
  }
  SECTION("the answer was lost, and then reads fail for a while") {
    stage.provider->add_fault(
        {{"kind", "status"}, {"status", 500}, {"after", true}, {"path", "addjobperiod"}, {"times", 1}});
    stage.provider->add_fault(
        {{"kind", "status"}, {"status", 503}, {"path", "getemployee"}, {"skip", 2}, {"times", 4}});
    positions.add();
    stage.work();
  }
  SECTION("the answer came, and nobody has looked since") {
    positions.add();
    stage.work();
  }
  REQUIRE(positions.periods().size() == 1);
  title = positions.periods()[0]["profession"];
  positions.change();
  work_until(stage, [&] { return positions.periods()[0]["profession"] != title; });
  REQUIRE(positions.periods().size() == 1);
  CHECK(positions.periods()[0]["profession"] == stage.hub->row("job_titles", positions.titles[2])["name"]);
  CHECK(positions.periods()[0]["enddate"] == "2033-01-01");
  for (const Problem& problem : stage.problems()) FAIL_CHECK(problem.field << ": " << problem.what);
  const std::optional<StoredLink> link = stage.link_of(positions.id);
  REQUIRE(link);
  for (const ElementLink& one : link->link.elements) {
    CHECK_FALSE(one.hub_element.starts_with('+'));
    CHECK_FALSE(one.provider_element.starts_with('+'));
  }
}

TEST_CASE("two elements of a person that are stuck are two lines of the log, and each is solved on its own") {
  Stage stage({.provider = "netvisor", .people = 3, .creates = false});
  stage.activate();
  Positions positions(stage);
  const std::string record = stage.link_of(positions.id)->link.provider_id;
  Json periods = stage.provider->row("employees", record)["periods"];
  for (const int number : {1, 2}) {  // on both sides at once, with titles that never agreed
    Json period = periods.at(0);
    period["netvisorkey"] = fmt::format("99900{}", number);
    period["startdate"] = fmt::format("203{}-02-01", number);
    period["enddate"] = nullptr;
    period["profession"] = "Elsewhere";
    periods.push_back(period);
  }
  stage.provider->patch_row("employees", record, {{"periods", periods}});
  positions.add("2031-02-01", 1);
  positions.add("2032-02-01", 2);
  stage.work();
  CHECK(fields_in_log(stage) == std::vector<std::string>{"Job title [2031-02-01]", "Job title [2032-02-01]"});
  const std::string wanted = stage.hub->row("job_titles", positions.titles[0])["name"];
  for (Json& period : periods) {
    if (period["startdate"] == "2031-02-01") period["profession"] = wanted;
  }
  stage.provider->patch_row("employees", record, {{"periods", periods}});
  stage.tell(positions.id);
  stage.work();
  CHECK(fields_in_log(stage) == std::vector<std::string>{"Job title [2032-02-01]"});
}

namespace {

// Another title than the position has.
std::string other_title(const Positions& positions) {
  const std::string now = positions.rows.at(0)["titleId"];
  return *std::ranges::find_if(positions.titles, [&](const std::string& title) { return title != now; });
}

std::string title_of_first(const Positions& positions) {
  return "Job title [" + positions.rows.at(0)["contractStartDate"].get<std::string>() + "]";
}

}  // namespace

TEST_CASE("an element's field that goes back and forth is named with its element") {
  Stage stage({.provider = "netvisor", .people = 3, .creates = false});
  stage.activate();
  Positions positions(stage);
  const std::array<std::string, 2> titles = {other_title(positions), positions.rows.at(0)["titleId"]};
  for (std::size_t turn = 0; turn < 6; ++turn) {
    positions.rows.at(0)["titleId"] = titles[turn % 2];
    positions.tell();
    stage.work();
  }
  CHECK(fields_in_log(stage) == std::vector<std::string>{title_of_first(positions)});
  const std::vector<Problem> told = stage.problems();
  REQUIRE(told.size() == 1);
  CHECK(told[0].reason == Reason::quarantined);
  CHECK(told[0].what.starts_with(title_of_first(positions) + ": it changed back and forth"));
}

TEST_CASE("an element's field that a kill left in doubt, and somebody changed since, is named with its element") {
  Stage stage({.provider = "netvisor", .people = 3, .creates = false});
  stage.activate();
  Positions positions(stage);
  positions.rows.at(0)["titleId"] = other_title(positions);
  positions.tell();
  REQUIRE(stage.work_apart("after-call 1") == "killed");
  const std::string record = stage.link_of(positions.id)->link.provider_id;
  Json periods = stage.provider->row("employees", record)["periods"];
  for (Json& period : periods) {
    if (period["startdate"] == positions.rows.at(0)["contractStartDate"]) period["profession"] = "Elsewhere";
  }
  stage.provider->patch_row("employees", record, {{"periods", periods}});
  REQUIRE(stage.work_apart("") == "done");
  CHECK(fields_in_log(stage) == std::vector<std::string>{title_of_first(positions)});
  const std::vector<Problem> told = stage.problems();
  REQUIRE(told.size() == 1);
  CHECK(told[0].reason == Reason::in_doubt);
  CHECK(told[0].what.starts_with(title_of_first(positions) + ": a write to Netvisor was interrupted"));
}

// Days that pass, clocks that are put back, and what that does to what waits.
#include <catch2/catch.hpp>

#include <algorithm>
#include <future>
#include <thread>

#include "tests/runtime/other_clock.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

namespace {

void work(Stage& stage, OtherClock& clock) {
  const Means with = {.store = *stage.store,
                      .clock = clock,
                      .opener = *stage.opener,
                      .telemetry = stage.telemetry,
                      .limits = test_limits()};
  Worker worker(with, {.name = "test", .threads = 4, .poll = std::chrono::milliseconds(10), .sweep = {}});
  const Result<void> worked = worker.run_until_idle();
  if (!worked) FAIL(worked.error().what);
}

std::size_t told_of_quarantine(Stage& stage) {
  const auto all = stage.store.read([](Transaction& now) { return now.notifications(); });
  return static_cast<std::size_t>(std::ranges::count(all, "quarantined", &Notification::kind));
}

}  // namespace

TEST_CASE("keys that are revoked for a day, while everybody changes: nothing is lost, and one message is sent") {
  Stage stage({.people = 12, .creates = false});
  stage.activate();
  OtherClock clock;
  stage.provider->add_fault({{"kind", "status"}, {"status", 401}, {"times", -1}});
  const std::vector<std::string> ids = stage.hub_ids();
  for (std::size_t hour = 0; hour < 24; ++hour) {
    const std::string& id = ids[hour % ids.size()];
    stage.hub->patch_row("users", id, {{"givenName", "Time " + std::to_string(hour)}});
    stage.tell(id);
    work(stage, clock);
    clock.pass(std::chrono::hours(1));
  }
  CHECK(stage.connection().state == ConnectionState::quarantined);
  CHECK(told_of_quarantine(stage) == 1);
  CHECK(stage.problems().size() <= 13);  // at most one a person, and the connection's
  stage.provider->clear_faults();
  for (int tries = 0; tries < 20 && stage.connection().state != ConnectionState::active; ++tries) {
    clock.pass(std::chrono::hours(1));
    work(stage, clock);
  }
  REQUIRE(stage.connection().state == ConnectionState::active);
  clock.pass(std::chrono::hours(1));
  work(stage, clock);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    CHECK(stage.employee_of(ids[i])["FirstName"] == "Time " + std::to_string(12 + i));
  }
  CHECK(stage.problems().empty());
  CHECK(told_of_quarantine(stage) == 1);
}

TEST_CASE("the time of day put back by a day, an hour or a second, or forward: changes go out all the same") {
  const auto moved = GENERATE(std::chrono::seconds(-86'400), std::chrono::seconds(-3600), std::chrono::seconds(-1),
                              std::chrono::seconds(3600), std::chrono::seconds(86'400));
  Stage stage({.people = 3, .creates = false});
  stage.activate();
  OtherClock clock;
  const std::vector<std::string> ids = stage.hub_ids();
  stage.hub->patch_row("users", ids[0], {{"givenName", "Before"}});
  stage.tell(ids[0]);
  work(stage, clock);
  clock.move(moved);
  for (int i = 0; i < 2; ++i) {
    stage.hub->patch_row("users", ids[0], {{"givenName", "After " + std::to_string(i)}});
    stage.store.write([&](Transaction& transaction) {
      const Instant time = std::chrono::floor<std::chrono::milliseconds>(clock.wall_time());
      return transaction.take_in({{}, stage.id, ids[0], Event::changed, time, time});
    });
    work(stage, clock);
    CHECK(stage.employee_of(ids[0])["FirstName"] == "After " + std::to_string(i));
  }
  CHECK(stage.problems().empty());
}

TEST_CASE("the time of day put forward and back by a day while a worker runs: changes go out within seconds") {
  Stage stage({.store = GENERATE(both_stores()), .people = 3, .creates = false});
  stage.activate();
  OtherClock clock;
  const Means with = {.store = *stage.store,
                      .clock = clock,
                      .opener = *stage.opener,
                      .telemetry = stage.telemetry,
                      .limits = test_limits()};
  Worker worker(with, {.name = "test", .threads = 2, .poll = std::chrono::milliseconds(10), .sweep = {}});
  auto working = std::async(std::launch::async, [&] { return worker.run(); });
  const std::string id = stage.hub_ids().front();
  int number = 0;
  for (const int hours : {0, 24, 0, -24, 0}) {
    clock.move(std::chrono::hours(hours));
    const std::string name = "Moved " + std::to_string(++number);
    stage.hub->patch_row("users", id, {{"givenName", name}});
    stage.store.write([&](Transaction& transaction) {
      const Instant time = now(with);
      return transaction.take_in({{}, stage.id, id, Event::changed, time, time});
    });
    const auto is_there = [&] { return stage.employee_of(id)["FirstName"] == name; };
    for (int i = 0; i < 1000 && !is_there(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    INFO(hours);
    CHECK(is_there());
  }
  worker.stop();
  CHECK(working.get());
}

TEST_CASE("four bank accounts changed on one day in a firm of sixty go through") {
  Stage stage({.provider = "netvisor", .people = 60, .creates = false});
  stage.activate();
  const std::vector<std::string> ids = stage.hub_ids();
  std::vector<std::pair<std::string, std::string>> wanted;  // person, IBAN
  std::vector<Json> accounts;
  for (const std::string& id : ids) {
    const Json account = stage.hub->row("users", id)["bankAccount"];
    if (account.is_object() && account.contains("iban") && account["iban"].is_string()) accounts.push_back(account);
  }
  REQUIRE(accounts.size() > 8);
  for (const std::string& id : ids) {
    const Json own = stage.hub->row("users", id)["bankAccount"];
    if (wanted.size() == 4) break;
    const Json& other = accounts[accounts.size() - 1 - wanted.size()];
    if (!own.is_object() || !own.contains("iban") || own == other) continue;
    stage.hub->patch_row("users", id, {{"bankAccount", other}});  // accounts may be shared
    wanted.emplace_back(id, other["iban"]);
    stage.tell(id);
  }
  stage.work();
  REQUIRE(wanted.size() == 4);
  for (const auto& [id, iban] : wanted) CHECK(stage.employee_of(id)["bankaccountnumber"] == iban);
  CHECK(stage.problems().empty());
}

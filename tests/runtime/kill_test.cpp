// Killed with -9 at every step of the journal and at any moment: no change lost, none doubled, order kept, and both
// sides as after a run without kills.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <map>
#include <random>
#include <thread>

#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

namespace {

const std::vector<std::string> steps = {"before-calls", "before-intent", "after-intent", "during-call",
                                        "after-call",   "before-base",   "after-base"};

// Changes a few people of the hub, the same way for the same round and seed, and tells of it.
void edit(Stage& stage, unsigned round) {
  std::minstd_rand chance(round * 7919 + 1);
  const std::vector<std::string> ids = stage.hub_ids();
  for (int i = 0; i < 3; ++i) {
    const std::string& id = ids[chance() % ids.size()];
    Json address = stage.hub->row("users", id)["homeAddress"];
    address["line1"] = fmt::format("Storgata {}", 100 + round);
    stage.hub->patch_row("users", id, {{"homeAddress", address}, {"familyName", fmt::format("Berg {}", round)}});
    stage.tell(id);
  }
}

std::size_t added_people(const Stage& stage) {
  std::size_t count = 0;
  for (const auto& call : stage.provider->calls()) {
    const bool posts = call.call.method == "POST" && call.call.path.ends_with("/Employees");
    if (posts && call.answer.status < 300) ++count;
  }
  return count;
}

std::string add_person(Stage& stage, unsigned round) {
  const std::string id = fmt::format("5a5a5a5a-0000-4000-8000-{:012}", round);
  Json made = stage.hub->row("users", stage.hub_ids().front());
  made["id"] = id;
  made["email"] = fmt::format("ny.person{}@example.com", round);
  made["givenName"] = fmt::format("Ny {}", round);  // nobody who might be meant is there yet
  made["birthDate"] = fmt::format("1990-{:02}-{:02}", 1 + round % 12, 1 + round % 28);
  made["phone"] = fmt::format("+479{:07}", 1000 + round);
  made["employmentId"] = std::to_string(5000 + round);
  made["identifications"] = Json::array();
  made["bankAccount"] = Json::object();
  made["positions"] = Json::array();
  stage.hub->put_row("users", id, made);
  stage.tell(id, Event::added);
  return id;
}

struct Kills {
  std::map<std::string, int> landed;  // by step
  int rounds = 0;
};

// Workers die one after the other until one is done; then the next change.
Kills kill_often(Stage& stage, int kills, const std::function<void(unsigned)>& change) {
  Kills kills_done;
  std::minstd_rand chance(4711);
  unsigned round = 0;
  int killed = 0;
  while (killed < kills) {
    change(round++);
    for (int tries = 0; tries < 6; ++tries) {
      const bool any_time = chance() % 4 == 0;
      const std::string step =
          any_time ? fmt::format("after-{}", 20 + chance() % 400) : steps[static_cast<unsigned>(killed) % steps.size()];
      const std::string end = stage.work_apart(fmt::format("{} {}", step, 1 + chance() % 2));
      if (end == "done") break;
      REQUIRE(end == "killed");
      ++kills_done.landed[any_time ? "any" : step];
      ++killed;
    }
    REQUIRE(stage.work_apart("") == "done");
  }
  kills_done.rounds = static_cast<int>(round);
  return kills_done;
}

// The street numbers that were written to each employee, in their order, never go back.
void check_order(const Stage& stage) {
  std::map<std::string, int> last;
  for (const auto& call : stage.provider->calls()) {
    const std::size_t at = call.call.body.find("Storgata ");
    if (call.call.method == "GET" || at == std::string::npos) continue;
    const int number = std::atoi(call.call.body.c_str() + at + 9);
    CHECK(last[call.call.target] <= number);
    last[call.call.target] = number;
  }
  CHECK_FALSE(last.empty());
}

}  // namespace

TEST_CASE("a worker killed at any step loses no change, doubles none, and keeps the order") {
  const std::string kind = GENERATE(both_stores());
  Stage stage({.store = kind, .provider = "netvisor", .people = 6, .creates = false});
  stage.activate();
  stage.forget_calls();
  stage.provider->add_fault({{"kind", "latency"}, {"path", "patchemployee"}, {"milliseconds", 40}, {"times", -1}});
  const Kills kills = kill_often(stage, 28, [&](unsigned round) { edit(stage, round); });
  for (const std::string& step : steps) {
    INFO(step);
    CHECK(kills.landed.contains(step));
  }
  check_order(stage);
  for (const Problem& problem : stage.problems()) FAIL_CHECK(kind << ": " << problem.field << ": " << problem.what);

  Stage calm({.store = "sqlite", .provider = "netvisor", .people = 6, .creates = false});
  calm.activate();
  for (int round = 0; round < kills.rounds; ++round) edit(calm, static_cast<unsigned>(round));
  calm.work();
  CHECK(stage.employees() == calm.employees());
}

TEST_CASE("somebody who is being added is added once, whenever the worker is killed, also where reads lag behind") {
  const std::string kind = GENERATE(both_stores());
  Stage stage({.store = kind, .people = 3});
  stage.activate();
  stage.forget_calls();
  stage.provider->set_knob("replica_lag_ms", "300");
  stage.provider->add_fault(
      {{"kind", "latency"}, {"method", "POST"}, {"path", "Employees"}, {"milliseconds", 40}, {"times", -1}});
  const Kills kills = kill_often(stage, 12, [&](unsigned round) { add_person(stage, round); });
  CHECK(kills.landed.contains("during-call"));
  CHECK(kills.landed.contains("after-call"));
  CHECK(added_people(stage) == static_cast<std::size_t>(kills.rounds));
  CHECK(stage.employees().size() == 3U + static_cast<std::size_t>(kills.rounds));
  for (unsigned round = 0; round < static_cast<unsigned>(kills.rounds); ++round) {
    const std::string id = fmt::format("5a5a5a5a-0000-4000-8000-{:012}", round);
    const std::optional<StoredLink> link = stage.link_of(id);
    REQUIRE(link);
    CHECK(link->link.state == LinkState::linked);
    CHECK_FALSE(link->link.base.empty());
  }
}

TEST_CASE("when the database's primary is killed amid pushes and a standby takes over, no change is lost or doubled") {
  PostgresServer primary;
  PostgresServer standby(&primary);
  primary.query(primary.conninfo("postgres"), "alter system set synchronous_standby_names = 'standby'");
  primary.query(primary.conninfo("postgres"), "select pg_reload_conf()");
  const std::string where = fmt::format(
      "postgresql:host=127.0.0.1,127.0.0.1 port={},{} user=postgres dbname=postgres target_session_attrs=read-write",
      primary.port(), standby.port());
  Stage stage({.store = where, .provider = "netvisor", .people = 6, .creates = false});
  stage.activate();
  stage.forget_calls();
  stage.provider->add_fault({{"kind", "latency"}, {"path", "patchemployee"}, {"milliseconds", 60}, {"times", -1}});
  for (unsigned round = 0; round < 8; ++round) edit(stage, round);
  std::thread trouble([&] {
    for (int i = 0; i < 2000 && stage.writes() < 2; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    primary.kill();
    standby.promote();
  });
  const std::string end = stage.work_apart("");
  trouble.join();
  CHECK(end == "done");
  check_order(stage);
  CHECK(stage.problems().empty());
  Stage calm({.store = "sqlite", .provider = "netvisor", .people = 6, .creates = false});
  calm.activate();
  for (unsigned round = 0; round < 8; ++round) edit(calm, round);
  calm.work();
  CHECK(stage.employees() == calm.employees());
}

TEST_CASE("a thousand kills", "[long]") {
  const std::string kind = GENERATE(both_stores());
  const char* fewer = std::getenv("DOVETAIL_TEST_KILLS");
  Stage stage({.store = kind, .provider = "netvisor", .people = 20, .creates = false});
  stage.activate();
  stage.provider->add_fault({{"kind", "latency"}, {"path", "patchemployee"}, {"milliseconds", 40}, {"times", -1}});
  const Kills kills =
      kill_often(stage, fewer != nullptr ? std::atoi(fewer) : 1000, [&](unsigned round) { edit(stage, round); });
  for (const std::string& step : steps) {
    INFO(step);
    CHECK(kills.landed.contains(step));
  }
  Stage calm({.store = "sqlite", .provider = "netvisor", .people = 20, .creates = false});
  calm.activate();
  for (int round = 0; round < kills.rounds; ++round) edit(calm, static_cast<unsigned>(round));
  calm.work();
  CHECK(stage.employees() == calm.employees());
}

// Records that take several calls to make: whichever of them is the last one before a kill, or loses its answer, the
// person is there once in the end, with everything.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <thread>

#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

namespace {

struct Call {
  std::string system, method, path;
};

// In the order in which a creation makes them.
const std::vector<Call>& calls_of(const std::string& system) {
  static const std::vector<Call> poweroffice_go = {{"poweroffice_go", "POST", "v2/Employees"},
                                                   {"poweroffice_go", "POST", "ContactBankAccounts"},
                                                   {"poweroffice_go", "PATCH", "BankAccounts"}};
  static const std::vector<Call> finago = {{"finago", "POST", "/employee/"}, {"finago", "POST", "/employment/"}};
  static const std::vector<Call> netvisor = {{"netvisor", "POST", "employee.nv"}};
  return system == "finago" ? finago : system == "netvisor" ? netvisor : poweroffice_go;
}

std::vector<Call> every_call() {
  std::vector<Call> all;
  for (const char* system : {"poweroffice_go", "finago", "netvisor"}) {
    all.insert(all.end(), calls_of(system).begin(), calls_of(system).end());
  }
  return all;
}

// Somebody who is to be added, with a bank account and a position.
std::string add_person(Stage& stage, const std::string& system) {
  const std::vector<std::string> ids = stage.hub_ids();
  if (system == "netvisor") {  // which demands an identity code: somebody is not there yet
    const Json rows = stage.provider->rows("employees");
    for (const auto& [id, row] : rows.items()) {
      if (row["email"] == stage.hub->row("users", ids.back())["email"]) stage.provider->remove_row("employees", id);
    }
    return ids.back();
  }
  Json made = stage.hub->row("users", ids.front());
  made["id"] = "5a5a5a5a-0000-4000-8000-000000000001";
  made["email"] = "ny.person@example.com";
  made["givenName"] = "Nyansatt";
  made["familyName"] = "Lunde";
  made["birthDate"] = "1990-05-05";
  made["phone"] = "+4791111111";
  made["employmentId"] = "7001";
  made["gender"] = nullptr;
  made["identifications"] = Json::array();
  Json position = made["positions"].at(0);
  position["id"] = "5a5a5a5a-0000-4000-8000-0000000000b1";
  made["positions"] = Json::array({position});
  stage.hub->put_row("users", made["id"], made);
  return made["id"];
}

// What the provider remembers but for ids: its people with what else is kept of them.
std::vector<std::string> remembered(const Stage& stage, const std::string& system) {
  std::vector<std::string> all;
  for (const Json& row : stage.employees()) all.push_back(row.dump());
  const std::string others = system == "poweroffice_go" ? "bank_accounts" : "";
  if (others.empty()) return all;
  const Json rows = stage.provider->rows(others);
  for (const auto& [key, row] : rows.items()) {
    std::string text;
    for (const auto& [name, value] : row.items()) {
      if (name.find("Id") == std::string::npos && name.find("id") == std::string::npos &&
          name.find("DateTime") == std::string::npos) {
        text += name + "=" + value.dump() + ";";
      }
    }
    all.push_back(text);
  }
  std::ranges::sort(all);
  return all;
}

Decisions everything() {
  Decisions decisions;
  decisions.accept_preselected = true;
  decisions.bulk = Choice::hub;
  decisions.create_in = {false, true};
  decisions.answers.push_back({"Payroll rule group", {}, {}, "Kuukausipalkka"});
  return decisions;
}

RunId start_run(Stage& stage) {
  const Means with = stage.means();
  const auto opened = stage.open();
  auto run = ManualRun::start(with, *opened, "a test");
  if (!run) FAIL(run.error().what);
  REQUIRE(run->decide(everything()));
  return run->run().id;
}

ManualRun::Done finish_run(Stage& stage, RunId id) {
  const Means with = stage.means();
  const auto opened = stage.open();
  auto run = ManualRun::resume(with, *opened, id);
  if (!run) FAIL(run.error().what);
  auto done = run->apply(std::chrono::seconds(10));
  if (!done) FAIL(done.error().what);
  return std::move(*done);
}

StageOptions options_of(const std::string& system) {
  return {.provider = system, .people = 2, .creates = system == "poweroffice_go"};
}

const std::vector<std::string>& uninterrupted(const std::string& system) {
  static std::map<std::string, std::vector<std::string>> known;
  const auto [of, is_new] = known.try_emplace(system);
  if (!is_new) return of->second;
  Stage calm(options_of(system));
  add_person(calm, system);
  const ManualRun::Done done = finish_run(calm, start_run(calm));
  CHECK(done.applied.count(Outcome::Kind::done) == done.applied.outcomes.size());
  CHECK(calm.employees().size() == (system == "netvisor" ? 2U : 3U));
  of->second = remembered(calm, system);
  return of->second;
}

void check_whole(Stage& stage, const Call& call, const std::string& person) {
  CHECK(remembered(stage, call.system) == uninterrupted(call.system));
  for (const Problem& problem : stage.problems()) FAIL_CHECK(problem.field << ": " << problem.what);
  const auto link = stage.link_of(person);
  REQUIRE(link);
  CHECK(link->link.state == LinkState::linked);
  stage.forget_calls();
  stage.tell(person);
  stage.work();
  CHECK(stage.writes() == 0);
}

}  // namespace

TEST_CASE("a run killed at any call of a creation that takes several is resumed, and the record is whole") {
  const Call call = GENERATE(from_range(every_call()));
  INFO(call.system << ": " << call.path);
  Stage stage(options_of(call.system));
  const std::string person = add_person(stage, call.system);
  const RunId id = start_run(stage);
  stage.provider->add_fault(
      {{"kind", "latency"}, {"method", call.method}, {"path", call.path}, {"milliseconds", 900}, {"times", -1}});
  stage.forget_calls();
  REQUIRE(stage.work_apart(fmt::format("amid-creation 1 run {}", id)) == "killed");
  stage.provider->clear_faults();
  const ManualRun::Done done = finish_run(stage, id);
  CHECK(done.finished);
  CHECK(done.applied.count(Outcome::Kind::done) == done.applied.outcomes.size());
  check_whole(stage, call, person);
}

TEST_CASE("a call of a creation whose answer is lost, or that fails, leaves the record whole and nobody doubled") {
  const Call call = GENERATE(from_range(every_call()));
  const bool after = GENERATE(true, false);
  INFO(call.system << ": " << call.path << (after ? ", its answer lost" : ", not carried out"));
  Stage stage(options_of(call.system));
  const std::string person = add_person(stage, call.system);
  const RunId id = start_run(stage);
  stage.provider->add_fault({{"kind", "status"},
                             {"status", 503},
                             {"after", after},
                             {"method", call.method},
                             {"path", call.path},
                             {"times", 1}});
  finish_run(stage, id);
  for (int turn = 0; turn < 40 && stage.connection().state != ConnectionState::active; ++turn) {
    finish_run(stage, start_run(stage));  // what was not there yet is offered by the next run
  }
  const Means with = stage.means();
  Worker worker(with, {.name = "test", .threads = 2, .poll = std::chrono::milliseconds(10), .sweep = {}});
  const Result<void> worked = worker.run_until_quiet();
  if (!worked) FAIL(worked.error().what);
  std::this_thread::sleep_for(with.limits.replica_lag);
  Worker later(with, {.name = "later", .threads = 2, .poll = std::chrono::milliseconds(10), .sweep = {}});
  REQUIRE(later.run_until_quiet());
  if (!stage.link_of(person)) finish_run(stage, start_run(stage));  // the first call failed: nobody was made
  check_whole(stage, call, person);
}

// --- the same towards the hub ---

namespace {

Decisions everything_in_the_hub() {
  Decisions decisions;
  decisions.accept_preselected = true;
  decisions.create_in = {true, false};
  return decisions;
}

// Of two people in the provider one is gone from the hub. Their e-mail address.
std::string remove_from_hub(Stage& stage) {
  const std::string id = stage.hub_ids().front();
  const std::string email = stage.hub->row("users", id)["email"];
  stage.hub->remove_row("users", id);
  return email;
}

RunId start_hub_run(Stage& stage) {
  const Means with = stage.means();
  const auto opened = stage.open();
  auto run = ManualRun::start(with, *opened, "a test");
  if (!run) FAIL(run.error().what);
  REQUIRE(run->decide(everything_in_the_hub()));
  return run->run().id;
}

std::size_t count_of(const Stage& stage, const std::string& email) {
  const Json rows = stage.hub->rows("users");
  return static_cast<std::size_t>(
      std::ranges::count_if(rows.items(), [&](const auto& row) { return row.value()["email"] == email; }));
}

// There once, linked once, with nothing in the log, and the next run finds nothing to write.
void check_made_once(Stage& stage, const std::string& email) {
  CHECK(count_of(stage, email) == 1);
  for (const Problem& problem : stage.problems()) FAIL_CHECK(problem.field << ": " << problem.what);
  std::map<std::string, int> linked;
  const Result<void> read = stage.store->read([&](Transaction& now) -> Result<void> {
    const auto links = now.links(stage.id);
    if (!links) return std::unexpected(links.error());
    for (const StoredLink& link : *links) ++linked[link.link.provider_id];
    return {};
  });
  REQUIRE(read);
  CHECK(linked.size() == 2);
  for (const auto& [id, times] : linked) CHECK(times == 1);
  const ManualRun::Done next = finish_run(stage, start_hub_run(stage));
  CHECK(next.applied.outcomes.empty());
}

}  // namespace

TEST_CASE("a creation in the hub that was killed is searched for, not sent again") {
  const std::string step =
      GENERATE(values<std::string>({"after-intent", "amid-creation", "after-call", "before-base"}));
  const bool twice = GENERATE(false, true);
  INFO(step << (twice ? ", twice" : ""));
  Stage stage({.provider = "poweroffice_go", .people = 2, .creates = false});
  const std::string email = remove_from_hub(stage);
  const RunId id = start_hub_run(stage);
  if (step == "amid-creation") {
    stage.hub->add_fault(
        {{"kind", "latency"}, {"method", "POST"}, {"path", "/users"}, {"milliseconds", 900}, {"times", 1}});
  }
  REQUIRE(stage.work_apart(fmt::format("{} 1 run {}", step, id)) == "killed");
  if (twice) stage.work_apart(fmt::format("before-base 1 run {}", id));
  stage.hub->clear_faults();
  const ManualRun::Done done = finish_run(stage, id);
  CHECK(done.finished);
  CHECK(done.applied.count(Outcome::Kind::done) == done.applied.outcomes.size());
  check_made_once(stage, email);
}

TEST_CASE("a run that is started while a creation in the hub is in doubt finds out first") {
  Stage stage({.provider = "poweroffice_go", .people = 2, .creates = false});
  const std::string email = remove_from_hub(stage);
  REQUIRE(stage.work_apart(fmt::format("after-call 1 run {}", start_hub_run(stage))) == "killed");
  const ManualRun::Done done = finish_run(stage, start_hub_run(stage));
  CHECK(done.applied.count(Outcome::Kind::moved) == 0);
  check_made_once(stage, email);
}

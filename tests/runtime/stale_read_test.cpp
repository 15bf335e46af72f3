// A system that answers from a replica for a while shows values from before a write of a moment ago.
#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

#include "engine/runtime/run/undo.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

namespace {

constexpr auto lag = "500";  // milliseconds; less than the runtime allows a replica

// Everything that is due, and what was put off, until a replica cannot lag any more.
void work_past_the_lag(Stage& stage) {
  const auto until = std::chrono::steady_clock::now() + test_limits().replica_lag + std::chrono::milliseconds(300);
  while (std::chrono::steady_clock::now() < until) {
    stage.work();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  stage.work();
}

struct Scene {
  Scene() {
    stage.activate();
    id = stage.hub_ids().front();
    name = stage.hub->row("users", id)["givenName"];
    stage.provider->set_knob("replica_lag_ms", lag);
  }
  void rename(const std::string& to) {
    stage.hub->patch_row("users", id, {{"givenName", to}});
    stage.tell(id);
  }
  Plan look() {
    const auto opened = stage.open();
    const Means means = stage.means();
    auto run = ManualRun::look(means, *opened);
    if (!run) FAIL(run.error().what);
    return run->make_plan();
  }

  Stage stage;
  std::string id, name;
};

}  // namespace

TEST_CASE("a name that is corrected back within the replica's lag is corrected in the provider, too") {
  Scene scene;
  scene.rename("Wrong");
  scene.stage.work();
  CHECK(scene.stage.employee_of(scene.id)["FirstName"] == "Wrong");
  scene.rename(scene.name);
  work_past_the_lag(scene.stage);
  CHECK(scene.stage.employee_of(scene.id)["FirstName"] == scene.name);
  CHECK(scene.stage.problems().empty());
}

TEST_CASE("a phone number that is cleared and entered again within the replica's lag is there again") {
  Scene scene;
  const Json phone = scene.stage.hub->row("users", scene.id)["phone"];
  REQUIRE(phone.is_string());
  scene.stage.hub->patch_row("users", scene.id, {{"phone", nullptr}});
  scene.stage.tell(scene.id);
  scene.stage.work();
  const Json before = scene.stage.employee_of(scene.id)["PhoneNumber"];
  CHECK((before.is_null() || before == ""));
  scene.stage.hub->patch_row("users", scene.id, {{"phone", phone}});
  scene.stage.tell(scene.id);
  work_past_the_lag(scene.stage);
  CHECK(scene.stage.employee_of(scene.id)["PhoneNumber"].is_string());
  CHECK_FALSE(scene.stage.employee_of(scene.id)["PhoneNumber"] == "");
}

TEST_CASE("an account that is corrected back within the replica's lag is the one that is paid to") {
  Scene scene;
  const Json account = scene.stage.hub->row("users", scene.id)["bankAccount"];
  const auto paid_to = [&] {
    const Json row = scene.stage.employee_of(scene.id);
    return scene.stage.provider->row("bank_accounts", std::to_string(row["SalaryBankAccountId"].get<long>()));
  };
  REQUIRE(account.is_object());
  const Json before = paid_to();
  Json other = account;
  other["number"] = "12345000044";
  scene.stage.hub->patch_row("users", scene.id, {{"bankAccount", other}});
  scene.stage.tell(scene.id);
  scene.stage.work();
  scene.stage.hub->patch_row("users", scene.id, {{"bankAccount", account}});
  scene.stage.tell(scene.id);
  work_past_the_lag(scene.stage);
  CHECK(paid_to()["BankAccountNumber"] == before["BankAccountNumber"]);
}

TEST_CASE("an account that a run has changed is not in doubt because a replica shows it a little later") {
  Scene scene;
  scene.stage.provider->set_knob("replica_lag_ms", "700");
  scene.stage.provider->set_knob("salary_answer", "employee");
  Json account = scene.stage.hub->row("users", scene.id)["bankAccount"];
  REQUIRE(account.is_object());
  account["number"] = "12345000044";
  scene.stage.hub->patch_row("users", scene.id, {{"bankAccount", account}});
  const auto opened = scene.stage.open();
  const Means means = scene.stage.means();
  auto run = ManualRun::start(means, *opened, "a test");
  if (!run) FAIL(run.error().what);
  Decisions decisions;
  decisions.bulk = Choice::hub;
  REQUIRE(run->decide(decisions));
  const auto done = run->apply(std::chrono::seconds(5));
  if (!done) FAIL(done.error().what);
  CHECK(done->applied.count(Outcome::Kind::unknown) == 0);
  CHECK(done->applied.count(Outcome::Kind::done) >= 1);
  CHECK(scene.stage.problems().empty());
}

TEST_CASE("a run right after a push takes the provider's value from before it for no change") {
  Scene scene;
  scene.rename("Correct");
  scene.stage.work();
  const Plan plan = scene.look();
  CHECK(plan.operations.empty());
  CHECK(scene.stage.hub->row("users", scene.id)["givenName"] == "Correct");
}

TEST_CASE("a run right after a run takes the provider's values from before it for no change") {
  Scene scene;
  scene.stage.hub->patch_row("users", scene.id, {{"givenName", "Correct"}});
  scene.stage.synchronise();
  CHECK(scene.stage.employee_of(scene.id)["FirstName"] == "Correct");
  CHECK(scene.look().operations.empty());
}

TEST_CASE("a write of a moment ago can be undone though a replica does not show it yet") {
  Scene scene;
  scene.stage.hub->patch_row("users", scene.id, {{"givenName", "Correct"}});
  scene.stage.synchronise();
  const auto runs = scene.stage.store.read([&](Transaction& now) { return now.runs(scene.stage.id); });
  REQUIRE_FALSE(runs.empty());
  const RunId run_id = std::ranges::max(runs, {}, &Run::id).id;
  const auto opened = scene.stage.open();
  const auto undone = undo(scene.stage.means(), *opened, run_id, 0, "somebody", std::chrono::seconds(5));
  if (!undone) FAIL(undone.error().what);
  CHECK(undone->left.empty());
  CHECK(scene.stage.employee_of(scene.id)["FirstName"] == scene.name);
}

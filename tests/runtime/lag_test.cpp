// A provider whose reads lag behind its writes.
#include <catch2/catch.hpp>

#include <atomic>
#include <map>
#include <mutex>

#include "engine/runtime/write/records.hpp"
#include "tests/forwarding_system.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

namespace {

// Answers, while it lags, with what it answered first.
struct Lag {
  std::atomic<bool> on = false;
  std::mutex mutex;
  std::map<std::string, Snapshot, std::less<>> old;
  std::size_t slots = 0;  // of a whole record
};

class LaggingSystem : public ForwardingSystem {
 public:
  LaggingSystem(std::unique_ptr<System> below, Lag& lag) : ForwardingSystem(std::move(below)), lag_(lag) {}
  Result<bool> get(std::string_view id, Snapshot& into) override {
    if (!lag_.on) return below().get(id, into);
    // Only whole records lag: one that is read in part, right before a write, is laid out in its own way.
    if (into.layout().slots.size() < lag_.slots) return below().get(id, into);
    const std::lock_guard lock(lag_.mutex);
    lag_.slots = into.layout().slots.size();
    auto old = lag_.old.find(id);
    if (old == lag_.old.end()) {
      Snapshot fresh(into.layout());
      const Result<bool> there = below().get(id, fresh);
      if (!there || !*there) return there;
      old = lag_.old.emplace(std::string(id), std::move(fresh)).first;
    }
    copy_record(old->second, 0, into);
    return true;
  }

 private:
  Lag& lag_;
};

class LaggingOpener : public Opener {
 public:
  LaggingOpener(Opener& below, Lag& lag) : below_(below), lag_(lag) {}
  Result<std::unique_ptr<Opened>> open(const Connection& connection, CivilDay today) override {
    auto opened = below_.open(connection, today);
    if (!opened) return opened;
    std::unique_ptr<System>& provider = (*opened)->systems[ir::at(ir::Side::provider)];
    provider = std::make_unique<LaggingSystem>(std::move(provider), lag_);
    return opened;
  }

 private:
  Opener& below_;
  Lag& lag_;
};

std::size_t periods_of(const Stage& stage, const std::string& id) { return stage.employee_of(id)["periods"].size(); }

}  // namespace

TEST_CASE("an element that a lagging provider does not show yet is not added again when the person changes") {
  Stage stage({.provider = "netvisor", .people = 3, .creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  Lag lag;
  LaggingOpener opener(*stage.opener, lag);
  const Means plain = stage.means();
  const Means means{.store = plain.store,
                    .clock = plain.clock,
                    .opener = opener,
                    .telemetry = plain.telemetry,
                    .limits = plain.limits};
  const auto work = [&](bool until_quiet) {
    Worker worker(means, {.name = "lagging", .threads = 2, .poll = std::chrono::milliseconds(10), .sweep = {}});
    const Result<void> worked = until_quiet ? worker.run_until_quiet() : worker.run_until_idle();
    if (!worked) FAIL(worked.error().what);
  };
  const std::size_t before = periods_of(stage, id);
  lag.on = true;
  Json positions = stage.hub->row("users", id)["positions"];
  Json added = positions.at(0);
  added["id"] = "7b7b7b7b-0000-4000-8000-000000000001";
  added["contractStartDate"] = "2031-02-01";
  added["contractEndDate"] = nullptr;
  positions.push_back(added);
  stage.hub->patch_row("users", id, {{"positions", positions}});
  stage.tell(id);
  work(false);
  REQUIRE(periods_of(stage, id) == before + 1);

  stage.hub->patch_row("users", id, {{"familyName", "Lunde"}});
  stage.tell(id);
  work(false);
  CHECK(periods_of(stage, id) == before + 1);
  SECTION("it shows in time") { lag.on = false; }
  SECTION("it never shows where it was looked for, but the record as a whole is up to date after the longest lag") {
    std::this_thread::sleep_for(means.limits.replica_lag);
    lag.on = false;
  }
  for (int turn = 0; turn < 60 && stage.employee_of(id)["lastname"] != "Lunde"; ++turn) {
    work(true);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  CHECK(stage.employee_of(id)["lastname"] == "Lunde");
  CHECK(periods_of(stage, id) == before + 1);
  CHECK(stage.store.read([&](Transaction& now) { return now.open_intents(stage.id, id); }).empty());
  // The two are partners from now on.
  positions.back()["title"] = "Architect";
  stage.hub->patch_row("users", id, {{"positions", positions}});
  stage.tell(id);
  work(true);
  CHECK(periods_of(stage, id) == before + 1);
  for (const Problem& problem : stage.problems()) FAIL_CHECK(problem.field << ": " << problem.what);
}

// Workers that stood still, and came back when the person was somebody else's.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <semaphore>

#include "engine/runtime/lease_name.hpp"
#include "engine/runtime/run/hold.hpp"
#include "tests/runtime/other_clock.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

namespace {

// As a machine's clock is after it slept: the time of day went on, the other stood still.
class SleepingClock : public Clock {
 public:
  std::chrono::steady_clock::time_point now() override { return below_.now(); }
  std::chrono::system_clock::time_point wall_time() override { return below_.wall_time() + slept_.load(); }
  void sleep(std::chrono::milliseconds time) override { below_.sleep(time); }
  void sleep_through(std::chrono::milliseconds time) { slept_ = time; }

 private:
  providers::SystemClock below_;
  std::atomic<std::chrono::milliseconds> slept_{std::chrono::milliseconds(0)};
};

void work(const Means& with) {
  Worker worker(with, {.name = "test", .threads = 4, .poll = std::chrono::milliseconds(10), .sweep = {}});
  const Result<void> worked = worker.run_until_quiet();
  if (!worked) FAIL(worked.error().what);
}

}  // namespace

TEST_CASE("a worker forgets as soon as the store says by now, whatever it began with") {
  Stage stage;
  const Instant long_ago = now(stage.means()) - std::chrono::hours(24 * 3);
  stage.store.write([&](Transaction& transaction) -> Result<void> {
    if (Result<void> told = transaction.report({.connection = stage.id, .first = long_ago, .last = long_ago}); !told)
      return told;
    if (Result<void> over = transaction.solve(stage.id, {}, {}, {}, long_ago); !over) return over;
    return transaction.put_setting(keep_days_setting, "1");
  });
  const auto solved = [&] { return stage.store.read([&](Transaction& now) { return now.problems(stage.id, true); }); };
  REQUIRE(solved().size() == 1);
  stage.work();
  CHECK(solved().empty());
}

TEST_CASE("a worker that slept past its lease between the intent and the call does not make the call") {
  Stage stage;
  stage.activate();
  stage.forget_calls();
  const std::string id = stage.hub_ids().front();
  stage.hub->patch_row("users", id, {{"givenName", "Synnøve"}});
  stage.tell(id);
  SleepingClock clock;
  Means with = {.store = *stage.store,
                .clock = clock,
                .opener = *stage.opener,
                .telemetry = stage.telemetry,
                .limits = test_limits()};
  std::atomic<bool> slept = false;
  std::atomic<std::size_t> writes_then = 99;
  with.at_step = [&](std::string_view step) {
    if (step == "after-intent" && !slept.exchange(true)) clock.sleep_through(std::chrono::minutes(1));
    if (step == "after-call" && writes_then == 99) writes_then = stage.writes();
  };
  work(with);
  CHECK(writes_then == 0);
  CHECK(stage.writes() == 1);  // tried again, with a lease of now
  CHECK(stage.employee_of(id)["FirstName"] == "Synnøve");
}

TEST_CASE("a write that ends after another worker's work puts the person back, and the log says so") {
  Stage stage;
  stage.activate();
  const std::string id = stage.hub_ids().front();
  const std::string before = stage.hub->row("users", id)["givenName"];
  stage.hub->patch_row("users", id, {{"givenName", "First"}});
  stage.tell(id);
  Means with = stage.means();
  with.limits.lease = std::chrono::seconds(1);
  std::atomic<bool> done = false;
  with.at_step = [&](std::string_view step) {
    if (step != "before-base" || done.exchange(true)) return;
    // What another worker would have agreed on meanwhile.
    stage.hub->patch_row("users", id, {{"givenName", "Second"}});
    StoredLink link = stage.link_of(id).value();
    for (FieldBase& base : link.link.base) {
      for (Few<BasePart>* parts : {&base.hub, &base.provider}) {
        for (BasePart& part : *parts) {
          if (part.value.text == before) part.value.text = "Second";
        }
      }
    }
    stage.store.write([&](Transaction& now) -> Result<void> {
      auto put = now.put_link(stage.id, link);
      return put ? Result<void>{} : std::unexpected(put.error());
    });
  };
  work(with);
  CHECK(done);
  CHECK(stage.employee_of(id)["FirstName"] == "Second");
  const auto all = stage.store.read([&](Transaction& now) { return now.problems(stage.id, true); });
  CHECK(std::ranges::count(all, Reason::in_doubt, &Problem::reason) == 1);
}

TEST_CASE("a worker that stood still while a manual run took the connection does not make its call afterwards") {
  Stage stage;
  stage.activate();
  stage.forget_calls();
  const std::string id = stage.hub_ids().front();
  stage.hub->patch_row("users", id, {{"givenName", "Synnøve"}});
  stage.tell(id);
  OtherClock clock;
  Means with = {.store = *stage.store,
                .clock = clock,
                .opener = *stage.opener,
                .telemetry = stage.telemetry,
                .limits = test_limits()};
  const Means of_run = with;
  std::optional<Hold> hold;
  std::atomic<bool> stood = false;
  std::atomic<std::size_t> writes_then = 99;
  std::counting_semaphore<> renewed(0);
  with.at_step = [&](std::string_view step) {
    if (step == "renewed") renewed.release();
    if (step == "after-intent" && !stood.exchange(true)) {
      bool taken = false;
      for (int i = 0; i < 100 && !taken; ++i) {  // the worker may be quicker
        hold.emplace(of_run, stage.id, 1);
        clock.pass(with.limits.lease + std::chrono::seconds(1));
        taken = hold->take(std::chrono::milliseconds(0)).has_value();
      }
      CHECK(taken);
      while (renewed.try_acquire()) continue;
      for (int i = 0; i < 2; ++i) {  // the second one began after the run had it
        clock.pass(with.limits.lease / 2);
        renewed.acquire();
      }
    }
    if (step == "after-call" && writes_then == 99) {
      writes_then = stage.writes();
      hold.reset();
    }
  };
  work(with);
  CHECK(writes_then == 0);
  CHECK(stage.writes() == 1);  // when the run was over
  CHECK(stage.employee_of(id)["FirstName"] == "Synnøve");
}

TEST_CASE("a manual run waits for a lane that is at work, though the connection's lease is over") {
  const std::string kind = GENERATE(both_stores());
  Stage stage({.store = kind, .people = 2, .creates = false});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  stage.tell(id);
  const Means with = stage.means();
  const Instant time = now(with);
  const auto lane_lease = GENERATE(std::chrono::seconds(600), std::chrono::seconds(-1));
  const std::vector<Claim> claims = stage.store.write([&](Transaction& now) -> Result<std::vector<Claim>> {
    const auto lease = now.take_lease(connection_lease(stage.id), "worker", time - std::chrono::hours(1),
                                      time - std::chrono::seconds(1));
    if (!lease) return std::unexpected(lease.error());
    return now.claim(stage.id, "worker", 1, time, time + lane_lease);
  });
  REQUIRE(claims.size() == 1);
  const auto take = [&] { return Hold(with, stage.id, 1).take(std::chrono::milliseconds(0)).has_value(); };
  if (lane_lease > std::chrono::seconds(0)) {
    CHECK_FALSE(take());
    CHECK(stage.store.write([&](Transaction& now) { return now.finish(claims.front(), std::nullopt); }));
  }
  CHECK(take());
  CHECK_FALSE(stage.store.write([&](Transaction& now) { return now.renew(claims.front(), time); }));
}

// Workers that stood still, and came back when the person was somebody else's.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>

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

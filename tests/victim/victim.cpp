// A worker in a process of its own, which kills itself (-9) at a named step of the journal: `victim WHERE STEP NTH`.
// Without a step it works until nothing is due. `victim WHERE STEP NTH run ID` carries out a manual run instead, `…
// start` starts one for the only connection, `… undo ID` puts back what a run replaced. "during-call" dies while a
// system answers, "amid-creation" a while later, at a call that hangs; "after-MS" at that many milliseconds after its
// start, whatever it does then.
#include <signal.h>
#include <unistd.h>

#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>

#include "engine/api/connection_opener.hpp"
#include "engine/runtime/run/manual_run.hpp"
#include "engine/runtime/run/undo.hpp"
#include "engine/runtime/work/worker.hpp"
#include "engine/store/open.hpp"
#include "tests/forwarding_system.hpp"
#include "tests/runtime/limits.hpp"

namespace {

using namespace dovetail;

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  while (true) ::pause();
}

void die_after(std::chrono::milliseconds time) {
  std::thread([time] {
    std::this_thread::sleep_for(time);
    die();
  }).detach();
}

// Counts writes, and dies within one of them.
class DyingSystem : public test::ForwardingSystem {
 public:
  DyingSystem(std::unique_ptr<System> below, std::atomic<int>& left, std::chrono::milliseconds later)
      : ForwardingSystem(std::move(below)), left_(left), later_(later) {}
  Result<Created> create(const std::vector<Change>& members, std::string_view reference) override {
    count();
    return below().create(members, reference);
  }
  Result<std::vector<ChangeOutcome>> update(std::string_view id, const std::vector<Change>& changes) override {
    count();
    return below().update(id, changes);
  }

 private:
  void count() {
    if (--left_ == 0) die_after(later_);
  }
  std::atomic<int>& left_;
  std::chrono::milliseconds later_;
};

class DyingOpener : public Opener {
 public:
  DyingOpener(Opener& below, int nth, std::chrono::milliseconds later) : below_(below), left_(nth), later_(later) {}
  Result<std::unique_ptr<Opened>> open(const Connection& connection, CivilDay today) override {
    auto opened = below_.open(connection, today);
    if (!opened) return opened;
    for (std::unique_ptr<System>& system : (*opened)->systems) {
      system = std::make_unique<DyingSystem>(std::move(system), left_, later_);
    }
    return opened;
  }

 private:
  Opener& below_;
  std::atomic<int> left_;
  std::chrono::milliseconds later_;
};

int say(const Error& error) {
  fmt::print("{}\n", error.what);
  return 2;
}

int carry_out_run(const Means& means, const std::string& what, RunId id) {
  std::vector<Connection> connections;
  const Result<void> read = means.store.read([&](Transaction& transaction) -> Result<void> {
    auto all = transaction.connections();
    if (!all) return std::unexpected(all.error());
    connections = std::move(*all);
    return {};
  });
  if (!read) return say(read.error());
  auto opened = means.opener.open(connections.at(0), today(means));
  if (!opened) return say(opened.error());
  if (what == "undo") {
    const auto undone = undo(means, **opened, id, 0, "a test", std::chrono::seconds(10));
    return undone ? 0 : say(undone.error());
  }
  const bool starts = what == "start";
  auto run = starts ? ManualRun::start(means, **opened, "a test") : ManualRun::resume(means, **opened, id);
  if (!run) return say(run.error());
  if (starts) return 0;
  const auto done = run->apply(std::chrono::seconds(10));
  return done ? 0 : say(done.error());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string where = argc > 1 ? argv[1] : "", step = argc > 2 ? argv[2] : "";
  std::atomic<int> left = argc > 3 ? std::atoi(argv[3]) : 1;
  KeyedHash::Key key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(7 + i);
  auto store = open_store(where, key, {});
  if (!store) {
    fmt::print("{}\n", store.error().what);
    return 2;
  }
  ConnectionOpener opener(**store);
  const bool amid = step == "amid-creation";
  DyingOpener dying(opener, step == "during-call" || amid ? left.load() : -1,
                    std::chrono::milliseconds(amid ? 450 : 15));
  if (step.starts_with("after-") && std::isdigit(static_cast<unsigned char>(step[6])) != 0) {
    die_after(std::chrono::milliseconds(std::atoi(step.c_str() + 6)));
  }
  providers::SystemClock clock;
  Telemetry telemetry(std::getenv("DOVETAIL_TEST_LOG") != nullptr ? Telemetry::Format::text : Telemetry::Format::none);
  const Means means{.store = **store,
                    .clock = clock,
                    .opener = dying,
                    .telemetry = telemetry,
                    .limits = test::test_limits(),
                    .at_step = [&](std::string_view at) {
                      if (at == step && --left == 0) die();
                    }};
  const std::string what = argc > 4 ? argv[4] : "";
  if (!what.empty()) return carry_out_run(means, what, argc > 5 ? std::atoi(argv[5]) : no_run);
  Worker worker(means, {.name = fmt::format("victim-{}", ::getpid()),
                        .threads = 2,
                        .poll = std::chrono::milliseconds(10),
                        .upkeep = std::chrono::milliseconds(100),
                        .sweep = {}});
  const Result<void> worked = worker.run_until_quiet();
  if (!worked) fmt::print("{}\n", worked.error().what);
  return worked ? 0 : 2;
}

// dovetail work: a worker, until it is told to stop.
#include <signal.h>
#include <unistd.h>

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <memory>
#include <optional>
#include <thread>

#include "engine/api/event_spool.hpp"
#include "engine/runtime/work/worker.hpp"
#include "engine/store/open.hpp"
#include "tools/dovetail/mail.hpp"
#include "tools/dovetail/places.hpp"
#include "tools/dovetail/rules_command.hpp"
#include "tools/dovetail/run_options.hpp"
#include "tools/dovetail/store_place.hpp"

namespace dovetail::tools {
namespace {

std::atomic<Worker*> running = nullptr;

std::atomic<bool> told_to_stop = false;
std::atomic<std::int64_t> told_at = 0;  // milliseconds of the machine's own clock

std::int64_t machine_time() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

constexpr std::int64_t grace = 500;       // for people at work to be finished
constexpr std::int64_t patience = 1'000;  // then a database that does not answer is waited for no more

bool has_been_stopped_for(std::int64_t time) { return told_to_stop && machine_time() - told_at >= time; }

void stop(int) {
  if (!told_to_stop) told_at = machine_time();
  told_to_stop = true;
  if (Worker* worker = running.load()) worker->stop();
}

std::string worker_name(const RunOptions& run) {
  if (!run.name.empty()) return run.name;
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return fmt::format("{}/{}", host.data(), ::getpid());
}

void write_metrics(const std::string& path, const Telemetry& telemetry) {
  const std::string made = path + ".new";
  std::ofstream(made, std::ios::binary) << telemetry.metrics();
  ::rename(made.c_str(), path.c_str());
}

// What goes on beside the worker: events that others left for it, numbers for monitoring, and others who want the
// store.
class Beside {
 public:
  Beside(const RunOptions& run, const std::string& place, Telemetry& telemetry)
      : run_(run), place_(place), telemetry_(telemetry) {}

  // true: somebody else wants the store, and the worker was told to stop.
  bool attend(const std::stop_token& stopping, Runtime& runtime, Worker& worker) {
    SpoolReader spool(place_, runtime, telemetry_);
    for (unsigned turn = 0; !stopping.stop_requested(); ++turn) {
      if (spool.look()) worker.wake();
      if (!run_.metrics_file.empty() && turn % 200 == 0) write_metrics(run_.metrics_file, telemetry_);
      if (!run_.until_idle && is_wanted(place_)) {
        worker.stop_after_people();
        return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    if (!run_.metrics_file.empty()) write_metrics(run_.metrics_file, telemetry_);
    return false;
  }

  std::map<ConnectionId, std::chrono::steady_clock::time_point> swept;  // over all stints
  std::shared_ptr<FirstLooks> first_looks = std::make_shared<FirstLooks>();

 private:
  const RunOptions& run_;
  std::string place_;
  Telemetry& telemetry_;
};

// A server that does not answer says nothing to whoever waits for it in a call of its library, and that call cannot be
// broken off. What it was told is durable, or is found out by reading back, as after any other end of the process; what
// this worker has is taken over at once, since its session is gone.
class Leaver {
 public:
  Leaver(const Runtime& runtime, Telemetry& telemetry)
      : thread_([&](const std::stop_token& stopping) {
          for (std::int64_t last_out = 0; !stopping.stop_requested();) {
            if (runtime.calls_out() > 0) last_out = machine_time();
            const bool may_leave = has_been_stopped_for(patience) && machine_time() - last_out >= patience;
            if (may_leave) leave(telemetry);
            std::this_thread::sleep_for(std::chrono::milliseconds(25));
          }
        }) {}

 private:
  [[noreturn]] static void leave(Telemetry& telemetry) {
    telemetry.log(Telemetry::Level::warning, "stopped",
                  {{"why", "told to stop, and the database does not answer: others take over what this worker had"}});
    ::_exit(clean);
  }
  std::jthread thread_;
};

struct Stint {
  Result<void> worked;
  bool gave_way = false;  // to somebody who wants the store
};

// Connections that go on by old rules.
void say_what_waits(Runtime& runtime) {
  std::vector<Connection> all;
  static_cast<void>(runtime.store().read([&](Transaction& transaction) -> Result<void> {
    auto found = transaction.connections();
    if (found) all = std::move(*found);
    return {};
  }));
  for (const Connection& connection : all) say_waiting_rules(runtime, connection.name);
}

// Mails wait for their server in a thread of their own; one that is slow does not keep the store from whoever wants it.
void tell_people(const std::stop_token& stopping, Runtime& runtime, Telemetry& telemetry) {
  std::chrono::steady_clock::time_point end{};
  const auto is_over = [&] {
    if (!stopping.stop_requested()) return false;
    const auto now = std::chrono::steady_clock::now();
    if (end == std::chrono::steady_clock::time_point{}) end = now + std::chrono::seconds(1);
    return now >= end;
  };
  const auto look = [&] {
    const auto told = send_waiting(runtime, is_over);
    if (!told) return telemetry.log(Telemetry::Level::warning, "mails not sent", {{"why", told.error().what}});
    if (told->failed > 0) telemetry.log(Telemetry::Level::warning, "mails not sent", {{"why", told->why}});
    if (told->told > 0) telemetry.log(Telemetry::Level::info, "mails sent", {{"count", std::to_string(told->told)}});
  };
  for (unsigned turn = 0; !stopping.stop_requested(); ++turn) {
    if (turn % 20 == 0) look();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  look();
}

Stint work_a_while(const RunOptions& run, Runtime& runtime, Telemetry& telemetry, Beside& beside) {
  const Means means{.store = runtime.store(),
                    .clock = runtime.clock(),
                    .opener = runtime.opener(),
                    .telemetry = telemetry,
                    .limits = runtime.means().limits,
                    .first_looks = beside.first_looks};
  Worker worker(means, {.name = worker_name(run),
                        .threads = run.threads,
                        .sweep = std::chrono::hours(run.until_idle ? 0 : run.sweep_hours),
                        .grace = std::chrono::milliseconds(grace),
                        .swept = &beside.swept});
  running = &worker;
  if (told_to_stop) worker.stop();
  Stint stint;
  {
    const std::jthread attending(
        [&](const std::stop_token& stopping) { stint.gave_way = beside.attend(stopping, runtime, worker); });
    const std::jthread telling([&](const std::stop_token& stopping) { tell_people(stopping, runtime, telemetry); });
    stint.worked = run.until_idle ? worker.run_until_quiet() : worker.run();
  }
  running = nullptr;
  return stint;
}

Result<void> check_metrics_file(const RunOptions& run, const StoreOptions& store) {
  if (run.metrics_file.empty()) return {};
  Places places;
  const std::string place = store_place(store), sqlite = "sqlite:";
  if (place.starts_with(sqlite)) places.reads("--store", place.substr(sqlite.size()));
  if (const std::string key = store_key_file(store); !key.empty()) places.reads("--key-file", key);
  places.writes("--metrics-file", run.metrics_file);
  return places.check();
}

// What the store says while it goes on or waits, and when it is to give up.
StoreTalk said_by(Telemetry& telemetry) {
  return {
      .say = [&telemetry](
                 const std::string& what) { telemetry.log(Telemetry::Level::warning, "the store", {{"what", what}}); },
      .gives_up = [] { return has_been_stopped_for(grace); }};
}

// A server that gives no connection now is asked again, ever more rarely; each time it is said why.
Result<std::unique_ptr<Runtime>> open_first(const RunOptions& run, const StoreOptions& store, Telemetry& telemetry) {
  for (std::chrono::milliseconds pause{500};; pause = std::min(2 * pause, std::chrono::milliseconds(10'000))) {
    auto runtime = open_runtime(store, false, std::chrono::seconds(2), !run.until_idle, said_by(telemetry));
    const bool is_crowded =
        !runtime && runtime.error().kind == Error::Kind::transient && runtime.error().retry_after.has_value();
    if (!is_crowded || run.until_idle) return runtime;
    telemetry.log(Telemetry::Level::warning, "waiting for the store",
                  {{"why", runtime.error().what}, {"again_in_ms", std::to_string(pause.count())}});
    std::this_thread::sleep_for(pause);
  }
}

// Waits for those who want the store to be done with it, however long they are.
Result<std::unique_ptr<Runtime>> open_again(const StoreOptions& store, Telemetry& telemetry) {
  for (auto told = std::chrono::steady_clock::now();;) {
    if (is_wanted(store_place(store)) && !told_to_stop) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      continue;
    }
    auto runtime = open_runtime(store, false, std::chrono::milliseconds(200), true, said_by(telemetry));
    if (runtime || runtime.error().kind != Error::Kind::transient || told_to_stop) return runtime;
    if (std::chrono::steady_clock::now() - told < std::chrono::minutes(1)) continue;
    told = std::chrono::steady_clock::now();
    telemetry.log(Telemetry::Level::warning, "still waiting for the store", {{"why", runtime.error().what}});
  }
}

}  // namespace

int work_command(const RunOptions& run, const StoreOptions& store) {
  if (const Result<void> fits = check_metrics_file(run, store); !fits) return refuse(fits.error());
  Telemetry telemetry(run.log == "json"   ? Telemetry::Format::json
                      : run.log == "none" ? Telemetry::Format::none
                                          : Telemetry::Format::text);
  auto runtime = open_first(run, store, telemetry);
  if (!runtime) return refuse(runtime.error());
  if (run.until_idle) {
    const auto taken = SpoolReader(store_place(store), **runtime, telemetry).take_in();
    if (!taken) return refuse(taken.error());
  }
  struct sigaction action{};
  action.sa_handler = stop;
  for (const int signal : {SIGTERM, SIGINT}) ::sigaction(signal, &action, nullptr);
  telemetry.log(Telemetry::Level::info, "working",
                {{"worker", worker_name(run)}, {"store", (*runtime)->store().describe()}});
  // Also while it waits before its first turn. A store on a server is nobody's alone and given to nobody: it stays
  // open.
  std::optional<Leaver> leaver;
  if (sqlite_file(store_place(store)).empty()) leaver.emplace(**runtime, telemetry);
  say_what_waits(**runtime);
  Beside beside(run, store_place(store), telemetry);
  while (true) {
    const Stint stint = work_a_while(run, **runtime, telemetry, beside);
    if (!stint.worked) return refuse(stint.worked.error());
    if (!stint.gave_way || told_to_stop) break;
    telemetry.log(Telemetry::Level::info, "the store is left to another process for a while", {});
    runtime->reset();
    runtime = open_again(store, telemetry);
    if (told_to_stop) break;
    if (!runtime) return refuse(runtime.error());
    telemetry.log(Telemetry::Level::info, "working again", {});
  }
  telemetry.log(Telemetry::Level::info, "stopped", {{"worker", worker_name(run)}});
  return clean;
}

}  // namespace dovetail::tools

// dovetail work: a worker, until it is told to stop.
#include <signal.h>
#include <unistd.h>

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <thread>

#include "engine/runtime/worker.hpp"
#include "tools/dovetail/event_spool.hpp"
#include "tools/dovetail/run_options.hpp"
#include "tools/dovetail/store_place.hpp"

namespace dovetail::tools {
namespace {

std::atomic<Worker*> running = nullptr;

void stop(int) {
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

// What goes on beside the worker: events that others left for it, and numbers for monitoring.
void attend(const std::stop_token& stopping, const RunOptions& run, const std::string& folder, Runtime& runtime,
            Telemetry& telemetry) {
  const auto complain = [&](const std::string& what) {
    telemetry.log(Telemetry::Level::error, "an event cannot be taken in", {{"why", what}});
  };
  for (unsigned turn = 0; !stopping.stop_requested(); ++turn) {
    if (!folder.empty()) {
      const auto taken = take_in_spooled(folder, runtime, complain);
      if (!taken) complain(taken.error().what);
    }
    if (!run.metrics_file.empty() && turn % 50 == 0) write_metrics(run.metrics_file, telemetry);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  if (!run.metrics_file.empty()) write_metrics(run.metrics_file, telemetry);
}

}  // namespace

int work_command(const RunOptions& run, const StoreOptions& store) {
  auto runtime = open_runtime(store);
  if (!runtime) return refuse(runtime.error());
  Telemetry telemetry(run.log == "json"   ? Telemetry::Format::json
                      : run.log == "none" ? Telemetry::Format::none
                                          : Telemetry::Format::text);
  const Means means{.store = (*runtime)->store(),
                    .clock = (*runtime)->clock(),
                    .opener = (*runtime)->opener(),
                    .telemetry = telemetry};
  const std::string folder = spool_folder(store_place(store));
  if (run.until_idle && !folder.empty()) {
    const auto taken = take_in_spooled(folder, **runtime, [](const std::string&) {});
    if (!taken) return refuse(taken.error());
  }
  Worker worker(means, {.name = worker_name(run),
                        .threads = run.threads,
                        .sweep = std::chrono::hours(run.until_idle ? 0 : run.sweep_hours)});
  running = &worker;
  struct sigaction action{};
  action.sa_handler = stop;
  for (const int signal : {SIGTERM, SIGINT}) ::sigaction(signal, &action, nullptr);
  telemetry.log(Telemetry::Level::info, "working",
                {{"worker", worker_name(run)}, {"store", (*runtime)->store().describe()}});
  Result<void> worked;
  {
    const std::jthread beside(
        [&](const std::stop_token& stopping) { attend(stopping, run, folder, **runtime, telemetry); });
    worked = run.until_idle ? worker.run_until_quiet() : worker.run();
  }
  running = nullptr;
  if (!worked) return refuse(worked.error());
  telemetry.log(Telemetry::Level::info, "stopped", {{"worker", worker_name(run)}});
  return clean;
}

}  // namespace dovetail::tools

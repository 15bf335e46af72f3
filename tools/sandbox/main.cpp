// sandbox: runs simulated systems until it is told to stop.
#include <signal.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <string>
#include <vector>

#include "tools/sandbox/options.hpp"
#include "tools/sandbox/server/sandbox.hpp"
#include "tools/sandbox/systems.hpp"

namespace {

using namespace dovetail::sandbox;

int fail(const std::string& text) {
  fmt::print(stderr, "sandbox: {}\n", text);
  return 2;
}

void print_knobs() {
  const auto print = [](const std::string& title, const std::vector<Knob>& knobs) {
    fmt::print("### {}\n\n{}\n", title, to_markdown(knobs));
  };
  print("Every system", shared_knobs());
  for (const std::string& name : system_names()) {
    const auto system = make_system(name, {});
    print(name, {system->knobs.all().begin() + static_cast<std::ptrdiff_t>(shared_knobs().size()),
                 system->knobs.all().end()});
  }
}

std::expected<std::unique_ptr<Sandbox>, std::string> start(const Options& options, std::size_t at) {
  auto system = make_system(options.systems[at], options.population);
  for (const auto& [name, position] : options.knobs) {
    const auto dot = name.find('.');
    if (name.substr(0, dot) != options.systems[at]) continue;
    if (auto wrong = system->knobs.set(name.substr(dot + 1), position)) return std::unexpected(*wrong);
  }
  ServerOptions server;
  server.port = options.port == 0 ? 0 : options.port + static_cast<int>(at);
  if (!options.record.empty()) server.record = options.record + '.' + options.systems[at] + ".jsonl";
  return Sandbox::start(std::move(system), server);
}

}  // namespace

int main(int count, char** arguments) {
  const auto options = read_options({arguments + 1, arguments + count});
  if (!options) return fail(options.error() + "; see sandbox --help");
  if (options->help) {
    fmt::print("{}", help_text());
    return 0;
  }
  if (options->list_knobs) {
    print_knobs();
    return 0;
  }
  // Blocked before any thread starts, so that only sigwait below sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  std::vector<std::unique_ptr<Sandbox>> running;
  for (std::size_t at = 0; at < options->systems.size(); ++at) {
    auto sandbox = start(*options, at);
    if (!sandbox) return fail(sandbox.error());
    fmt::print("{} {}\n", options->systems[at], (*sandbox)->url());
    const Json credentials = (*sandbox)->credentials();
    for (const auto& [name, value] : credentials.items()) {
      fmt::print("  {} = {}\n", name, value.is_string() ? value.get<std::string>() : to_text(value));
    }
    running.push_back(std::move(*sandbox));
  }
  fmt::print("Control: GET URL/_sandbox. Stop with Ctrl-C.\n");
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}

#include "tools/sandbox/command.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "tools/sandbox/options.hpp"
#include "tools/sandbox/server/sandbox.hpp"
#include "tools/sandbox/systems.hpp"

namespace dovetail::sandbox {
namespace {

int fail(const std::string& text) {
  fmt::print(stderr, "dovetail sandbox: {}\n", text);
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

// The names that administrators know from their own system, which `dovetail --credentials` takes.
constexpr std::array<std::pair<const char*, const char*>, 4> known_names = {{{"customer_id", "user_id"},
                                                                             {"customer_key", "key"},
                                                                             {"organisation_id", "business_id"},
                                                                             {"access_token", "api_key"}}};

Json as_known(const Json& credentials) {
  Json named = Json::object();
  for (const auto& [name, value] : credentials.items()) {
    const auto known = std::ranges::find(known_names, name, &std::pair<const char*, const char*>::first);
    named[known == known_names.end() ? name : known->second] = value;
  }
  return named;
}

// Never readable by others, also where a file of that name was.
bool write_secret(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return false;
  const bool written = ::fchmod(file, S_IRUSR | S_IWUSR) == 0 &&
                       ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  return ::close(file) == 0 && written;
}

void print_access(const std::string& system, const Sandbox& sandbox) {
  fmt::print("{} {}\n", system, sandbox.url());
  const Json credentials = sandbox.credentials();
  for (const auto& [name, value] : credentials.items()) {
    fmt::print("  {} = {}\n", name, value.is_string() ? value.get<std::string>() : to_text(value));
  }
}

}  // namespace

int run_command(const std::vector<std::string>& arguments) {
  const auto options = read_options(arguments);
  if (!options) return fail(options.error() + "; see dovetail sandbox --help");
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
  Json credentials = Json::object();
  for (std::size_t at = 0; at < options->systems.size(); ++at) {
    auto sandbox = start(*options, at);
    if (!sandbox) return fail(sandbox.error());
    credentials[options->systems[at]] = as_known((*sandbox)->credentials());
    running.push_back(std::move(*sandbox));
  }
  if (!options->credentials.empty() && !write_secret(options->credentials, to_text(credentials) + '\n'))
    return fail(fmt::format("{}: cannot be written", options->credentials));
  for (std::size_t at = 0; at < running.size(); ++at) print_access(options->systems[at], *running[at]);
  fmt::print("Control: GET URL/_sandbox. Stop with Ctrl-C.\n");
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}

}  // namespace dovetail::sandbox

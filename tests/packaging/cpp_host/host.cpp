// A host in C++: connects a hub with a payroll system, agrees on everybody, and pushes what changes from then on.
// `host STORE KEY HUB_URL PROVIDER_URL CREDENTIALS…` with credentials as hub.NAME=SECRET and provider.NAME=SECRET; then
// it reads hub ids of people who have changed, one a line.
#include <dovetail/runtime.hpp>

#include <iostream>
#include <string_view>

namespace {

int refuse(const dovetail::Error& error) {
  std::cerr << error.kind << ": " << error.what << '\n';
  return 2;
}

dovetail::Wanted wanted(char** arguments, int count) {
  dovetail::Wanted wanted{.name = "norway",
                          .map = "poweroffice_go",
                          .hub = "huma:" + std::string(arguments[3]),
                          .provider = "poweroffice_go:" + std::string(arguments[4]),
                          .test_system = true};
  for (int i = 5; i < count; ++i) {
    const std::string_view text = arguments[i];
    const std::size_t dot = text.find('.'), is = text.find('=');
    if (dot == text.npos || is == text.npos || is < dot) continue;
    dovetail::Texts& of = text.starts_with("hub.") ? wanted.hub_credentials : wanted.provider_credentials;
    of[std::string(text.substr(dot + 1, is - dot - 1))] = text.substr(is + 1);
  }
  return wanted;
}

constexpr const char* hub_wins =
    R"({"dovetail": "decisions", "version": 1, "map": "poweroffice_go", "bulk": "hub", "create": "none"})";

// The first manual run: the hub's values count, and nobody is added.
dovetail::Result<dovetail::RunReport> synchronise(dovetail::Runtime& runtime) {
  const auto run = runtime.start_run("norway", "the example");
  if (!run) return std::unexpected(run.error());
  const auto decided = runtime.decide("norway", run->number, hub_wins);
  if (!decided) return std::unexpected(decided.error());
  return runtime.apply("norway", run->number);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 5) return 2;
  auto runtime = dovetail::Runtime::open({.store = arguments[1], .key = arguments[2], .create = true});
  if (!runtime) return refuse(runtime.error());
  const auto who = runtime->introduce(wanted(arguments, count));
  if (!who) return refuse(who.error());
  const auto added = runtime->add(wanted(arguments, count), who->provider.id);
  if (!added) return refuse(added.error());
  const auto report = synchronise(*runtime);
  if (!report) return refuse(report.error());
  std::cout << "connected with " << added->company.name << (report->activated ? ", active" : "") << std::endl;

  if (const auto started = runtime->start_working(2); !started) return refuse(started.error());
  for (std::string person; std::getline(std::cin, person);) {
    if (const auto taken = runtime->event("norway", person); !taken) return refuse(taken.error());
  }
  if (const auto stopped = runtime->stop_working(); !stopped) return refuse(stopped.error());
  if (const auto worked = runtime->work_until_idle(); !worked) return refuse(worked.error());
  const auto status = runtime->status("norway");
  if (!status) return refuse(status.error());
  std::cout << "waiting " << status->waiting << ", problems " << status->problems << std::endl;
  return status->needs_you == 0 ? 0 : 1;
}

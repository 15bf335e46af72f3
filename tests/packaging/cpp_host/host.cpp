// A host in C++: opens a runtime, carries out a connection's first run, takes an event in, works it off, and asks what
// people are to be told. Arguments: store, key, the connection's name, a person's id in the hub.
#include <iostream>
#include <string>
#include <vector>

#include "engine/api/calls.hpp"
#include "engine/api/runtime.hpp"
#include "engine/runtime/manual_run.hpp"

namespace {

int say(const dovetail::Error& error) {
  std::cout << "error: " << error.what << "\n";
  return 2;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 5) return 2;
  const std::vector<std::string> given(arguments + 1, arguments + count);
  dovetail::RuntimeOptions options;
  options.store = given[0];
  options.key = given[1];
  auto runtime = dovetail::Runtime::open(options);
  if (!runtime) return say(runtime.error());

  auto opened = (*runtime)->open(given[2]);
  if (!opened) return say(opened.error());
  auto run = dovetail::ManualRun::start((*runtime)->means(), **opened, "a host in C++");
  if (!run) return say(run.error());
  dovetail::Decisions decisions;
  decisions.accept_preselected = true;
  decisions.bulk = dovetail::Choice::hub;
  decisions.create_in = {false, false};
  if (const auto decided = run->decide(decisions); !decided) return say(decided.error());
  const auto done = run->apply(std::chrono::seconds(10));
  if (!done) return say(done.error());
  std::cout << "people " << done->plan.totals.people << "\nfinished " << done->finished << "\nactivated "
            << done->activated << "\n";

  const auto taken = (*runtime)->take_in(given[2], given[3], dovetail::Event::changed, "event-1");
  const auto again = (*runtime)->take_in(given[2], given[3], dovetail::Event::changed, "event-1");
  if (!taken || !again) return say(taken ? again.error() : taken.error());
  std::cout << "new " << *taken << "\nagain " << *again << "\n";
  if (const auto worked = (*runtime)->work_until_idle(2); !worked) return say(worked.error());

  const auto told = dovetail::answer(**runtime, R"({"call": "notifications.poll"})");
  std::cout << "told " << told.json << "\n";
  return 0;
}

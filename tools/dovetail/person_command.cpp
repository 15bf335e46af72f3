// dovetail person: everything that is remembered of one, and forgetting it.
#include "engine/api/person.hpp"

#include <fmt/format.h>

#include "tools/dovetail/store_place.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {

int person_export_command(const StoreOptions& options) {
  auto runtime = open_runtime(options, true);
  if (!runtime) return refuse(runtime.error());
  const auto json = export_person(**runtime, options.connection, options.person);
  if (!json) return refuse(json.error());
  fmt::print("{}\n", json->dump(2, ' ', false, Json::error_handler_t::replace));
  if ((*json)["connections"].empty()) fmt::print(stderr, "dovetail: nothing is remembered of this id\n");
  return clean;
}

int person_erase_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  std::size_t connections = 1;
  if (options.connection.empty()) {
    const auto all = (*runtime)->connections().list();
    if (!all) return refuse(all.error());
    connections = all->size();
  }
  const std::string question = fmt::format(
      "Erase what {} of {}? Link, agreed values, restorable old values, events and log lines go; "
      "so do the plans of all runs there, and a run that is not finished is abandoned. A keyed hash of the id stays. "
      "Both systems keep their records.",
      connections == 1 ? std::string("1 connection remembers") : fmt::format("{} connections remember", connections),
      options.person);
  if (!confirmed(options, question)) return not_confirmed();
  const auto erased = erase_person(**runtime, options.connection, options.person);
  if (!erased) return refuse(erased.error());
  for (const AbandonedRun& each : erased->abandoned) {
    fmt::print("{}: run {} is abandoned, since its plan may name the person; start another: dovetail plan {}\n",
               each.connection, each.run, each.connection);
  }
  for (const std::string& each : erased->dropped) {
    fmt::print(
        "{}: a change of this person waited, or was on its way, and is dropped: the next run compares both "
        "records anew\n",
        each);
  }
  if (!erased->was_remembered) {
    fmt::print(
        "{}: nothing was remembered under this id but what plans may hold; it is the id in the hub that is "
        "meant. Nothing of anybody else was erased\n",
        printable(options.person));
    return needs_person;
  }
  fmt::print("{}: erased. Backups that were made before still hold it.\n", printable(options.person));
  return clean;
}

}  // namespace dovetail::tools

// dovetail person: everything that is remembered of one, and forgetting it.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "engine/api/json_file.hpp"
#include "tools/dovetail/base_file.hpp"
#include "tools/dovetail/store_place.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {
namespace {

std::string time_text(Instant at) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(at)));
}

Json json_of(const Value& value) {
  Json json = {{"state", name(value.state)}};
  if (!value.text.empty()) json["value"] = value.text;
  return json;
}

Json json_of(const KeptValue& of) {
  return {{"field", of.field},
          {"side", of.side == ir::Side::hub ? "hub" : "provider"},
          {"before", json_of(of.before)},
          {"after", json_of(of.after)},
          {"at", time_text(of.at)},
          {"forgotten", time_text(of.expires)},
          {"put_back", of.put_back}};
}

Json json_of(const Problem& of) {
  return {{"field", of.field}, {"reason", name(of.reason)},  {"what", of.what},
          {"times", of.times}, {"last", time_text(of.last)}, {"solved", of.solved}};
}

Json json_of(const Intent& of) {
  Json writes = Json::array();
  for (const IntendedWrite& each : of.writes) {
    writes.push_back({{"field", each.field}, {"before", json_of(each.before)}, {"after", json_of(each.after)}});
  }
  return {{"at", time_text(of.at)}, {"creates", of.creates}, {"writes", std::move(writes)}};
}

// Of one connection; null: nothing is remembered there.
Result<Json> remembered(Transaction& now, const Connection& connection, const std::string& person) {
  Json json;
  const auto links = now.links(connection.id);
  if (!links) return std::unexpected(links.error());
  Base base;
  for (const StoredLink& each : *links) {
    if (each.link.hub_id == person) base.links.push_back(each.link);
  }
  if (!base.links.empty()) json["links"] = Json::parse(base_text(base, connection.map, "the store's"))["links"];
  const auto add = [&](const char* name, const auto& all, const auto& is_meant) {
    for (const auto& each : all) {
      if (is_meant(each)) json[name].push_back(json_of(each));
    }
  };
  const auto of_person = [&](const auto& each) { return each.hub_id == person; };
  const auto kept = now.kept_values(connection.id, no_run);
  if (!kept) return std::unexpected(kept.error());
  add("replaced_values", *kept, of_person);
  const auto problems = now.problems(connection.id, true);
  if (!problems) return std::unexpected(problems.error());
  add("problems", *problems, of_person);
  const auto intents = now.open_intents(connection.id, person);
  if (!intents) return std::unexpected(intents.error());
  add("writes_under_way", *intents, of_person);
  const auto lane = now.lane(connection.id, person);
  if (!lane) return std::unexpected(lane.error());
  if (*lane) json["events"] = {{"taken_in", (*lane)->tail}, {"waiting", (*lane)->tail - (*lane)->done}};
  const auto seen = now.seen_record(connection.id, person);
  if (!seen) return std::unexpected(seen.error());
  if (*seen) json["seen_in_hub"] = true;
  const auto erased = now.is_erased(connection.id, person);
  if (!erased) return std::unexpected(erased.error());
  if (*erased) json["erased_before"] = true;
  return json;
}

Result<std::vector<Connection>> connections_of(Runtime& runtime, const StoreOptions& options) {
  if (options.connection.empty()) return runtime.connections().list();
  auto one = runtime.connections().find(options.connection);
  if (!one) return std::unexpected(one.error());
  return std::vector{std::move(*one)};
}

}  // namespace

int person_export_command(const StoreOptions& options) {
  auto runtime = open_runtime(options, true);
  if (!runtime) return refuse(runtime.error());
  const auto all = connections_of(**runtime, options);
  if (!all) return refuse(all.error());
  Json json = {{"dovetail", "person"}, {"version", 1}, {"hub", options.person}, {"connections", Json::object()}};
  const Result<void> read = (*runtime)->store().read([&](Transaction& now) -> Result<void> {
    for (const Connection& each : *all) {
      auto of = remembered(now, each, options.person);
      if (!of) return std::unexpected(of.error());
      if (!of->is_null()) json["connections"][each.name] = std::move(*of);
    }
    return {};
  });
  if (!read) return refuse(read.error());
  fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
  if (json["connections"].empty()) fmt::print(stderr, "dovetail: nothing is remembered of this id\n");
  return clean;
}

int person_erase_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  const auto all = connections_of(**runtime, options);
  if (!all) return refuse(all.error());
  const std::string question = fmt::format(
      "Erase what {} connections remember of {}? Link, agreed values, restorable old values, events and log lines go; "
      "so do the plans of all runs there, and a run that is not finished is abandoned. A keyed hash of the id stays. "
      "Both systems keep their records.",
      all->size(), options.person);
  if (!confirmed(options, question)) return needs_person;
  const Instant at = std::chrono::floor<std::chrono::milliseconds>((*runtime)->clock().wall_time());
  const Result<void> done = (*runtime)->store().write([&](Transaction& now) -> Result<void> {
    for (const Connection& each : *all) {
      if (auto erased = now.erase_person(each.id, options.person, at); !erased) return erased;
    }
    return {};
  });
  if (!done) return refuse(done.error());
  fmt::print("{}: erased. Backups that were made before still hold it.\n", printable(options.person));
  return clean;
}

}  // namespace dovetail::tools

#include "engine/api/person.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <set>

#include <algorithm>

#include "engine/api/base_file.hpp"
#include "engine/runtime/lease_name.hpp"

namespace dovetail {
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
  const auto problems = now.problems(connection.id, ProblemsWanted{.also_solved = true, .hub_id = person});
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

// That one, or all.
Result<std::vector<Connection>> connections_of(Runtime& runtime, std::string_view connection) {
  if (connection.empty()) return runtime.connections().list();
  auto one = runtime.connections().find(connection);
  if (!one) return std::unexpected(one.error());
  return std::vector{std::move(*one)};
}

}  // namespace

Result<Json> export_person(Runtime& runtime, std::string_view connection, const std::string& person) {
  const auto all = connections_of(runtime, connection);
  if (!all) return std::unexpected(all.error());
  Json json;
  const Result<void> read = runtime.store().read([&](Transaction& now) -> Result<void> {
    json = {{"dovetail", "person"}, {"version", 1}, {"hub", person}, {"connections", Json::object()}};
    for (const Connection& each : *all) {
      auto of = remembered(now, each, person);
      if (!of) return std::unexpected(of.error());
      if (!of->is_null()) json["connections"][each.name] = std::move(*of);
    }
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return json;
}

Result<bool> is_remembered(Transaction& transaction, ConnectionId connection, const std::string& id) {
  const auto of_hub = transaction.link_of_hub(connection, id);
  if (!of_hub) return std::unexpected(of_hub.error());
  const auto of_provider = transaction.link_of_provider(connection, id);
  if (!of_provider) return std::unexpected(of_provider.error());
  const auto seen = transaction.seen_record(connection, id);
  if (!seen) return std::unexpected(seen.error());
  const auto lane = transaction.lane(connection, id);
  if (!lane) return std::unexpected(lane.error());
  const auto erased = transaction.is_erased(connection, id);
  if (!erased) return std::unexpected(erased.error());
  if (*of_hub || *of_provider || *seen || *lane || *erased) return true;
  const auto problems = transaction.problems(connection, true);
  if (!problems) return std::unexpected(problems.error());
  return std::ranges::any_of(*problems,
                             [&](const Problem& each) { return each.hub_id == id || each.provider_id == id; });
}

namespace {

Result<bool> is_on_the_way(Transaction& transaction, ConnectionId connection, const std::string& person) {
  const auto lane = transaction.lane(connection, person);
  if (!lane) return std::unexpected(lane.error());
  const auto intents = transaction.open_intents(connection, person);
  if (!intents) return std::unexpected(intents.error());
  return !intents->empty() || (*lane && (*lane)->state != LaneState::idle);
}

}  // namespace

Result<Erased> erase_person(Runtime& runtime, std::string_view connection, const std::string& person) {
  const auto all = connections_of(runtime, connection);
  if (!all) return std::unexpected(all.error());
  const Instant at = now(runtime.means());
  Erased all_of_it;
  const Result<void> done = runtime.store().write([&](Transaction& transaction) -> Result<void> {
    all_of_it = {};
    for (const Connection& each : *all) {
      const auto runs = transaction.runs(each.id);
      if (!runs) return std::unexpected(runs.error());
      for (const Run& run : *runs) {
        const bool is_over =
            run.state == RunState::finished || run.state == RunState::failed || run.state == RunState::abandoned;
        if (!is_over) all_of_it.abandoned.push_back({each.name, run.id});
      }
      const Result<bool> known = is_remembered(transaction, each.id, person);
      if (!known) return std::unexpected(known.error());
      all_of_it.was_remembered |= *known;
      const Result<bool> under_way = is_on_the_way(transaction, each.id, person);
      if (!under_way) return std::unexpected(under_way.error());
      if (*under_way) all_of_it.dropped.push_back(each.name);
      if (auto erased = transaction.erase_person(each.id, person, at); !erased) return erased;
    }
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return all_of_it;
}

namespace {

// What another try may get over by itself; everything else is mended first, and that is an event.
bool may_pass(Reason reason) {
  switch (reason) {
    case Reason::provider_refused:
    case Reason::in_doubt:
    case Reason::deferred:
    case Reason::rate_limited:
    case Reason::pending:
    case Reason::conflict:
    case Reason::unlinked:
      return true;
    default:
      return false;
  }
}

// Who has something in the error log that may pass; of one person, anything.
Result<std::set<std::string>> people_in_trouble(Transaction& transaction, ConnectionId id, const std::string& person) {
  const auto problems = transaction.problems(id, ProblemsWanted{.hub_id = person});
  if (!problems) return std::unexpected(problems.error());
  std::set<std::string> people;
  for (const Problem& of : *problems) {
    if (!of.hub_id.empty() && (person.empty() ? may_pass(of.reason) : of.hub_id == person)) people.insert(of.hub_id);
  }
  return people;
}

}  // namespace

Result<std::size_t> try_again(Runtime& runtime, std::string_view connection, const std::string& person) {
  const auto of = runtime.connections().find(connection);
  if (!of) return std::unexpected(of.error());
  const Instant at = now(runtime.means());
  std::size_t people = 0;
  const Result<void> done = runtime.store().write([&](Transaction& transaction) -> Result<void> {
    const auto troubled = people_in_trouble(transaction, of->id, person);
    if (!troubled) return std::unexpected(troubled.error());
    if (!person.empty() && troubled->empty()) {
      const auto lane = transaction.lane(of->id, person);
      if (!lane) return std::unexpected(lane.error());
      if (!*lane) {
        return std::unexpected(
            Error{.kind = Error::Kind::input,
                  .what = fmt::format("nothing is remembered of a person {} to be tried again", person)});
      }
    }
    const auto lanes = transaction.lanes(of->id);
    if (!lanes) return std::unexpected(lanes.error());
    std::set<std::string> waiting;
    for (const Lane& lane : *lanes) {
      if (person.empty() || lane.hub_id == person) waiting.insert(lane.hub_id);
    }
    people = waiting.size();
    for (const std::string& one : *troubled) {
      if (waiting.contains(one)) continue;
      ++people;
      const auto taken = transaction.take_in(
          {.id = {}, .connection = of->id, .hub_id = one, .what = Event::changed, .at = at, .due = at});
      if (!taken) return std::unexpected(taken.error());
    }
    // Whoever leaves the connection alone for as long as a system asked for does so no longer.
    const std::string mark = std::to_string(at.time_since_epoch().count());
    if (Result<void> put = transaction.put_setting(retried_setting(of->id), mark); !put) return put;
    return transaction.unpark(of->id, person, at);
  });
  if (!done) return std::unexpected(done.error());
  return people;
}

}  // namespace dovetail

// Calls that put replaced values back, and about rules that wait for a yes.
#include <array>

#include "engine/api/call_table.hpp"
#include "engine/api/kept_values.hpp"
#include "engine/api/rule_impact.hpp"
#include "engine/api/undone_json.hpp"

namespace dovetail {
namespace {

Json number_or_null(std::int64_t number) { return number == 0 ? Json(nullptr) : Json(number); }

Result<Reply> list(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  const auto kept = kept_values(runtime, connection);
  if (!kept) return std::unexpected(kept.error());
  Json all = Json::array();
  for (const KeptValue& one : *kept) {
    all.push_back({{"write", one.intent},
                   {"run", number_or_null(one.run)},
                   {"person", {{"hub", one.hub_id}, {"provider", one.provider_id}}},
                   {"in", one.side == ir::Side::hub ? "hub" : "provider"},
                   {"field", one.path.empty() ? Json(nullptr) : Json(one.field)},
                   {"added", one.path.empty()},
                   {"at", instant_json(one.at)},
                   {"forgotten", instant_json(one.expires)},
                   {"put_back", one.put_back}});
  }
  return Reply{{{"kept", std::move(all)}}};
}

Result<Reply> put_back(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection"), by = arguments.text("by");
  const std::optional<std::int64_t> run = arguments.number("run"), write = arguments.number("write");
  const std::int64_t patience = arguments.number("patience_ms").value_or(30'000);
  if (run.has_value() == write.has_value()) {
    arguments.refuse("say what is to be put back, as undo.list answers it: either `run` or `write`");
  }
  if (run.value_or(1) < 1 || write.value_or(1) < 1) arguments.refuse("`run` and `write` are numbers above 0");
  if (patience < 0 || patience > 86'400'000) arguments.refuse("`patience_ms` must be 0 to 86400000, which is a day");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  Result<std::unique_ptr<Opened>> opened = runtime.open(connection);
  if (!opened) return std::unexpected(opened.error());
  const Result<Undone> undone =
      undo(runtime.means(), **opened, run.value_or(no_run), write.value_or(0), by, std::chrono::milliseconds(patience));
  if (!undone) return std::unexpected(undone.error());
  return Reply{undone_json(**opened, *undone), !undone->is_whole()};
}

Result<Reply> impact(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.given_text("connection");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  const auto connections = connections_named(runtime, connection);
  if (!connections) return std::unexpected(connections.error());
  Json all = Json::array();
  bool waits = false;
  for (const Connection& each : *connections) {
    const Result<RuleImpact> of = rule_impact(runtime, each);
    if (!of) return std::unexpected(of.error());
    Json fields = Json::array();
    for (const FieldImpact& field : of->fields) {
      fields.push_back({{"field", field.field}, {"found", field.found}, {"writes", field.writes}});
    }
    all.push_back({{"connection", of->connection},
                   {"rules", of->rules},
                   {"changed", of->has_changed},
                   {"waits", of->waits},
                   {"weaker", of->weaker},
                   {"fields", std::move(fields)}});
    waits |= of->waits;
  }
  return Reply{{{"impact", std::move(all)}}, waits};
}

Result<Reply> approve(Runtime& runtime, Arguments& arguments) {
  const std::string rules = arguments.text("rules"), by = arguments.text("by");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  const auto names = approve_rules(runtime, rules, by);
  if (!names) return std::unexpected(names.error());
  return Reply{{{"approved", rules}, {"connections", *names}}};
}

}  // namespace

std::span<const Call> undo_calls() {
  static constexpr auto calls = std::to_array<Call>({
      {"undo.list", list},
      {"undo", put_back},
      {"rules.impact", impact},
      {"rules.approve", approve},
  });
  return calls;
}

}  // namespace dovetail

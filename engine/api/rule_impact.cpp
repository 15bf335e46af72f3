#include "engine/api/rule_impact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/runtime/run/manual_run.hpp"
#include "engine/runtime/seen.hpp"

namespace dovetail {
namespace {

using Counts = std::map<std::string, std::pair<std::size_t, std::size_t>>;  // by field: findings, writes

// What a manual run by these rules would find now, and write if what is preselected were accepted.
Result<Counts> count(Runtime& runtime, const Connection& connection, const RuleBook& rules) {
  auto opened = runtime.opener().open_by(connection, rules, runtime.today());
  if (!opened) return std::unexpected(opened.error());
  const auto run = ManualRun::look(runtime.means(), **opened);
  if (!run) return std::unexpected(run.error());
  const Plan plan = run->make_plan();
  const auto label = [&](const Entry& entry) {
    return entry.field < rules.rules.fields.size() ? rules.rules.fields[entry.field].label : std::string("People");
  };
  Counts counts;
  for (const Entry& entry : plan.entries) ++counts[label(entry)].first;
  for (const Operation& operation : plan.operations) ++counts[label(plan.entries[operation.entry])].second;
  return counts;
}

}  // namespace

Result<std::vector<Connection>> connections_named(Runtime& runtime, std::string_view connection) {
  if (connection.empty()) return runtime.connections().list();
  auto one = runtime.connections().find(connection);
  if (!one) return std::unexpected(one.error());
  return std::vector{std::move(*one)};
}

Result<RuleImpact> rule_impact(Runtime& runtime, const Connection& connection) {
  const auto chosen = runtime.opener().rules_of(connection);
  if (!chosen) return std::unexpected(chosen.error());
  const RuleBook& now = chosen->waiting != nullptr ? *chosen->waiting : *chosen->book;
  RuleImpact impact;
  impact.connection = connection.name;
  impact.rules = now.hash;
  impact.has_changed = chosen->before != nullptr;
  impact.waits = chosen->waiting != nullptr;
  impact.weaker = chosen->weaker;
  if (!impact.has_changed) return impact;
  Result<Counts> before = count(runtime, connection, *chosen->before);
  if (!before) return std::unexpected(before.error());
  Result<Counts> after = count(runtime, connection, now);
  if (!after) return std::unexpected(after.error());
  Counts both = *before;
  both.insert(after->begin(), after->end());
  for (const auto& [field, unused] : both) {
    const auto was = (*before)[field], is = (*after)[field];
    if (was != is) impact.fields.push_back({field, {was.first, is.first}, {was.second, is.second}});
  }
  return impact;
}

Result<std::vector<std::string>> approve_rules(Runtime& runtime, std::string_view rules, const std::string& by) {
  const auto all = runtime.connections().list();
  if (!all) return std::unexpected(all.error());
  const RuleBook* waiting = nullptr;
  std::vector<std::string> names;
  for (const Connection& each : *all) {
    const auto chosen = runtime.opener().rules_of(each);
    if (!chosen || chosen->waiting == nullptr || chosen->waiting->hash != rules) continue;
    waiting = chosen->waiting;
    names.push_back(each.name);
  }
  if (waiting == nullptr) {
    return std::unexpected(
        Error{.kind = Error::Kind::input,
              .what = fmt::format("no rules {} wait for approval; rules.impact tells which do", rules)});
  }
  if (const Result<void> done = runtime.opener().approve(*waiting, by); !done) return std::unexpected(done.error());
  for (const Connection& each : *all) {
    if (std::ranges::count(names, each.name) == 0) continue;
    const Result<void> told = runtime.store().write([&](Transaction& transaction) {
      return look_at_left_out_by_old_rules(transaction, each, now(runtime.means()));
    });
    if (!told) return std::unexpected(told.error());
  }
  return names;
}

}  // namespace dovetail

#include "tools/dovetail/rules_command.hpp"

#include <fmt/format.h>

#include <map>

#include "engine/runtime/manual_run.hpp"
#include "tools/dovetail/store_place.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {
namespace {

using Counts = std::map<std::string, std::pair<std::size_t, std::size_t>>;  // by field: findings, writes

Result<std::vector<Connection>> wanted(Runtime& runtime, const StoreOptions& options) {
  if (!options.connection.empty()) {
    auto one = runtime.connections().find(options.connection);
    if (!one) return std::unexpected(one.error());
    return std::vector{std::move(*one)};
  }
  std::vector<Connection> all;
  const Result<void> read = runtime.store().read([&](Transaction& transaction) -> Result<void> {
    auto found = transaction.connections();
    if (!found) return std::unexpected(found.error());
    all = std::move(*found);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return all;
}

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

Result<void> show_impact(Runtime& runtime, const Connection& connection, const ConnectionOpener::Chosen& chosen) {
  const RuleBook& now = chosen.waiting != nullptr ? *chosen.waiting : *chosen.book;
  Result<Counts> before = Counts(), after = Counts();
  {
    const Progress progress("reading both systems by both rules");
    before = count(runtime, connection, *chosen.before);
    if (before) after = count(runtime, connection, now);
  }
  if (!before) return std::unexpected(before.error());
  if (!after) return std::unexpected(after.error());
  Counts both = *before;
  both.insert(after->begin(), after->end());
  bool any = false;
  for (const auto& [field, unused] : both) {
    const auto [was_found, was_written] = (*before)[field];
    const auto [is_found, is_written] = (*after)[field];
    if (was_found == is_found && was_written == is_written) continue;
    fmt::print("  {:<32}  {:>6} -> {:<6}  {:>6} -> {}\n", printable(field), was_found, is_found, was_written,
               is_written);
    any = true;
  }
  fmt::print("{}", any ? "  (findings of a run now, by the old and the new rules; writes of what is preselected)\n"
                       : "  A run now would find and write the same by both.\n");
  return {};
}

// Says it all about one connection; whether something waits for approval.
Result<bool> show(Runtime& runtime, const Connection& connection) {
  const auto chosen = runtime.opener().rules_of(connection);
  if (!chosen) return std::unexpected(chosen.error());
  if (chosen->before == nullptr) {
    fmt::print("{}: the rules are those of its last run, or it had none yet\n", connection.name);
    return false;
  }
  fmt::print("{}: the rules have changed since its last run\n", connection.name);
  for (const std::string& one : chosen->weaker) fmt::print("  weaker: {}\n", printable(one));
  if (const Result<void> shown = show_impact(runtime, connection, *chosen); !shown) {
    return std::unexpected(shown.error());
  }
  if (chosen->waiting != nullptr) {
    fmt::print("  It goes on by the old rules until this is approved: dovetail rules approve {}\n", connection.name);
  } else if (!chosen->weaker.empty()) {
    fmt::print("  This is approved.\n");
  }
  return chosen->waiting != nullptr;
}

}  // namespace

int rules_impact_command(const StoreOptions& options) {
  auto runtime = open_runtime(options, true);
  if (!runtime) return refuse(runtime.error());
  const auto connections = wanted(**runtime, options);
  if (!connections) return refuse(connections.error());
  bool waits = false;
  for (const Connection& connection : *connections) {
    const Result<bool> shown = show(**runtime, connection);
    if (!shown) return refuse(shown.error());
    waits |= *shown;
  }
  return waits ? ExitCode::needs_person : clean;
}

int rules_approve_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  const auto connections = wanted(**runtime, options);
  if (!connections) return refuse(connections.error());
  std::map<std::string, const RuleBook*> waiting;  // by hash
  for (const Connection& connection : *connections) {
    const Result<bool> shown = show(**runtime, connection);
    if (!shown) return refuse(shown.error());
    const auto chosen = (*runtime)->opener().rules_of(connection);
    if (chosen && chosen->waiting != nullptr) waiting.emplace(chosen->waiting->hash, chosen->waiting);
  }
  if (waiting.empty()) {
    fmt::print("nothing waits for approval\n");
    return clean;
  }
  if (!confirmed(options, "Approve what is weaker? It counts for every connection with these rules.")) {
    return could_not_run;
  }
  for (const auto& [hash, book] : waiting) {
    if (const Result<void> done = (*runtime)->opener().approve(*book, author()); !done) return refuse(done.error());
  }
  fmt::print("approved\n");
  return clean;
}

void say_waiting_rules(Runtime& runtime, const std::string& connection) {
  const auto of = runtime.connections().find(connection);
  if (!of) return;
  const auto chosen = runtime.opener().rules_of(*of);
  if (!chosen || chosen->waiting == nullptr) return;
  fmt::print(stderr,
             "dovetail: {} goes on by the rules of its last run: the new ones are weaker, and wait for approval "
             "(dovetail rules impact {})\n",
             connection, connection);
}

}  // namespace dovetail::tools

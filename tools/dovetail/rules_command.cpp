#include "tools/dovetail/rules_command.hpp"

#include <fmt/format.h>

#include <set>

#include "engine/api/rule_impact.hpp"
#include "tools/dovetail/store_place.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {
namespace {

// Says it all about one connection.
Result<RuleImpact> show(Runtime& runtime, const Connection& connection) {
  Result<RuleImpact> impact = [&] {
    const Progress progress("reading both systems by both rules");
    return rule_impact(runtime, connection);
  }();
  if (!impact) return impact;
  if (!impact->has_changed) {
    fmt::print("{}: the rules are those of its last run, or it had none yet\n", connection.name);
    return impact;
  }
  fmt::print("{}: the rules have changed since its last run\n", connection.name);
  for (const std::string& one : impact->weaker) fmt::print("  weaker: {}\n", printable(one));
  for (const FieldImpact& of : impact->fields) {
    fmt::print("  {:<32}  {:>6} -> {:<6}  {:>6} -> {}\n", printable(of.field), of.found[0], of.found[1], of.writes[0],
               of.writes[1]);
  }
  fmt::print("{}", impact->fields.empty()
                       ? "  A run now would find and write the same by both.\n"
                       : "  (findings of a run now, by the old and the new rules; writes of what is preselected)\n");
  if (impact->waits) {
    fmt::print("  It goes on by the old rules until this is approved: dovetail rules approve {}\n", connection.name);
  } else if (!impact->weaker.empty()) {
    fmt::print("  This is approved.\n");
  }
  return impact;
}

}  // namespace

int rules_impact_command(const StoreOptions& options) {
  auto runtime = open_runtime(options, true);
  if (!runtime) return refuse(runtime.error());
  const auto connections = connections_named(**runtime, options.connection);
  if (!connections) return refuse(connections.error());
  bool waits = false;
  for (const Connection& connection : *connections) {
    const Result<RuleImpact> shown = show(**runtime, connection);
    if (!shown) return refuse(shown.error());
    waits |= shown->waits;
  }
  return waits ? ExitCode::needs_person : clean;
}

int rules_approve_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  const auto connections = connections_named(**runtime, options.connection);
  if (!connections) return refuse(connections.error());
  std::set<std::string> waiting;  // hashes
  for (const Connection& connection : *connections) {
    const Result<RuleImpact> shown = show(**runtime, connection);
    if (!shown) return refuse(shown.error());
    if (shown->waits) waiting.insert(shown->rules);
  }
  if (waiting.empty()) {
    fmt::print("nothing waits for approval\n");
    return clean;
  }
  if (!confirmed(options, "Approve what is weaker? It counts for every connection with these rules.")) {
    return not_confirmed();
  }
  for (const std::string& rules : waiting) {
    if (const auto done = approve_rules(**runtime, rules, author()); !done) return refuse(done.error());
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

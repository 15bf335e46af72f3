// dovetail undo: values that were replaced, put back.
#include "engine/runtime/undo.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <set>
#include <tuple>

#include "engine/api/people.hpp"
#include "tools/dovetail/run_options.hpp"
#include "tools/dovetail/store_place.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {
namespace {

// The values themselves are not shown: they may be secrets.
int list_kept(Runtime& runtime, const Connection& connection) {
  std::vector<KeptValue> kept;
  const Result<void> read = runtime.store().read([&](Transaction& transaction) -> Result<void> {
    auto found = transaction.kept_values(connection.id, no_run);
    if (!found) return std::unexpected(found.error());
    kept = std::move(*found);
    return {};
  });
  if (!read) return refuse(read.error());
  std::set<std::tuple<IntentId, std::string, std::string, bool>> shown;  // a field may have several members
  for (const KeptValue& one : kept) {
    const std::string& who = one.hub_id.empty() ? one.provider_id : one.hub_id;
    if (!shown.emplace(one.intent, who, one.path.empty() ? one.path : one.field, one.put_back).second) continue;
    const std::string of = one.run == no_run ? "push" : fmt::format("run {}", one.run);
    fmt::print("write {:<6} {:<8} {:%Y-%m-%d %H:%M}  {}  {}{}\n", one.intent, of,
               fmt::gmtime(std::chrono::system_clock::to_time_t(one.at)), printable(one.hub_id),
               one.path.empty() ? "(added)" : printable(one.field), one.put_back ? "  put back" : "");
  }
  if (kept.empty()) fmt::print("no replaced values are kept\n");
  return clean;
}

void print_undone(const PlanInput& input, const Undone& undone, const Palette& paint) {
  const Plan& plan = undone.plan;
  for (std::size_t i = 0; i < plan.operations.size(); ++i) {
    const Operation& operation = plan.operations[i];
    const Entry& entry = plan.entries[operation.entry];
    const Outcome& outcome = undone.applied.outcomes[i];
    const bool done = outcome.kind == Outcome::Kind::done || outcome.kind == Outcome::Kind::pending;
    fmt::print("{}: {} in {} {}\n", person_title(input, plan.people[operation.person]),
               printable(input.program.rules->fields[entry.field].label), input.program.rules->title(operation.target),
               done ? paint(Tone::green, "put back") : paint(Tone::red, "not put back: " + printable(outcome.what)));
  }
}

}  // namespace

int undo_command(const RunOptions& run, const StoreOptions& store, const Options& options) {
  auto runtime = open_runtime(store);
  if (!runtime) return refuse(runtime.error());
  auto opened = (*runtime)->open(run.connection);
  if (!opened) return refuse(opened.error());
  if (run.run == no_run && run.intent == 0) return list_kept(**runtime, (*opened)->connection);
  Result<Undone> undone = std::unexpected(Error{});
  {
    const Progress progress("putting back");
    undone = undo((*runtime)->means(), **opened, run.run, run.intent, author(), std::chrono::seconds(run.wait));
  }
  if (!undone) return refuse(undone.error());
  const PlanInput input =
      undone->inputs.input(**opened, nullptr, (*runtime)->store().hasher(), fmt::format("undo {}", undone->run.id));
  print_undone(input, *undone, Palette(options.color));
  for (const std::string& one : undone->left) fmt::print("left as it is: {}\n", printable(one));
  fmt::print("run {}: undo {}\n", undone->run.id, printable(undone->run.summary));
  const bool all = undone->applied.count(Outcome::Kind::done) == undone->plan.operations.size();
  return all && undone->left.empty() ? clean : ExitCode::needs_person;
}

}  // namespace dovetail::tools

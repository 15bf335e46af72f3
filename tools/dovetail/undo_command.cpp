// dovetail undo: values that were replaced, put back.
#include "engine/runtime/run/undo.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "engine/api/kept_values.hpp"
#include "engine/api/people.hpp"
#include "engine/api/undone_json.hpp"
#include "tools/dovetail/answers.hpp"
#include "tools/dovetail/run_options.hpp"
#include "tools/dovetail/stopping.hpp"
#include "tools/dovetail/store_place.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {
namespace {

int list_kept(Runtime& runtime, const std::string& connection) {
  const auto kept = kept_values(runtime, connection);
  if (!kept) return refuse(kept.error());
  for (const KeptValue& one : *kept) {
    const std::string of = one.run == no_run ? "push" : fmt::format("run {}", one.run);
    fmt::print("write {:<6} {:<8} {:%Y-%m-%d %H:%M}  {}  {}{}\n", one.intent, of,
               fmt::gmtime(std::chrono::system_clock::to_time_t(one.at)), printable(one.hub_id),
               one.path.empty() ? "(added)" : printable(one.field), one.put_back ? "  put back" : "");
  }
  if (kept->empty()) fmt::print("no replaced values are kept\n");
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
  if (run.run != no_run && run.intent != 0) {
    return refuse({.kind = Error::Kind::input,
                   .what = "--run and --write: say one of them; a write is of one run already, or of a push"});
  }
  const bool lists = run.run == no_run && run.intent == 0;
  auto runtime = open_runtime(store, lists);
  if (!runtime) return refuse(runtime.error());
  if (lists && store.format == "json") {
    return print_answer(**runtime, "undo", {{"call", "undo.list"}, {"connection", run.connection}});
  }
  auto opened = (*runtime)->open(run.connection);
  if (!opened) return refuse(opened.error());
  if (lists) return list_kept(**runtime, run.connection);
  Result<Undone> undone = std::unexpected(Error{});
  {
    const Progress progress("putting back");
    const Stoppable stoppable;
    undone = undo((*runtime)->means(), **opened, run.run, run.intent, author(), std::chrono::seconds(run.wait),
                  Stoppable::is_told_to_stop);
  }
  if (!undone) return refuse(undone.error());
  if (store.format == "json") {
    Json document = {{"dovetail", "undo"}, {"version", 1}};
    document.update(undone_json(**opened, *undone));
    fmt::print("{}\n", document.dump(2, ' ', false, Json::error_handler_t::replace));
    return undone->is_whole() ? clean : ExitCode::needs_person;
  }
  const PlanInput input =
      undone->inputs.input(**opened, nullptr, (*runtime)->store().hasher(), fmt::format("undo {}", undone->run.id));
  print_undone(input, *undone, Palette(options.color));
  for (const std::string& one : undone->left) fmt::print("left as it is: {}\n", printable(one));
  fmt::print("run {}: undo {}\n", undone->run.id, printable(undone->run.summary));
  return undone->is_whole() ? clean : ExitCode::needs_person;
}

}  // namespace dovetail::tools

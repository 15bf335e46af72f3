// dovetail plan NAME, sync NAME and runs NAME: a connection's manual runs.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <ranges>

#include "engine/api/decisions_json.hpp"
#include "engine/runtime/run/interrupted.hpp"
#include "engine/runtime/run/manual_run.hpp"
#include "tools/dovetail/answers.hpp"
#include "tools/dovetail/asking.hpp"
#include "tools/dovetail/decision_options.hpp"
#include "tools/dovetail/mail.hpp"
#include "tools/dovetail/narrowing.hpp"
#include "tools/dovetail/plan_text.hpp"
#include "tools/dovetail/rules_command.hpp"
#include "tools/dovetail/run_options.hpp"
#include "tools/dovetail/stopping.hpp"
#include "tools/dovetail/store_place.hpp"
#include "tools/dovetail/sync_report.hpp"
#include "tools/dovetail/terminal.hpp"
#include "tools/dovetail/unread_text.hpp"

namespace dovetail::tools {
namespace {

// A run with everything it works on.
struct Session {
  std::unique_ptr<Runtime> runtime;
  std::unique_ptr<Opened> opened;
  std::optional<ManualRun> run;
  std::optional<Selection> selection;
};

// Adds to `given` what is answered on the terminal about what that, and the decisions before, leave open.
Result<void> ask(const Session& session, Decisions& given, const Options& options) {
  Decisions all = joined(session.run->decisions(), given);
  const std::size_t decided = all.exact.size(), answered = all.answers.size();
  const auto input = [&] {
    PlanInput with = session.run->input();
    with.decisions = &all;
    return with;
  };
  const auto make_plan = [&] {
    const Progress progress("planning");
    return plan(input());
  };
  const Asked asked{
      .rules = *session.opened->program().rules, .decisions = all, .input = input, .make_plan = make_plan};
  Plan made = make_plan();
  if (Result<void> done = ask_on_terminal(asked, made, *session.selection, options); !done) return done;
  Decisions more;
  std::ranges::copy(all.exact | std::views::drop(decided), std::back_inserter(more.exact));
  std::ranges::copy(all.answers | std::views::drop(answered), std::back_inserter(more.answers));
  given = joined(std::move(given), more);
  return {};
}

// What others decide of the run meanwhile counts, too.
Result<void> decide(Session& session, const Options& options) {
  Result<Decisions> given = decisions_in(options, *session.opened->program().rules);
  if (!given) return std::unexpected(given.error());
  {
    const Progress progress("planning");
    Decisions all = joined(session.run->decisions(), *given);
    PlanInput input = session.run->input();
    input.decisions = &all;
    Plan made = plan(input);
    if (Result<void> fits = check_fit(*given, input, made, options); !fits) return fits;
    if (options.format != "json") tell_unused(*given, input, made);
    Result<Selection> selection = Selection::of(input, made, options);
    if (selection && selection->narrows()) {
      all = session.run->decisions();
      *given = narrowed(*given, *input.program.rules, made, plan(input), *selection);
      all = joined(session.run->decisions(), *given);
      made = plan(input);
      selection = Selection::of_narrowed(input, made, *given, options);
    }
    if (!selection) return std::unexpected(selection.error());
    session.selection.emplace(std::move(*selection));
  }
  if (options.ask) {
    if (Result<void> asked = ask(session, *given, options); !asked) return asked;
  }
  return session.run->decide_more([&](Decisions before) { return joined(std::move(before), *given); });
}

// What was taken to be empty is said, since nothing else of the plan does.
void tell_accepted(const ManualRun& run) {
  for (const Snapshot& read : run.inputs().snapshots) {
    for (const std::string& note : read.completeness().notes) {
      if (note.find("is taken to be empty") != note.npos) fmt::print(stderr, "dovetail: note: {}\n", printable(note));
    }
  }
}

Result<Session> begin(const RunOptions& run, const StoreOptions& store, const Options& options) {
  if (run.run != no_run && !options.accept_empty.empty()) {
    return std::unexpected(Error{
        .kind = Error::Kind::input,
        .what = fmt::format("--accept-empty: run {} has read its lists already; start another run with it", run.run)});
  }
  Session session;
  auto runtime = open_runtime(store);
  if (!runtime) return std::unexpected(runtime.error());
  session.runtime = std::move(*runtime);
  say_waiting_rules(*session.runtime, run.connection);
  auto opened = session.runtime->open(run.connection);
  if (!opened) return std::unexpected(opened.error());
  session.opened = std::move(*opened);
  const Means& means = session.runtime->means();
  std::optional<Progress> progress(run.run == no_run ? "reading both systems" : "opening the run");
  Result<ManualRun> started = run.run == no_run
                                  ? ManualRun::start(means, *session.opened, author(), options.accept_empty)
                                  : ManualRun::resume(means, *session.opened, run.run);
  progress.reset();
  if (!started) return std::unexpected(started.error());
  for (const Run& other : started->abandoned()) {
    fmt::print(stderr,
               "dovetail: run {}{}, in which something was decided, is abandoned: a connection has one run at a time\n",
               other.id, other.by.empty() ? "" : fmt::format(" of {}", other.by));
  }
  session.run.emplace(std::move(*started));
  tell_accepted(*session.run);
  if (Result<void> decided = decide(session, options); !decided) return std::unexpected(decided.error());
  return session;
}

// By somebody else, since it was opened.
bool is_over(const Session& session) {
  std::optional<Run> stored;
  const Result<void> read = session.runtime->store().read([&](Transaction& transaction) -> Result<void> {
    auto found = transaction.run(session.run->run().id);
    if (!found) return std::unexpected(found.error());
    stored = std::move(*found);
    return {};
  });
  return read && (!stored || (stored->state != RunState::planned && stored->state != RunState::applying));
}

bool is_complete(const PlanInput& input, const Plan& plan) {
  return plan.is_complete() && unread_people(input, plan).empty();
}

std::string next_step(const Session& session, const Plan& plan) {
  const Run& run = session.run->run();
  const std::string& name = session.opened->connection.name;
  if (plan.totals.open == 0 && !is_complete(session.run->input(), plan)) {
    return fmt::format("Not everybody could be read: start another run, dovetail sync {}", name);
  }
  if (plan.totals.open > 0) {
    return fmt::format("Run {} is kept, with what is decided so far: dovetail sync {} --run {} --decisions FILE",
                       run.id, name, run.id);
  }
  return fmt::format("Run {} is kept: dovetail sync {} --run {} carries it out", run.id, name, run.id);
}

}  // namespace

int plan_run_command(const RunOptions& run, const StoreOptions& store, const Options& given) {
  const Result<Session> session = begin(run, store, given);
  if (!session) return refuse(session.error());
  Options options = given;  // which names no systems: the connection does
  options.hub = {session->opened->connection.hub};
  options.provider = {session->opened->connection.provider};
  const PlanInput input = session->run->input();
  const Plan made = session->run->make_plan();
  if (options.format == "json") {
    write_plan_json(input, made, session->selection->wanted(),
                    {{"run", session->run->run().id}, {"complete", is_complete(input, made)}},
                    [](std::string_view piece) { fmt::print("{}", piece); });
    fmt::print("\n");
  } else {
    print_plan(input, made, *session->selection, options, Palette(options.color));
    fmt::print("{}", unread_text(input, made, "`plan --format json` lists them all"));
    fmt::print("\n{}\n", next_step(*session, made));
  }
  return has_something_to_do(made) || !is_complete(input, made) ? ExitCode::needs_person : clean;
}

namespace {

// Carries out what is decided, and prints what became of it; as JSON with what `earlier` passes did.
Result<ManualRun::Done> carry_out(Session& session, const RunOptions& run, const Options& options, Json& earlier) {
  const PlanInput input = session.run->input();
  const bool resumed = session.run->is_interrupted();
  Result<ManualRun::Done> done = std::unexpected(Error{});
  {
    const Progress progress(resumed ? "finishing what was interrupted" : "applying");
    const Stoppable stoppable;
    done = session.run->apply(std::chrono::seconds(run.wait), Stoppable::is_told_to_stop);
  }
  if (!done) return done;
  if (options.format == "json") {
    Json json = sync_json(input, done->plan, done->applied);
    json["run"] = session.run->run().id;
    json["finished"] = done->finished;
    json["complete"] = done->complete;
    if (done->again) {
      earlier.push_back(std::move(json));
      return done;
    }
    if (!earlier.empty()) json["earlier"] = earlier;
    fmt::print("{}\n", json.dump(1));
  } else {
    fmt::print("{}", sync_text(input, done->plan, done->applied, *session.selection, options, Palette(options.color)));
    fmt::print("{}", unread_text(input, done->plan,
                                 fmt::format("dovetail log {} lists them all", session.opened->connection.name)));
    if (done->finished && !done->complete) {
      fmt::print("\nNot everybody could be read: dovetail sync {} again.\n", session.opened->connection.name);
    }
    if (done->activated) fmt::print("\nThe connection is active: from now on changes go out as they happen.\n");
    if (done->stays_paused) {
      fmt::print("\nThe connection stays paused: dovetail connection resume {} lets changes go out.\n",
                 session.opened->connection.name);
    }
    if (done->again) fmt::print("\nThat was interrupted, and is finished now. What was decided since:\n\n");
    if (!done->finished && !done->again) fmt::print("\n{}\n", next_step(session, done->plan));
  }
  return done;
}

}  // namespace

int sync_run_command(const RunOptions& run, const StoreOptions& store, const Options& options) {
  RunOptions wanted = run;
  Options wanted_options = options;
  Json earlier = Json::array();
  while (true) {
    Result<Session> session = begin(wanted, store, wanted_options);
    if (!session) return refuse(session.error());
    const Plan made = session->run->make_plan();
    const Result<ManualRun::Done> done = carry_out(*session, wanted, options, earlier);
    if (!done) {
      refuse(done.error());
      if (!is_over(*session)) fmt::print(stderr, "{}\n", next_step(*session, made));
      return session->run->has_begun() ? ExitCode::needs_person : could_not_run;
    }
    wanted.run = session->run->run().id;
    wanted_options.ask = false;
    if (done->again) continue;
    // Where no worker does it; what the server does not take stays for one that does.
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    const auto too_long = [end] { return std::chrono::steady_clock::now() > end; };
    if (const auto told = send_waiting(*session->runtime, too_long); told && told->failed > 0) {
      fmt::print(stderr, "dovetail: a mail could not be sent, and waits: {}\n", printable(told->why));
    }
    return done->finished && done->complete && is_finished(done->plan, done->applied) ? clean : ExitCode::needs_person;
  }
}

int runs_command(const RunOptions& run, const StoreOptions& store) {
  auto runtime = open_runtime(store, true);
  if (!runtime) return refuse(runtime.error());
  const auto connection = (*runtime)->connections().find(run.connection);
  if (!connection) return refuse(connection.error());
  if (store.format == "json") {
    return print_answer(**runtime, "runs", {{"call", "run.list"}, {"connection", connection->name}});
  }
  std::vector<Run> runs;
  const Result<void> read = (*runtime)->store().read([&](Transaction& transaction) -> Result<void> {
    auto found = runs_as_they_are(transaction, (*runtime)->means(), connection->id);
    if (!found) return std::unexpected(found.error());
    runs = std::move(*found);
    return {};
  });
  if (!read) return refuse(read.error());
  for (const Run& one : runs) {
    fmt::print("{:>5}  {:%Y-%m-%d %H:%M}  {:<6}  {:<9}  {}  {}\n", one.id,
               fmt::gmtime(std::chrono::system_clock::to_time_t(one.started)), printable(one.kind), name(one.state),
               printable(one.by), printable(one.summary));
  }
  if (runs.empty()) fmt::print("no runs yet\n");
  return clean;
}

}  // namespace dovetail::tools

// Calls about manual runs: read once, decided in as many steps as people like, carried out exactly.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "engine/api/answers.hpp"
#include "engine/api/call_table.hpp"
#include "engine/api/decisions_json.hpp"
#include "engine/api/finished.hpp"
#include "engine/api/plan_json.hpp"
#include "engine/api/unfit_decisions.hpp"
#include "engine/match/unread.hpp"
#include "engine/runtime/run/interrupted.hpp"
#include "engine/runtime/run/manual_run.hpp"

namespace dovetail {
namespace {

Json to_json(const Run& run) {
  Json json = {{"run", run.id},
               {"kind", run.kind},
               {"state", name(run.state)},
               {"by", run.by},
               {"started", instant_json(run.started)},
               {"ended", nullptr},
               {"summary", run.summary}};
  if (run.ended) json["ended"] = instant_json(*run.ended);
  return json;
}

// The run, and its plan with what is decided so far.
Reply reply(const ManualRun& run) {
  const PlanInput input = run.input();
  const Plan plan = run.make_plan();
  Json json = to_json(run.run());
  json["plan"] = plan_json(input, plan);
  return {std::move(json), plan.totals.open > 0};
}

// A run that is under way, with what it works on.
struct UnderWay {
  std::unique_ptr<Opened> opened;
  std::optional<ManualRun> run;
};

Result<UnderWay> resume(Runtime& runtime, const std::string& connection, std::int64_t id) {
  Result<std::unique_ptr<Opened>> opened = runtime.open(connection);
  if (!opened) return std::unexpected(opened.error());
  UnderWay under_way{std::move(*opened), std::nullopt};
  Result<ManualRun> run = ManualRun::resume(runtime.means(), *under_way.opened, id);
  if (!run) return std::unexpected(run.error());
  under_way.run.emplace(std::move(*run));
  return under_way;
}

// What would have no effect is refused as a whole: a host has nobody who reads a warning.
Result<Decisions> decisions_for(const UnderWay& run, const Json& document) {
  const auto refuse = [](const std::string& what) {
    return std::unexpected(Error{.kind = Error::Kind::input, .what = "`decisions`: " + what});
  };
  const ir::RuleSet& rules = *run.opened->program().rules;
  if (const Result<void> meant = check_kind(document, "decisions"); !meant) return refuse(meant.error().what);
  Result<Decisions> decisions = decisions_of(document, rules);
  if (!decisions) {
    std::string wrong = decisions.error().what;
    for (std::size_t end = wrong.find('\n'); end != wrong.npos; end = wrong.find('\n', end))
      wrong.replace(end, 1, "; ");
    return refuse(wrong);
  }
  if (decisions->exact.empty() && decisions->answers.empty()) return decisions;
  const Decisions all = joined(run.run->decisions(), *decisions);
  PlanInput input = run.run->input();
  input.decisions = &all;
  const Plan made = plan(input);
  std::vector<std::string> wrong = without_effect(*decisions, input, made);
  std::ranges::move(unfit(*decisions, input, made), std::back_inserter(wrong));
  if (!wrong.empty()) return refuse(fmt::format("{}; nothing was decided", fmt::join(wrong, "; ")));
  return decisions;
}

std::int64_t run_number(Arguments& arguments) {
  const std::optional<std::int64_t> id = arguments.number("run");
  if (!id) arguments.refuse("`run` is missing: the number that run.start answered");
  return id.value_or(no_run);
}

Result<Reply> start(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection"), by = arguments.text("by");
  const std::vector<std::string> empty = arguments.texts("accept_empty").value_or(std::vector<std::string>());
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  Result<std::unique_ptr<Opened>> opened = runtime.open(connection);
  if (!opened) return std::unexpected(opened.error());
  const Result<ManualRun> run = ManualRun::start(runtime.means(), **opened, by, empty);
  if (!run) return std::unexpected(run.error());
  Reply answer = reply(*run);
  answer.json["abandoned"] = Json::array();
  for (const Run& each : run->abandoned()) answer.json["abandoned"].push_back({{"run", each.id}, {"by", each.by}});
  return answer;
}

// A run that cannot be carried on any more is shown without its plan, with the reason.
Result<Reply> over(Runtime& runtime, const std::string& connection, std::int64_t id, const Error& why) {
  const Result<Connection> of = runtime.connections().find(connection);
  if (!of) return std::unexpected(of.error());
  std::optional<Run> run;
  const Result<void> read = runtime.store().read([&](Transaction& transaction) -> Result<void> {
    auto found = transaction.run(id);
    if (!found) return std::unexpected(found.error());
    run = std::move(*found);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  if (why.kind != Error::Kind::input || !run || run->connection != of->id) return std::unexpected(why);
  Json json = to_json(*run);
  json["plan"] = nullptr;
  json["why_no_plan"] = why.what;
  return Reply{std::move(json)};
}

Result<Reply> show(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection");
  const std::int64_t id = run_number(arguments);
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  const Result<UnderWay> found = resume(runtime, connection, id);
  if (found) return reply(*found->run);
  return over(runtime, connection, id, found.error());
}

Result<Reply> decide(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection");
  const std::int64_t id = run_number(arguments);
  const Json* document = arguments.object("decisions");
  if (document == nullptr) arguments.refuse("`decisions` is missing: an object as docs/formats.md has it");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  Result<UnderWay> found = resume(runtime, connection, id);
  if (!found) return std::unexpected(found.error());
  Result<Decisions> decisions = decisions_for(*found, *document);
  if (!decisions) return std::unexpected(decisions.error());
  const auto join = [&](Decisions before) { return joined(std::move(before), *decisions); };
  if (const Result<void> decided = found->run->decide_more(join); !decided) return std::unexpected(decided.error());
  return reply(*found->run);
}

Result<Reply> carry_out(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection");
  const std::int64_t id = run_number(arguments);
  const std::int64_t patience = arguments.number("patience_ms").value_or(30'000);
  if (patience < 0 || patience > 86'400'000) arguments.refuse("`patience_ms` must be 0 to 86400000, which is a day");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  Json outcomes = Json::object();
  bool activated = false, is_whole = true;
  while (true) {
    Result<UnderWay> found = resume(runtime, connection, id);
    if (!found) return std::unexpected(found.error());
    const Result<ManualRun::Done> done = found->run->apply(std::chrono::milliseconds(patience));
    if (!done) return std::unexpected(done.error());
    for (const auto& [name, count] : done->applied.counts()) {
      Json& sum = outcomes[std::string(name)];
      sum = count + (sum.is_null() ? 0 : sum.get<std::size_t>());
    }
    is_whole &= done->applied.is_whole();
    activated |= done->activated;
    if (done->again) continue;
    Json json = to_json(found->run->run());
    json["outcomes"] = std::move(outcomes);
    json["finished"] = done->finished;
    json["activated"] = activated;
    json["complete"] = done->complete;
    json["unread"] = Json::array();
    const UnreadReasons reasons(done->plan.completeness);
    for (const auto& [index, side] : done->unread) {
      const Person& person = done->plan.people[index];
      json["unread"].push_back({{"hub", person.hub_id},
                                {"provider", person.provider_id},
                                {"in", side == ir::Side::hub ? "hub" : "provider"},
                                {"why", reasons.of(side, side == ir::Side::hub ? person.hub_id : person.provider_id)}});
    }
    is_whole &= done->finished && done->complete && is_finished(done->plan, done->applied);
    return Reply{std::move(json), !is_whole};
  }
}

Result<Reply> list(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  const Result<Connection> of = runtime.connections().find(connection);
  if (!of) return std::unexpected(of.error());
  Json all;
  const Result<void> read = runtime.store().read([&](Transaction& transaction) -> Result<void> {
    const auto runs = runs_as_they_are(transaction, runtime.means(), of->id);
    if (!runs) return std::unexpected(runs.error());
    all = Json::array();
    for (const Run& run : *runs) all.push_back(to_json(run));
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return Reply{{{"runs", std::move(all)}}};
}

}  // namespace

std::span<const Call> run_calls() {
  static constexpr auto calls = std::to_array<Call>({
      {"run.start", start},
      {"run.show", show},
      {"run.decide", decide},
      {"run.apply", carry_out},
      {"run.list", list},
  });
  return calls;
}

}  // namespace dovetail

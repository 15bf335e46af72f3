#include "tools/dovetail/sync_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/api/people.hpp"

namespace dovetail::tools {
namespace {

bool is_write(const Operation& operation) { return operation.action != Action::link; }

// "Netvisor  Phone number: +4428… → +4420…"
std::string operation_text(const PlanInput& input, const Plan& plan, const Operation& operation,
                           const Outcome& outcome) {
  const Entry& entry = plan.entries[operation.entry];
  if (!is_write(operation)) {
    return fmt::format("link to {} in {}", plan.people[operation.person].provider_id,
                       input.program.rules->title(ir::Side::provider));
  }
  if (operation.action == Action::create && entry.field == no_field) {
    return fmt::format("created in {} with {} values", input.program.rules->title(operation.target),
                       operation.writes.size() - outcome.not_done.size());
  }
  std::vector<PartValue> before, after;
  for (const Write& write : operation.writes) {
    before.push_back({write.member, write.before});
    after.push_back({write.member, write.after});
  }
  const bool secret = entry.secret;
  return fmt::format("{}: {} → {} in {}", field_title(input, plan.people[operation.person], entry),
                     parts_text(input, operation.target, before, secret),
                     parts_text(input, operation.target, after, secret), input.program.rules->title(operation.target));
}

std::string_view outcome_text(const Operation& operation, const Outcome& outcome) {
  if (!outcome.is_whole()) return name(outcome);
  return operation.action == Action::clear ? "cleared" : "written";
}

// "Contract type, Bank account": what a record was made without; nothing of one that was not made.
std::string left_out_text(const ir::RuleSet& rules, const Operation& operation, const Outcome& outcome) {
  if (!outcome.is_in_part()) return "";
  std::vector<std::string_view> labels;
  for (const std::size_t write : outcome.not_done) {
    const Write& lost = operation.writes[write];
    const std::string_view label = lost.field == no_field  // a rule fills it
                                       ? rules.schema(operation.target).members[lost.member].path
                                       : rules.fields[lost.field].label;
    if (std::ranges::count(labels, label) == 0) labels.push_back(label);
  }
  return fmt::format("without {}: ", fmt::join(labels, ", "));
}

struct Line {
  PersonIndex person;
  std::string text;
};

std::string by_person(const PlanInput& input, const Plan& plan, std::vector<Line> lines, const Palette& paint) {
  std::ranges::stable_sort(lines, {}, &Line::person);
  std::string text;
  PersonIndex current = static_cast<PersonIndex>(plan.people.size());
  for (const Line& line : lines) {
    if (line.person != current) {
      const Person& person = plan.people[line.person];
      text += fmt::format("\n{}  {}\n", paint(Tone::bold, person_title(input, person)),
                          paint(Tone::dim, person_ids(input, person)));
      current = line.person;
    }
    text += line.text;
  }
  return text;
}

// "2 moved, 1 refused": of what was not done.
std::string kinds_text(const Applied& applied) {
  std::string text;
  std::map<Outcome::Kind, std::size_t> counts;
  for (const Outcome& outcome : applied.outcomes) ++counts[outcome.kind];
  counts.erase(Outcome::Kind::done);
  for (const auto& [kind, count] : counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name(kind));
  }
  return text;
}

}  // namespace

std::string sync_text(const PlanInput& input, const Plan& plan, const Applied& applied, const Selection& selection,
                      const Options&, const Palette& paint) {
  std::vector<Line> lines;
  for (std::size_t i = 0; i < plan.operations.size(); ++i) {
    const Operation& operation = plan.operations[i];
    const Outcome& outcome = applied.outcomes[i];
    const bool whole = outcome.is_whole();
    if (whole && !is_write(operation)) continue;
    std::string text = "  " + paint(whole ? Tone::green : Tone::red, padded(outcome_text(operation, outcome), 10)) +
                       operation_text(input, plan, operation, outcome) + "\n";
    const std::string what = left_out_text(*input.program.rules, operation, outcome) + printable(outcome.what);
    if (!what.empty()) text += "            " + what + "\n";
    lines.push_back({operation.person, std::move(text)});
  }
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    const Entry& entry = plan.entries[i];
    const PersonIndex person = plan.entries.person(i);
    const bool written = entry.action == Action::create || entry.action == Action::set ||
                         entry.action == Action::clear || entry.action == Action::link || entry.action == Action::adopt;
    if (written || !selection.contains(person, entry)) continue;
    lines.push_back({person, entry_text(input, plan.people[person], entry, paint)});
  }
  std::string text =
      by_person(input, plan, std::move(lines), paint) + "\n" + totals_text(input, plan, selection, paint, "planned");
  std::size_t written = 0, in_part = 0;
  for (std::size_t i = 0; i < plan.operations.size(); ++i) {
    const Outcome& outcome = applied.outcomes[i];
    written += is_write(plan.operations[i]) && outcome.kind == Outcome::Kind::done ? 1U : 0U;
    in_part += outcome.is_in_part() ? 1U : 0U;
  }
  const std::size_t failed = applied.outcomes.size() - applied.count(Outcome::Kind::done);
  const std::string partly = in_part > 0 ? fmt::format(" ({} only in part)", in_part) : "";
  const std::string how = failed > 0 ? fmt::format(" ({})", kinds_text(applied)) : "";
  const auto held = std::ranges::count_if(
      plan.entries, [](const Entry& entry) { return waits_for_person(entry) && entry.action == Action::hold; });
  const auto open =
      std::ranges::count_if(plan.entries, [](const Entry& entry) { return waits_for_person(entry) && entry.open(); });
  return text + paint(Tone::bold, padded("result", 12)) +
         fmt::format("{} written{}, {} not written{}, {} held, {} undecided\n", written, partly, failed, how, held,
                     open);
}

Json sync_json(const PlanInput& input, const Plan& plan, const Applied& applied) {
  Json json = plan_json(input, plan);
  json["dovetail"] = "sync";
  for (std::size_t i = 0; i < plan.operations.size(); ++i) {
    const Outcome& outcome = applied.outcomes[i];
    Json& of = json["operations"][i];
    of["outcome"] = name(outcome);
    if (outcome.is_in_part()) {
      Json& without = of["without"] = Json::array();
      const auto& members = input.program.rules->schema(plan.operations[i].target).members;
      for (const std::size_t write : outcome.not_done) {
        without.push_back(members[plan.operations[i].writes[write].member].path);
      }
    }
    if (!outcome.what.empty()) of["what"] = outcome.what;
    if (!outcome.created_id.empty()) of["created_id"] = outcome.created_id;
  }
  Json outcomes = Json::object();
  for (const auto& [name, count] : applied.counts()) outcomes[std::string(name)] = count;
  json["outcomes"] = std::move(outcomes);
  json["finished"] = is_finished(plan, applied);
  return json;
}

}  // namespace dovetail::tools

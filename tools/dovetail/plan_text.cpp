#include "tools/dovetail/plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "dsl/check/similar.hpp"
#include "engine/api/people.hpp"
#include "engine/plan/element_name.hpp"

namespace dovetail::tools {
namespace {

constexpr std::size_t margin = 12;  // where the text of an entry begins

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

Tone tone_of(const Entry& entry) {
  switch (entry.kind) {
    case Kind::conflict:
    case Kind::held:
    case Kind::invalid:
      return Tone::red;
    case Kind::missing:
    case Kind::drift:
    case Kind::create:
    case Kind::link:
    case Kind::person:
      return Tone::yellow;
    case Kind::blocked:
    case Kind::known:
      return Tone::dim;
    case Kind::change:
      return Tone::green;
  }
  return Tone::plain;
}

// "+442079460002 → +442896496749", for every member that is written.
std::string writes_text(const PlanInput& input, const Entry& entry, ir::Side target) {
  std::vector<PartValue> before, after;
  for (const Write& write : entry.offers[ir::at(target)]) {
    if (write.fill && write.after.state == State::value) continue;
    before.push_back({write.member, write.before});
    after.push_back({write.member, write.after});
  }
  return fmt::format("{}: {} → {}", input.program.rules->title(target), parts_text(input, target, before, entry.secret),
                     parts_text(input, target, after, entry.secret));
}

// What happens, or what may be chosen.
std::string outcome_text(const PlanInput& input, const Entry& entry) {
  const std::string by = entry.decided_by.empty() ? "" : fmt::format(" ({})", printable(entry.decided_by));
  switch (entry.action) {
    case Action::create:
      if (entry.field == no_field)
        return fmt::format("is created in {}{}", input.program.rules->title(entry.target), by);
      return fmt::format("is added: {}{}", writes_text(input, entry, entry.target), by);
    case Action::set:
      return fmt::format("is written in {}{}", writes_text(input, entry, entry.target), by);
    case Action::clear:
      return fmt::format("is cleared in {}{}", writes_text(input, entry, entry.target), by);
    case Action::link:
      return "they are linked" + by;
    case Action::adopt:
      return "is remembered as agreed";
    case Action::leave:
      return "is left as it is" + by;
    case Action::hold:
      return "nothing is written";
    case Action::blocked:
      return "is not allowed";
    case Action::none:
      break;
  }
  std::string offers;
  for (const ir::Side target : {ir::Side::provider, ir::Side::hub}) {
    if (!entry.offered(target)) continue;
    const Choice winner = target == ir::Side::provider ? Choice::hub : Choice::provider;
    if (!offers.empty()) offers += ", or ";
    offers += entry.field == no_field
                  ? fmt::format("{}: create in {}", name(winner), input.program.rules->title(target))
                  : fmt::format("{} wins", name(winner));
  }
  if (entry.kind == Kind::link) return "undecided: link them by a decision, or leave";
  if (offers.empty()) return entry.kind == Kind::known ? "" : "nothing to choose";
  const std::string preselected =
      entry.preselected == Choice::undecided ? "" : fmt::format("; preselected: {}", name(entry.preselected));
  return fmt::format("undecided: {}, or leave{}", offers, preselected);
}

// How values differ that look the same: what each would become on the other side.
std::string unseen_difference(const PlanInput& input, const Entry& entry) {
  std::string text;
  for (const ir::Side target : {ir::Side::provider, ir::Side::hub}) {
    for (const Write& write : entry.offers[ir::at(target)]) {
      if (write.fill || is_secret(input, target, write.member, entry.secret)) continue;
      const std::string before = printable(shown(write.before, false)), after = printable(shown(write.after, false));
      if (before != after)
        text += fmt::format("; {} would become {} in {}", before, after, input.program.rules->title(target));
    }
  }
  return text.empty() && entry.secret ? "; they differ in what is not shown" : text;
}

std::string values_text(const PlanInput& input, const Entry& entry) {
  if (entry.hub.empty() && entry.provider.empty()) return {};
  const std::string hub = parts_text(input, ir::Side::hub, entry.hub, entry.secret);
  const std::string provider = parts_text(input, ir::Side::provider, entry.provider, entry.secret);
  const bool differ = entry.kind == Kind::conflict || entry.kind == Kind::change || entry.kind == Kind::drift;
  return fmt::format("{} in {}, {} in {}{}", hub, input.program.rules->title(ir::Side::hub), provider,
                     input.program.rules->title(ir::Side::provider),
                     differ && hub == provider && hub != "nothing" ? unseen_difference(input, entry) : "");
}

std::string count_list(const Plan& plan) {
  std::string list;
  for (std::size_t kind = 0; kind < kind_count; ++kind) {
    if (plan.totals.entries[kind] == 0) continue;
    list += fmt::format("{}{} {}", list.empty() ? "" : ", ", plan.totals.entries[kind], name(static_cast<Kind>(kind)));
  }
  return list.empty() ? "none" : list;
}

template <std::size_t N>
std::string reason_list(const std::array<std::uint32_t, N>& counts) {
  std::string list;
  for (std::size_t reason = 0; reason < N; ++reason) {
    if (counts[reason] == 0) continue;
    list += fmt::format("{}{} {}", list.empty() ? "" : ", ", counts[reason], name(static_cast<Reason>(reason)));
  }
  return list.empty() ? "none" : list;
}

std::string writes_list(const PlanInput& input, const Plan& plan) {
  std::string list;
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    const std::size_t at = ir::at(side);
    list +=
        fmt::format("{}{}: {} created, {} set, {} cleared", list.empty() ? "" : "; ", input.program.rules->title(side),
                    plan.totals.creates[at], plan.totals.sets[at], plan.totals.clears[at]);
  }
  return list + fmt::format("; {} linked", plan.totals.links);
}

// A manual run is not stopped by the guard: it says the counts.
std::string guard_text(const GuardCount& guard) {
  constexpr std::array<std::string_view, 5> what = {"values overwritten", "values removed",
                                                    "their bank account changed", "their national id changed",
                                                    "their e-mail address changed"};
  return fmt::format("{} people have {}; without anybody looking, no more than {} would", guard.people,
                     what[static_cast<std::size_t>(guard.kind)], guard.limit);
}

std::string questions_text(const Plan& plan, const Selection& selection, const Palette& paint) {
  struct Asked {
    std::size_t times = 0;
    std::string suggestion;
  };
  std::map<std::string, Asked> asked;
  for (const Question& question : plan.questions) {
    if (!selection.is_about(question.person, plan.entries[question.entry])) continue;
    Asked& of = asked[question.text];
    ++of.times;
    of.suggestion = question.suggestion;
  }
  std::string text;
  for (const auto& [question, of] : asked) {
    text += fmt::format("{}{} ({} waiting{}): answer with --answer \"{}=…\"\n",
                        paint(Tone::yellow, padded("question", margin)), printable(question), of.times,
                        of.suggestion.empty() ? "" : fmt::format("; suggested: {}", printable(of.suggestion)),
                        printable(question));
  }
  return text;
}

std::string age_text(std::chrono::seconds age) {
  const auto count = [](std::int64_t number, std::string_view unit) {
    return fmt::format("{} {}{} old", number, unit, number == 1 ? "" : "s");
  };
  constexpr std::int64_t minute = 60, hour = 60 * minute, day = 24 * hour;
  const std::int64_t seconds = age.count();
  if (seconds < minute) return "less than a minute old";
  if (seconds < hour) return count(seconds / minute, "minute");
  return seconds < 2 * day ? count(seconds / hour, "hour") : count(seconds / day, "day");
}

// What comes besides the writes, each once with its number.
std::string notices_text(const Plan& plan, const Selection& selection, const Palette& paint) {
  std::map<std::string, std::size_t> told;
  for (const Notice& notice : plan.notices) {
    if (selection.is_about(notice.person, plan.entries[notice.entry])) ++told[notice.text];
  }
  std::string text;
  for (const auto& [what, times] : told) {
    text += fmt::format("{}{}{}\n", paint(Tone::dim, padded("besides", margin)), printable(what),
                        times == 1 ? "" : fmt::format(" ({} times)", times));
  }
  return text;
}

std::string source_text(const PlanInput& input, const Plan& plan, ir::Side side, const std::string& path) {
  const Completeness& seen = plan.completeness[ir::at(side)];
  const std::optional<std::chrono::seconds> age = plan.age(side);
  return fmt::format(
      "{} {}, {} people, {}{}\n", padded(input.program.rules->title(side) + ":", margin - 1), printable(path),
      snapshot_of(input, side).size(), age ? age_text(*age) + ", " : "",
      seen.complete ? "complete" : fmt::format("INCOMPLETE: {}, so nobody counts as missing", printable(seen.reason)));
}

std::string unknown_kind_text(const std::string& wanted) {
  std::string known;
  for (std::size_t kind = 0; kind < kind_count; ++kind)
    known += fmt::format("{}{}", kind == 0 ? "" : ", ", name(static_cast<Kind>(kind)));
  return fmt::format("--kind {}: no finding is of this kind; there are {}", printable(wanted), known);
}

// The label that was meant, where one is near; else all of them.
std::string unknown_field_text(const ir::RuleSet& rules, const std::string& wanted) {
  std::vector<std::string_view> labels;
  for (const ir::Field& field : rules.fields) labels.push_back(field.label);
  std::string text = fmt::format("--field {}: {} has no field of this label", printable(wanted), rules.name);
  if (const auto near = dsl::find_similar(wanted, labels)) return text + fmt::format("; is `{}` meant?", *near);
  return text + fmt::format("; there are `{}`", fmt::join(labels, "`, `"));
}

// Settled, or shown before, and nothing is done about it now.
bool is_settled(const Entry& entry) {
  const bool writes = entry.action == Action::set || entry.action == Action::clear || entry.action == Action::create;
  return !writes && (entry.known || entry.kind == Kind::known);
}

// Nothing is left out without a word.
std::string hidden_text(const Plan& plan, const Selection& selection, const Options& options, const Palette& paint) {
  if (options.all) return {};
  std::size_t hidden = 0;
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    const Entry& entry = plan.entries[i];
    const PersonIndex person = plan.entries.person(i);
    hidden += selection.is_about(person, entry) && !selection.contains(person, entry) ? 1U : 0U;
  }
  if (hidden == 0) return {};
  return paint(Tone::dim, fmt::format("{}{} finding{} settled or shown before {} not listed: --all lists them\n",
                                      padded("", margin), hidden, hidden == 1 ? "" : "s", hidden == 1 ? "is" : "are"));
}

}  // namespace

Result<Selection> Selection::of(const PlanInput& input, const Plan& plan, const Options& options) {
  Selection selection;
  selection.known_ = options.all;
  selection.narrows_ = !options.filter.empty();
  const auto note = [](std::vector<bool>& into, std::size_t size, std::size_t index) {
    into.resize(size);
    into[index] = true;
  };
  for (const std::string& wanted : options.filter.kinds) {
    std::size_t kind = 0;
    while (kind < kind_count && name(static_cast<Kind>(kind)) != wanted) ++kind;
    if (kind == kind_count) return fail(unknown_kind_text(wanted));
    note(selection.kinds_, kind_count, kind);
    if (static_cast<Kind>(kind) == Kind::known) selection.known_ = true;
  }
  for (const std::string& wanted : options.filter.fields) {
    const auto found = std::ranges::find(input.program.rules->fields, wanted, &ir::Field::label);
    if (found == input.program.rules->fields.end()) {
      return fail(unknown_field_text(*input.program.rules, wanted));
    }
    note(selection.fields_, input.program.rules->fields.size(),
         static_cast<std::size_t>(found - input.program.rules->fields.begin()));
  }
  for (const std::string& wanted : options.filter.people) {
    const std::vector<PersonIndex> found = people_like(input, plan, wanted);
    if (found.empty()) return fail(fmt::format("--person {}: nobody has this id or e-mail, or such a name", wanted));
    for (const PersonIndex person : found) note(selection.people_, plan.people.size(), person);
  }
  return selection;
}

Result<Selection> Selection::of_narrowed(const PlanInput& input, const Plan& plan, const Decisions& decisions,
                                         const Options& options) {
  Result<Selection> selection = of(input, plan, options);
  if (!selection) return selection;
  std::set<std::array<std::string_view, 5>> about;
  for (const Decision& one : decisions.exact) {
    about.insert({one.hub_id, one.provider_id, one.field, one.hub_element, one.provider_element});
  }
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    const Entry& entry = plan.entries[i];
    if (entry.decision == Choice::undecided) continue;
    const PersonIndex index = plan.entries.person(i);
    std::string_view label;  // none: about the person
    if (entry.field != no_field) label = input.program.rules->fields[entry.field].label;
    const Person& person = plan.people[index];
    if (!about.contains({person.hub_id, person.provider_id, label, entry.hub_element, entry.provider_element}))
      continue;
    selection->decided_.emplace(index, entry.field, entry.hub_element, entry.provider_element);
  }
  return selection;
}

bool Selection::contains(PersonIndex person, const Entry& entry) const {
  return is_about(person, entry) && (known_ || is_decided(person, entry) || !is_settled(entry));
}

bool Selection::is_decided(PersonIndex person, const Entry& entry) const {
  return !decided_.empty() &&
         decided_.contains({person, entry.field, std::string(entry.hub_element), std::string(entry.provider_element)});
}

bool Selection::is_about(PersonIndex person, const Entry& entry) const {
  if (is_decided(person, entry)) return true;
  if (!kinds_.empty() && !kinds_[static_cast<std::size_t>(entry.kind)]) return false;
  if (!is_of_person(person)) return false;
  return fields_.empty() || (entry.field != no_field && fields_[entry.field]);
}

bool has_something_to_do(const Plan& plan) {
  const auto writes = [](const Operation& operation) { return operation.action != Action::link; };
  return !plan.is_complete() || std::ranges::any_of(plan.operations, writes) ||
         std::ranges::any_of(plan.entries, waits_for_person);
}

std::string parts_text(const PlanInput& input, ir::Side side, std::span<const PartValue> parts, bool secret) {
  std::string text;
  bool any = false;
  for (const PartValue& part : parts) {
    const bool empty = part.value.state == State::unset || part.value.state == State::absent;
    any = any || !empty;
    if (empty && parts.size() > 1) continue;
    if (!text.empty()) text += ", ";
    text += printable(shown(part.value, is_secret(input, side, part.member, secret)));
  }
  return any ? text : "nothing";
}

std::string place_text(const ir::Origin& origin) {
  return origin.file.empty() ? std::string{} : fmt::format("{}:{}", origin.file, origin.line);
}

std::string element_title(const PlanInput& input, const Person& person, FieldIndex field,
                          const std::string& hub_element, const std::string& provider_element) {
  return printable(element_name(input, person, field, hub_element, provider_element));
}

std::string field_title(const PlanInput& input, const Person& person, const Entry& entry) {
  return printable(field_name(input, person, entry));
}

std::string entry_text(const PlanInput& input, const Person& person, const Entry& entry, const Palette& paint) {
  const std::string indent(margin, ' ');
  const std::string title = field_title(input, person, entry);
  const std::string values =
      entry.kind == Kind::link
          ? fmt::format("{} in {}; {} in {}", person_on(input, person, ir::Side::hub),
                        input.program.rules->title(ir::Side::hub), person_on(input, person, ir::Side::provider),
                        input.program.rules->title(ir::Side::provider))
          : values_text(input, entry);
  std::string text = "  " + paint(tone_of(entry), padded(name(entry.kind), margin - 2));
  text += paint(Tone::bold, title);
  if (!title.empty() && !values.empty()) text += ": ";
  text += values;
  const std::string outcome = outcome_text(input, entry);
  if (!outcome.empty()) text += (title.empty() && values.empty() ? "" : "\n" + indent) + outcome;
  const std::string place = place_text(entry.rule);
  const std::string why = entry.why.empty() ? std::string(sentence(entry.reason)) : printable(entry.why);
  text +=
      fmt::format("\n{}{}{}\n", indent, paint(Tone::dim, fmt::format("{}: {}", name(entry.reason), why)),
                  place.empty() || why.find(place) != why.npos ? "" : paint(Tone::dim, fmt::format(" ({})", place)));
  return text;
}

void print_plan(const PlanInput& input, const Plan& plan, const Selection& selection, const Options& options,
                const Palette& paint) {
  std::string text = source_text(input, plan, ir::Side::hub, fmt::format("{}", fmt::join(options.hub, ", "))) +
                     source_text(input, plan, ir::Side::provider, fmt::format("{}", fmt::join(options.provider, ", ")));
  PersonIndex shown_person = static_cast<PersonIndex>(plan.people.size());
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    const Entry& entry = plan.entries[i];
    const PersonIndex index = plan.entries.person(i);
    if (!selection.contains(index, entry) || (entry.kind == Kind::link && entry.action == Action::link && !options.all))
      continue;
    const Person& person = plan.people[index];
    if (index != shown_person) {
      text += fmt::format("\n{}  {}\n", paint(Tone::bold, person_title(input, person)),
                          paint(Tone::dim, person_ids(input, person)));
      shown_person = index;
    }
    fmt::print("{}", text + entry_text(input, person, entry, paint));
    text.clear();
  }
  fmt::print("{}\n{}{}", text, totals_text(input, plan, selection, paint),
             hidden_text(plan, selection, options, paint));
}

std::string totals_text(const PlanInput& input, const Plan& plan, const Selection& selection, const Palette& paint,
                        std::string_view writes) {
  const Totals& of = plan.totals;
  const auto line = [&](std::string_view title, const std::string& what) {
    return paint(Tone::bold, padded(title, margin)) + what + "\n";
  };
  std::string text = line("people", fmt::format("{}: {} in both, {} only in {}, {} only in {}", of.people, of.pairs,
                                                of.hub_only, input.program.rules->title(ir::Side::hub),
                                                of.provider_only, input.program.rules->title(ir::Side::provider)));
  text += line("", reason_list(of.persons));
  text += line("fields", fmt::format("{}: {}", plan.people.size() * plan.fields, reason_list(of.fields)));
  if (of.elements > 0) {
    text += line("elements", fmt::format("{}, with {} fields: {}", of.elements, of.element_fields,
                                         reason_list(of.element_reasons)));
  }
  text += line("findings", count_list(plan));
  text += line(writes, writes_list(input, plan));
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    const Completeness& seen = plan.completeness[ir::at(side)];
    if (seen.complete) continue;
    text += paint(Tone::red, padded("incomplete", margin)) +
            fmt::format(
                "{} was not read whole: {}; who is missing there is not known, so nobody is added, and this does "
                "not count as a first run\n",
                input.program.rules->title(side), printable(seen.reason));
  }
  for (const GuardCount& guard : plan.guards) {
    if (guard.tripped) text += paint(Tone::red, padded("beware", margin)) + guard_text(guard) + "\n";
  }
  text += notices_text(plan, selection, paint);
  text += questions_text(plan, selection, paint);
  if (of.open > 0) {
    text += line(
        "undecided",
        fmt::format("{}: decide with --decide hub, provider or leave, a file (--decisions), or sync --ask", of.open));
  }
  return text;
}

}  // namespace dovetail::tools

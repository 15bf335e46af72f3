#include "tools/dovetail/narrowing.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "engine/plan/chooser.hpp"

namespace dovetail::tools {
namespace {

// Where a finding stands, in whichever plan: the person's two ids, the field, the element's two ids.
using Place = std::tuple<std::string_view, std::string_view, FieldIndex, std::string_view, std::string_view>;

Place place_of(const Plan& plan, std::size_t index) {
  const Entry& entry = plan.entries[index];
  const Person& person = plan.people[plan.entries.person(index)];
  return {person.hub_id, person.provider_id, entry.field, entry.hub_element, entry.provider_element};
}

bool decides(const Decisions& given) {
  return given.bulk != Choice::undecided || given.accept_preselected || !given.exact.empty() ||
         std::ranges::any_of(given.create_in, [](const std::optional<bool>& one) { return one.has_value(); });
}

bool is_of_many(const Entry& entry) { return entry.decided_by == in_bulk || entry.decided_by == as_preselected; }

}  // namespace

Decisions narrowed(const Decisions& given, const ir::RuleSet& rules, const Plan& whole, const Plan& undecided,
                   const Selection& selection) {
  std::map<Place, const Entry*> before;
  for (std::size_t i = 0; i < undecided.entries.size(); ++i) {
    if (selection.is_of_person(undecided.entries.person(i)))
      before.emplace(place_of(undecided, i), &undecided.entries[i]);
  }
  Decisions narrow;
  narrow.answers = given.answers;
  for (std::size_t i = 0; i < whole.entries.size(); ++i) {
    const Entry& entry = whole.entries[i];
    if (entry.decision == Choice::undecided) continue;
    const PersonIndex index = whole.entries.person(i);
    const auto known = before.find(place_of(whole, i));
    const Entry& shown = known == before.end() ? entry : *known->second;
    if (&shown != &entry && shown.decision == entry.decision) continue;  // remembered, or decided before
    const bool is_listed = is_of_many(entry) ? selection.contains(index, shown) : selection.is_about(index, shown);
    if (!is_listed) continue;
    const Person& person = whole.people[index];
    narrow.exact.push_back({.hub_id = person.hub_id,
                            .provider_id = person.provider_id,
                            .field = entry.field == no_field ? "" : rules.fields[entry.field].label,
                            .element = {},
                            .choice = entry.decision,
                            .by = entry.decided_by,
                            .hub_element = entry.hub_element,
                            .provider_element = entry.provider_element});
  }
  return narrow;
}

Result<Selection> narrow(Job& job, Plan& plan, const Options& options) {
  Result<Selection> selection = Selection::of(job.input(), plan, options);
  if (!selection || !selection->narrows() || !decides(job.decisions)) return selection;
  const Decisions given = std::move(job.decisions);
  job.decisions = {};
  job.decisions.answers = given.answers;
  job.decisions = narrowed(given, job.rules, plan, job.make_plan(), *selection);
  plan = job.make_plan();
  return Selection::of_narrowed(job.input(), plan, job.decisions, options);
}

}  // namespace dovetail::tools

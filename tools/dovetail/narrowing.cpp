#include "tools/dovetail/narrowing.hpp"

namespace dovetail::tools {

Decisions narrowed(const Decisions& given, const ir::RuleSet& rules, const Plan& whole, const Selection& selection) {
  Decisions narrow;
  narrow.answers = given.answers;
  for (std::size_t i = 0; i < whole.entries.size(); ++i) {
    const Entry& entry = whole.entries[i];
    if (entry.decision == Choice::undecided || !selection.contains(whole.entries.person(i), entry)) continue;
    const Person& person = whole.people[whole.entries.person(i)];
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
  if (!selection || !selection->narrows()) return selection;
  job.decisions = narrowed(job.decisions, job.rules, plan, *selection);
  plan = job.make_plan();
  return Selection::of_narrowed(job.input(), plan, options);
}

}  // namespace dovetail::tools

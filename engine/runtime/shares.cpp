#include "engine/runtime/shares.hpp"

#include <algorithm>

#include "engine/plan/intended.hpp"

namespace dovetail {

Shares::Shares(const Plan& plan, const PlanInput& input, const std::vector<StoredLink>& known)
    : plan_(plan), input_(input), known_(known) {
  for (std::size_t i = 0; i < plan.operations.size(); ++i) operations_[plan.operations[i].person].push_back(i);
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (!known[i].link.hub_id.empty()) by_hub_.emplace(known[i].link.hub_id, i);
    if (!known[i].link.provider_id.empty()) by_provider_.emplace(known[i].link.provider_id, i);
  }
}

const std::vector<std::size_t>& Shares::operations_of(PersonIndex person) const {
  const auto found = operations_.find(person);
  return found == operations_.end() ? none_ : found->second;
}

std::vector<std::size_t> Shares::links_of(PersonIndex index) const {
  const Person& person = plan_.people[index];
  std::vector<std::size_t> found;
  const auto add = [&](const auto& by_id, const std::string& id) {
    if (id.empty()) return;
    const auto [first, last] = by_id.equal_range(id);
    for (auto it = first; it != last; ++it) {
      if (std::ranges::find(found, it->second) == found.end()) found.push_back(it->second);
    }
  };
  add(by_hub_, person.hub_id);
  add(by_provider_, person.provider_id);
  return found;
}

// `outcomes`: of the person's operations, in their order.
std::vector<Link> Shares::links_after(PersonIndex index, const std::vector<std::size_t>& own,
                                      const std::vector<Outcome>& outcomes, Ends ends) const {
  Plan share;
  share.fields = plan_.fields;
  share.people = {plan_.people[index]};
  share.ready = plan_.ready;
  Base base;
  base.activated = input_.base.activated;
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (share.people[0].link == static_cast<std::int64_t>(own[i])) share.people[0].link = static_cast<std::int64_t>(i);
    base.links.push_back(known_[own[i]].link);
  }
  share.reasons.assign(plan_.reasons.begin() + static_cast<std::ptrdiff_t>(index * plan_.fields),
                       plan_.reasons.begin() + static_cast<std::ptrdiff_t>((index + 1) * plan_.fields));
  const auto entries = std::ranges::equal_range(plan_.entries, index, {}, &Entry::person);
  const auto first = static_cast<std::uint32_t>(entries.begin() - plan_.entries.begin());
  share.entries.assign(entries.begin(), entries.end());
  for (Entry& entry : share.entries) entry.person = 0;
  for (const std::size_t i : operations_of(index)) {
    share.operations.push_back(plan_.operations[i]);
    share.operations.back().person = 0;
    share.operations.back().entry -= first;
  }
  const PlanInput input = input_with(base);
  return (ends == Ends::intended ? intend(share, input, {outcomes}) : remember(share, input, {outcomes})).links;
}

std::optional<Link> Shares::intended(PersonIndex index, std::span<const std::size_t> operations) const {
  std::vector<Outcome> outcomes;
  bool makes = false;
  std::vector<std::string_view> written;
  for (const std::size_t i : operations_of(index)) {
    Outcome& outcome = outcomes.emplace_back();
    if (std::ranges::count(operations, i) == 0) continue;
    outcome.kind = Outcome::Kind::done;
    const Operation& operation = plan_.operations[i];
    makes |= operation.action == Action::create && plan_.entries[operation.entry].kind == Kind::create;
    for (const Write& write : operation.writes) {
      if (write.field != no_field) written.push_back(input_.program.fields[write.field].rule->label);
    }
  }
  std::vector<Link> links = links_after(index, links_of(index), outcomes, Ends::intended);
  const Person& person = plan_.people[index];
  const auto found = std::ranges::find_if(links, [&](const Link& link) {
    return person.hub_id.empty() ? link.provider_id == person.provider_id : link.hub_id == person.hub_id;
  });
  if (found == links.end()) return std::nullopt;
  if (!makes) {
    found->marks.clear();
    erase_if(found->base, [&](const FieldBase& base) { return std::ranges::count(written, base.field.view()) == 0; });
  }
  return std::move(*found);
}

LinkChange Shares::remembered(PersonIndex index, const Applied& applied) const {
  const std::vector<std::size_t> own = links_of(index);
  std::vector<Outcome> outcomes;
  for (const std::size_t i : operations_of(index)) outcomes.push_back(applied.outcomes[i]);
  std::vector<Link> next = links_after(index, own, outcomes, Ends::done);

  // What stayed the same is left alone; the rest pairs by id, so that a link keeps its row.
  LinkChange change;
  std::vector<std::size_t> changed;
  for (const std::size_t i : own) {
    const auto same = std::ranges::find(next, known_[i].link);
    if (same == next.end()) {
      changed.push_back(i);
    } else {
      next.erase(same);
    }
  }
  for (const std::size_t i : changed) {
    const Link& before = known_[i].link;
    const auto after = std::ranges::find_if(next, [&](const Link& link) {
      return (!before.hub_id.empty() && before.hub_id == link.hub_id) ||
             (!before.provider_id.empty() && before.provider_id == link.provider_id);
    });
    if (after == next.end()) {
      change.removed.push_back(known_[i].id);
    } else {
      change.put.push_back({known_[i].id, known_[i].version, std::move(*after)});
      next.erase(after);
    }
  }
  for (Link& link : next) change.put.push_back({0, 0, std::move(link)});
  return change;
}

PlanInput Shares::input_with(const Base& base) const {
  return {.program = input_.program,
          .hub = input_.hub,
          .provider = input_.provider,
          .base = base,
          .today = input_.today,
          .mode = input_.mode,
          .event = input_.event,
          .decisions = input_.decisions,
          .settings = input_.settings,
          .only = {},
          .scope = input_.scope,
          .tables = input_.tables,
          .hasher = input_.hasher,
          .test_system = input_.test_system,
          .rules_hash = input_.rules_hash,
          .run = input_.run,
          .guarded_before = input_.guarded_before,
          .population = input_.population};
}

}  // namespace dovetail

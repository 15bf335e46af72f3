#include "engine/runtime/write/shares.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "engine/plan/intended.hpp"

namespace dovetail {

namespace {

std::uint32_t hash_of(std::string_view id) { return static_cast<std::uint32_t>(std::hash<std::string_view>()(id)); }

}  // namespace

void Shares::Places::add(std::string_view id, std::size_t index) {
  if (!id.empty()) places_.emplace_back(hash_of(id), static_cast<std::uint32_t>(index));
}

void Shares::Places::sort() { std::ranges::sort(places_); }

std::span<const std::pair<std::uint32_t, std::uint32_t>> Shares::Places::find(std::string_view id) const {
  return std::ranges::equal_range(places_, hash_of(id), {}, &std::pair<std::uint32_t, std::uint32_t>::first);
}

Shares::Shares(const Plan& plan, const PlanInput& input, const std::vector<StoredLink>& known)
    : plan_(plan), input_(input), known_(known), first_operation_(plan.people.size() + 1) {
  for (const Operation& operation : plan.operations) ++first_operation_[operation.person + 1];
  std::partial_sum(first_operation_.begin(), first_operation_.end(), first_operation_.begin());
  operations_.resize(plan.operations.size());
  std::vector<std::uint32_t> next = first_operation_;
  for (std::uint32_t i = 0; i < plan.operations.size(); ++i) operations_[next[plan.operations[i].person]++] = i;
  for (std::size_t i = 0; i < known.size(); ++i) {
    by_hub_.add(known[i].link.hub_id, i);
    by_provider_.add(known[i].link.provider_id, i);
  }
  by_hub_.sort();
  by_provider_.sort();
}

std::span<const std::uint32_t> Shares::operations_of(PersonIndex person) const {
  const std::uint32_t first = first_operation_[person];
  return std::span(operations_).subspan(first, first_operation_[person + 1] - first);
}

std::vector<std::size_t> Shares::links_of(PersonIndex index) const {
  const Person& person = plan_.people[index];
  std::vector<std::size_t> found;
  const auto add = [&](const Places& places, std::string Link::* id, const std::string& wanted) {
    if (wanted.empty()) return;
    for (const auto& [hash, i] : places.find(wanted)) {
      if (known_[i].link.*id == wanted && std::ranges::find(found, i) == found.end()) found.push_back(i);
    }
  };
  add(by_hub_, &Link::hub_id, person.hub_id);
  add(by_provider_, &Link::provider_id, person.provider_id);
  return found;
}

// A plan of these people alone.
std::vector<Link> Shares::links_after(const Share& share, Ends ends) const {
  Plan part;
  part.fields = plan_.fields;
  part.ready = plan_.ready;
  Base base;
  base.activated = input_.base.activated;
  std::unordered_map<std::int64_t, std::int64_t> place;  // of links
  for (const std::size_t i : share.own) {
    place.emplace(static_cast<std::int64_t>(i), static_cast<std::int64_t>(base.links.size()));
    base.links.push_back(known_[i].link);
  }
  for (const PersonIndex index : share.people) {
    const auto person = static_cast<PersonIndex>(part.people.size());
    Person& of = part.people.emplace_back(plan_.people[index]);
    if (const auto found = place.find(of.link); found != place.end())
      of.link = static_cast<decltype(of.link)>(found->second);
    const auto reasons = plan_.reasons.begin() + static_cast<std::ptrdiff_t>(index * plan_.fields);
    part.reasons.insert(part.reasons.end(), reasons, reasons + static_cast<std::ptrdiff_t>(plan_.fields));
    const auto entries = plan_.entries.of(index);
    const auto first = static_cast<std::uint32_t>(entries.begin().index());
    const auto moved = static_cast<std::uint32_t>(part.entries.size());
    for (const Entry& entry : entries) part.entries.add(person, entry);
    for (const std::uint32_t i : operations_of(index)) {
      Operation& operation = part.operations.emplace_back(plan_.operations[i]);
      operation.person = person;
      operation.entry = operation.entry - first + moved;
    }
  }
  const PlanInput input = input_with(base);
  return (ends == Ends::intended ? intend(part, input, {share.outcomes}) : remember(part, input, {share.outcomes}))
      .links;
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
  std::vector<Link> links = links_after({{index}, links_of(index), std::move(outcomes)}, Ends::intended);
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

LinkChange Shares::remembered(std::span<const PersonIndex> people, const Applied& applied) const {
  LinkChange change;
  Share together;
  std::unordered_map<std::size_t, PersonIndex> first_of;  // links, and who came first to each
  std::vector<std::vector<std::size_t>> links;
  std::unordered_set<PersonIndex> shared;  // whose links are others', too: each of them is looked at alone
  for (const PersonIndex person : people) {
    for (const std::size_t link : links.emplace_back(links_of(person))) {
      const auto [found, is_first] = first_of.emplace(link, person);
      if (!is_first && found->second != person) shared.insert({person, found->second});
    }
  }
  for (std::size_t i = 0; i < people.size(); ++i) {
    Share alone;
    Share& share = shared.contains(people[i]) ? alone : together;
    share.people.push_back(people[i]);
    share.own.insert(share.own.end(), links[i].begin(), links[i].end());
    for (const std::uint32_t operation : operations_of(people[i])) {
      share.outcomes.push_back(applied.outcomes[operation]);
    }
    if (&share == &alone) compare(alone.own, links_after(alone, Ends::done), change);
  }
  if (!together.people.empty()) compare(together.own, links_after(together, Ends::done), change);
  return change;
}

// What stayed the same is left alone; the rest pairs by id, so that a link keeps its row.
void Shares::compare(std::span<const std::size_t> own, std::vector<Link> next, LinkChange& change) const {
  constexpr auto by_hub = &Link::hub_id, by_provider = &Link::provider_id;
  std::vector<bool> taken(next.size());
  std::array<std::unordered_multimap<std::string_view, std::size_t>, 2> of_id;
  if (!own.empty()) {
    for (std::size_t i = 0; i < next.size(); ++i) {
      if (!(next[i].*by_hub).empty()) of_id[0].emplace(next[i].*by_hub, i);
      if (!(next[i].*by_provider).empty()) of_id[1].emplace(next[i].*by_provider, i);
    }
  }
  // The first of one id that is free and, where that is asked, the same.
  const auto find = [&](const Link& link, bool same) {
    std::size_t first = next.size();
    for (const auto& [places, id] : {std::pair(&of_id[0], by_hub), std::pair(&of_id[1], by_provider)}) {
      if ((link.*id).empty()) continue;
      const auto [begin, end] = places->equal_range(link.*id);
      for (auto at = begin; at != end; ++at) {
        if (!taken[at->second] && (!same || next[at->second] == link)) first = std::min(first, at->second);
      }
    }
    return first;
  };
  std::vector<std::size_t> changed;
  for (const std::size_t i : own) {
    const std::size_t same = find(known_[i].link, true);
    if (same == next.size()) changed.push_back(i);
    if (same != next.size()) taken[same] = true;
  }
  for (const std::size_t i : changed) {
    const std::size_t after = find(known_[i].link, false);
    if (after == next.size()) {
      change.removed.push_back(known_[i].id);
    } else {
      change.put.push_back({known_[i].id, known_[i].version, next[after]});
      taken[after] = true;
    }
  }
  for (std::size_t i = 0; i < next.size(); ++i) {
    if (!taken[i]) change.put.push_back({0, 0, next[i]});
  }
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

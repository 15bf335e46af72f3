#include "engine/match/another_person.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "engine/compare/comparer.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

std::optional<std::string> agreed_key(const ir::FieldProgram& match, const Link& link, const CheckContext& context) {
  std::size_t cursor = 0;
  const FieldBase* base = find_base(&link, match.rule->label, {}, cursor);
  if (base == nullptr) return std::nullopt;
  std::string key;
  bool has_value = false;
  const std::vector<ir::Part>& parts = match.parts[at(Side::provider)];
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].compared) continue;
    const BaseValue* value = find_base(base->provider, i, parts[i].path);
    if (value == nullptr || value->hashed) return std::nullopt;
    if (value->state == State::value) {
      append_key(parts[i], value->text, context, key);
      has_value = true;
    }
    key += '\x1f';
  }
  return has_value ? std::optional(std::move(key)) : std::nullopt;
}

bool is_recognised(const PlanInput& input, MatchKeys& hub, RecordIndex hub_record, MatchKeys& provider,
                   RecordIndex provider_record) {
  const ir::FieldProgram* match = input.program.match();
  return std::ranges::any_of(input.program.rules->match->proposals, [&](const std::vector<std::uint32_t>& fields) {
    if (match != nullptr && std::ranges::count(fields, match->index) != 0) return false;
    const std::optional<std::string> here = hub.key(fields, hub_record);
    return here && here == provider.key(fields, provider_record);
  });
}

std::string another_persons_text(const ir::Program& program, std::string_view label, std::string_view provider_id,
                                 std::string_view holder) {
  return fmt::format(
      "{} of the record {} in {} is neither what was agreed on nor what {} says, and it, or what was this record's, is "
      "that of another linked person ({} in {}): the two seem to have changed places, so nothing is written to it, nor "
      "read from it. If it is the person's all the same, say so (dovetail links cut, then dovetail links make); else "
      "correct the record or make a link to the right one",
      label, provider_id, program.rules->title(Side::provider), program.rules->title(Side::hub), holder,
      program.rules->title(Side::hub));
}

std::string still_disputed_text(const ir::Program& program, std::string_view label, std::string_view provider_id) {
  return fmt::format(
      "{} of the record {} in {} is neither what was agreed on nor what {} says. It was that of another linked person, "
      "and nobody has settled since whose record this is, so nothing is written to it, nor read from it. If it is the "
      "person's all the same, say so (dovetail links cut, then dovetail links make); else correct the record or make a "
      "link to the right one",
      label, provider_id, program.rules->title(Side::provider), program.rules->title(Side::hub));
}

SwapSearch::SwapSearch(const PlanInput& input, const std::vector<Match>& people, const std::vector<bool>& hub_active)
    : input_(input), people_(people), hub_active_(hub_active) {
  if (people.empty()) return;
  linked_ = {std::vector<std::uint32_t>(input.hub.size()), std::vector<std::uint32_t>(input.provider.size())};
  for (std::uint32_t i = 0; i < people.size(); ++i) {
    if (!people[i].is_linked || people[i].link < 0) continue;
    if (people[i].hub != no_record) linked_[at(Side::hub)][people[i].hub] = i + 1;
    if (people[i].provider != no_record) linked_[at(Side::provider)][people[i].provider] = i + 1;
  }
}

void SwapSearch::take(const Holders& holders) {
  if (linked_[at(Side::provider)].empty()) return;
  const std::vector<RecordIndex>& hubs = holders.records[at(Side::hub)];
  for (const RecordIndex provider : holders.records[at(Side::provider)]) {
    const std::uint32_t own = linked_[at(Side::provider)][provider];
    if (own == 0) continue;
    const Match& person = people_[own - 1];
    if (person.reason != Reason::no_change || person.hub == no_record || person.relinked) continue;
    if (std::ranges::find(hubs, person.hub) != hubs.end()) continue;
    Suspect suspect{.person = own - 1, .holder = std::nullopt};
    for (const RecordIndex hub : hubs) {
      if (linked_[at(Side::hub)][hub] == 0 || !hub_active_[hub]) continue;
      const std::size_t holder = linked_[at(Side::hub)][hub] - 1;
      if (!suspect.holder || comes_first(holder, *suspect.holder)) suspect.holder = holder;
    }
    suspects_.push_back(suspect);
  }
}

bool SwapSearch::was_disputed(const Match& person) const {
  return input_.base.links[static_cast<std::size_t>(person.link)].state == LinkState::disputed;
}

// Whatever the order of records and links is.
bool SwapSearch::comes_first(std::size_t person, std::size_t other) const {
  const auto hub_id = [this](std::size_t i) -> const std::string& {
    return input_.base.links[static_cast<std::size_t>(people_[i].link)].hub_id;
  };
  return hub_id(person) < hub_id(other);
}

SwapSearch::Judged SwapSearch::judge(const Match& person, const ir::FieldProgram& match,
                                     std::array<MatchKeys, 2>& keys) const {
  const CheckContext context{input_.tables, input_.today, {}, input_.test_system};
  Judged judged;
  judged.agreed = agreed_key(match, input_.base.links[static_cast<std::size_t>(person.link)], context);
  if (!judged.agreed || !keys[at(Side::provider)].append(match, person.provider, false, judged.now)) return judged;
  judged.unexpected = judged.now != *judged.agreed && !is_recognised(input_, keys[at(Side::hub)], person.hub,
                                                                     keys[at(Side::provider)], person.provider);
  return judged;
}

std::vector<Swapped> SwapSearch::find(const ir::FieldProgram& match, std::array<MatchKeys, 2>& keys) const {
  std::vector<Judged> judged;
  std::unordered_map<std::string, std::size_t> agreed_with;  // suspects' people, by the key that was agreed on
  for (const Suspect& suspect : suspects_) {
    const Match& person = people_[suspect.person];
    judged.push_back(judge(person, match, keys));
    if (!judged.back().agreed || !hub_active_[person.hub]) continue;
    const auto [known, is_new] = agreed_with.emplace(*judged.back().agreed, suspect.person);
    if (!is_new && comes_first(suspect.person, known->second)) known->second = suspect.person;
  }
  std::vector<Swapped> found;
  std::unordered_map<std::size_t, std::size_t> taken_by;  // the holder of a key, and whose record has it
  std::unordered_set<std::size_t> disputed;
  for (std::size_t i = 0; i < suspects_.size(); ++i) {
    if (!judged[i].unexpected) continue;
    const auto known = agreed_with.find(judged[i].now);
    std::optional<std::size_t> holder = suspects_[i].holder;
    if (!holder && known != agreed_with.end()) holder = known->second;
    const std::size_t person = suspects_[i].person;
    if (!holder || *holder == person) {
      if (!was_disputed(people_[person])) continue;
      found.push_back({person, person});  // whose key it was has another by now, and nobody has settled this
      disputed.insert(person);
      continue;
    }
    found.push_back({person, *holder});
    const auto [taker, is_new] = taken_by.emplace(*holder, suspects_[i].person);
    if (!is_new && comes_first(suspects_[i].person, taker->second)) taker->second = suspects_[i].person;
    disputed.insert(suspects_[i].person);
  }
  // Whose key stands in another's record, and whose own record has a key that nobody expected.
  for (std::size_t i = 0; i < suspects_.size(); ++i) {
    const auto taker = taken_by.find(suspects_[i].person);
    if (!judged[i].unexpected || taker == taken_by.end() || disputed.contains(suspects_[i].person)) continue;
    found.push_back({suspects_[i].person, taker->second});
  }
  return found;
}

}  // namespace dovetail

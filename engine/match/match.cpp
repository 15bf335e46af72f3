#include "engine/match/match.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "engine/match/matcher.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

std::string_view id_of(const PlanInput& input, Side side, RecordIndex record) {
  const ir::SlotId slot = input.program.records[at(side)].identity;
  if (slot == ir::no_slot) return {};
  const Observation seen = (side == Side::hub ? input.hub : input.provider).at(record, slot);
  return seen.state == State::value ? seen.text : std::string_view();
}

std::string_view id_of(const PlanInput& input, Side side, const Match& match) {
  const RecordIndex record = side == Side::hub ? match.hub : match.provider;
  if (record != no_record) return id_of(input, side, record);
  if (match.link == no_link) return {};
  const Link& link = input.base.links[static_cast<std::size_t>(match.link)];
  return side == Side::hub ? link.hub_id : link.provider_id;
}

Matcher::Matcher(const PlanInput& input)
    : input_(input), keys_{MatchKeys(input, Side::hub), MatchKeys(input, Side::provider)} {
  for (const Side side : {Side::hub, Side::provider}) {
    const Snapshot& snapshot = records(side);
    complete_[at(side)] = completeness_of(input, side).complete;
    taken_[at(side)].assign(snapshot.size(), false);
    active_[at(side)].resize(snapshot.size());
    for (RecordIndex record = 0; record < snapshot.size(); ++record) {
      active_[at(side)][record] = is_active(input.program, side, snapshot, record, input.today);
    }
  }
}

Matched Matcher::match() {
  by_links();
  by_decisions();
  if (const ir::FieldProgram* field = input_.program.match()) by_key(*field);
  propose();
  the_rest();
  return sorted();
}

bool Matcher::in_scope(std::string_view hub_id) const {
  return input_.scope == nullptr || std::ranges::binary_search(*input_.scope, hub_id, std::less<>{});
}

void Matcher::add(Found found) {
  if (found.match.link == no_link && found.match.hub != no_record && !exclusions_.empty()) {
    const auto exclusion = exclusions_.find(id_of(Side::hub, found.match.hub));
    if (exclusion != exclusions_.end() && found.match.state == LinkState::linked) found.match.link = exclusion->second;
  }
  if (found.match.hub != no_record) taken_[at(Side::hub)][found.match.hub] = true;
  if (found.match.provider != no_record) taken_[at(Side::provider)][found.match.provider] = true;
  found.match.evidence = number_of(std::move(found.evidence));
  found.match.why = number_of(std::move(found.why));
  found_.push_back(found.match);
}

std::uint32_t Matcher::number_of(std::string&& text) {
  if (text.empty()) return 0;
  if (text == result_.words.back()) return static_cast<std::uint32_t>(result_.words.size() - 1);
  const auto [at, is_new] = word_numbers_.try_emplace(std::move(text), result_.words.size());
  if (is_new) result_.words.push_back(at->first);
  return static_cast<std::uint32_t>(at->second);
}

Match Matcher::pair_of(RecordIndex hub, RecordIndex provider) {
  Match match;
  match.hub = hub;
  match.provider = provider;
  return match;
}

Matched Matcher::sorted() {
  struct Place {
    std::uint64_t first = 0;  // the first letters of the hub id: what usually decides
    std::uint32_t index = 0;
  };
  std::vector<Place> order(found_.size());
  std::vector<std::uint64_t> letters(records(Side::hub).size());  // in the records' order: theirs in memory, too
  for (RecordIndex hub = 0; hub < letters.size(); ++hub) letters[hub] = first_letters(id_of(Side::hub, hub));
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    const RecordIndex hub = found_[i].hub;
    order[i] = {hub != no_record ? letters[hub] : first_letters(hub_id(found_[i])), i};
  }
  std::sort(order.begin(), order.end(), [this](const Place& a, const Place& b) {
    return a.first != b.first ? a.first < b.first : comes_before(found_[a.index], found_[b.index]);
  });
  result_.people.reserve(order.size());
  for (const Place& place : order) result_.people.push_back(found_[place.index]);
  return std::move(result_);
}

std::uint64_t Matcher::first_letters(std::string_view id) {
  if (id.empty()) return UINT64_MAX;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) {
    number = number << 8U | (i < id.size() ? static_cast<unsigned char>(id[i]) : 0U);
  }
  return number;
}

bool Matcher::comes_before(const Match& a, const Match& b) const {
  const auto rank = [this](const Match& of) {
    const std::string_view id = hub_id(of);
    return std::tuple(id.empty(), id, dovetail::id_of(input_, Side::provider, of), of.link);
  };
  return rank(a) < rank(b);
}

Completeness completeness_of(const PlanInput& input, Side side) {
  const Snapshot& snapshot = side == Side::hub ? input.hub : input.provider;
  if (snapshot.size() > 0 || !snapshot.completeness().complete) return snapshot.completeness();
  const auto known = std::ranges::count_if(input.base.links, [&](const Link& link) {
    return !(side == Side::hub ? link.hub_id : link.provider_id).empty();
  });
  if (known == 0 || input.mode == Mode::push) return snapshot.completeness();
  return {false, fmt::format("no records at all, where {} were known", known)};
}

Matched match(const PlanInput& input) { return Matcher(input).match(); }

Person person_of(const PlanInput& input, const Match& match) {
  return {.hub = match.hub,
          .provider = match.provider,
          .hub_id = std::string(id_of(input, Side::hub, match)),
          .provider_id = std::string(id_of(input, Side::provider, match)),
          .link = match.link,
          .state = match.state,
          .is_linked = match.is_linked,
          .relinked = match.relinked,
          .reason = match.reason};
}

}  // namespace dovetail

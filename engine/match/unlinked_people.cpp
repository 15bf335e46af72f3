// Everybody whom no link and no key found a partner for: proposed by other fields, or on one side only.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "engine/match/matcher.hpp"
#include "engine/match/unread.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

void Matcher::propose() {
  if (!input_.program.rules->match) return;
  for (const std::vector<std::uint32_t>& fields : input_.program.rules->match->proposals) propose_by(fields);
}

void Matcher::propose_by(const std::vector<std::uint32_t>& fields) {
  KeyJoin join(0);
  for (const Side side : {Side::hub, Side::provider}) {
    for (RecordIndex record = 0; record < records(side).size(); ++record) {
      if (!is_free(side, record) || (side == Side::hub && !active_[at(side)][record])) continue;
      if (std::optional<std::string> key = keys_[at(side)].key(fields, record)) {
        join.add(side, record, *key);
      }
    }
  }
  const std::string label = labels(fields);
  join.drain([&](const Holders& all) {
    const Holders holders = candidates(all);
    if (holders.records[0].empty() || holders.records[1].empty()) return;
    if (holders.records[0].size() > 1 || holders.records[1].size() > 1) {
      return dispute(holders, holders.records[0], holders.records[1], label);
    }
    Found found{pair_of(holders.records[0].front(), holders.records[1].front()), label, {}};
    found.match.reason = in_scope(hub_id(found.match)) ? Reason::link_proposed : Reason::out_of_scope;
    found.why =
        fmt::format("{} {} the same in both systems, the match key is not", label, fields.size() == 1 ? "is" : "are");
    add(std::move(found));
  });
}

Holders Matcher::candidates(const Holders& holders) const {
  if (not_the_same_.empty()) return holders;
  Holders result;
  for (const RecordIndex hub : holders.records[at(Side::hub)]) {
    for (const RecordIndex provider : holders.records[at(Side::provider)]) {
      if (are_different(hub, provider)) continue;
      for (const auto& [side, record] : {std::pair(Side::hub, hub), std::pair(Side::provider, provider)}) {
        std::vector<RecordIndex>& kept = result.records[at(side)];
        if (std::ranges::find(kept, record) == kept.end()) kept.push_back(record);
      }
    }
  }
  return result;
}

void Matcher::the_rest() {
  found_so_far_ = taken_;
  // Somebody who could not be read, and is not linked, may be anybody.
  for (const Side side : {Side::hub, Side::provider}) {
    for (RecordIndex record = 0; record < records(side).size() && complete_[at(side)]; ++record)
      complete_[at(side)] = !is_free(side, record) || !is_unread(input_.program, side, records(side), record);
  }
  for (const Side side : {Side::hub, Side::provider}) {
    std::vector<RecordIndex> unlinked;
    for (RecordIndex record = 0; record < records(side).size(); ++record) {
      if (!is_free(side, record)) continue;
      Match person = side == Side::hub ? pair_of(record, no_record) : pair_of(no_record, record);
      if (alone(side, record, person) == Reason::unlinked) unlinked.push_back(record);
    }
    find_doubles(side, std::move(unlinked));
  }
  for (const Side side : {Side::hub, Side::provider}) {
    for (RecordIndex record = 0; record < records(side).size(); ++record) {
      if (!is_free(side, record)) continue;
      Found found{side == Side::hub ? pair_of(record, no_record) : pair_of(no_record, record), {}, {}};
      found.match.reason = alone(side, record, found.match);
      if (found.match.reason == Reason::unlinked) found.why = double_text(side, record);
      if (const auto apart = apart_[at(side)].find(record); apart != apart_[at(side)].end()) {
        found.why = apart->second;
      }
      add(std::move(found));
    }
  }
}

void Matcher::find_doubles(Side side, std::vector<RecordIndex> people) {
  if (!input_.program.rules->match) return;
  for (std::size_t i = 0; i < input_.program.rules->match->proposals.size() && !people.empty(); ++i)
    find_doubles_by(i, side, people);
}

// Of the many who are taken, only those are kept whose keys may be asked for.
void Matcher::find_doubles_by(std::size_t proposal, Side side, std::vector<RecordIndex>& people) {
  const std::vector<std::uint32_t>& fields = input_.program.rules->match->proposals[proposal];
  const std::hash<std::string_view> hash_of;
  KeyJoin join(0);
  std::vector<std::size_t> asked;
  for (const RecordIndex record : people) {
    const std::optional<std::string> key = keys_[at(side)].key(fields, record);
    if (!key) continue;
    join.add(side, record, *key);
    asked.push_back(hash_of(*key));
  }
  std::ranges::sort(asked);
  const Side there = other(side);
  for (RecordIndex record = 0; record < records(there).size() && !asked.empty(); ++record) {
    const bool has_ended = there == Side::hub && !active_[at(there)][record];  // no link is proposed to these
    if (!found_so_far_[at(there)][record] && !has_ended) continue;
    const std::optional<std::string> key = keys_[at(there)].key(fields, record);
    if (key && std::ranges::binary_search(asked, hash_of(*key))) join.add(there, record, *key);
  }
  join.drain([&](const Holders& holders) {
    const std::vector<RecordIndex>& taken = holders.records[at(there)];
    if (taken.empty()) return;
    // The same one whatever their order.
    const RecordIndex first = *std::ranges::min_element(taken, {}, [&](RecordIndex one) { return id_of(there, one); });
    for (const RecordIndex person : holders.records[at(side)])
      doubles_[at(side)].emplace(person, Double{proposal, first});
  });
  std::erase_if(people, [&](RecordIndex person) { return doubles_[at(side)].contains(person); });
}

std::string Matcher::double_text(Side side, RecordIndex record) const {
  const auto found = doubles_[at(side)].find(record);
  if (found == doubles_[at(side)].end()) return {};
  const std::vector<std::uint32_t>& fields = input_.program.rules->match->proposals[found->second.proposal];
  const RecordIndex taken = found->second.record;
  return fmt::format("{} {} the same as of the record {} in {}, which is {}; see who is who first", labels(fields),
                     fields.size() == 1 ? "is" : "are", id_of(other(side), taken),
                     input_.program.rules->title(other(side)),
                     found_so_far_[at(other(side))][taken] ? "linked or in dispute" : "not active");
}

std::string Matcher::labels(const std::vector<std::uint32_t>& fields) const {
  std::string label;
  for (const std::uint32_t field : fields) {
    label += fmt::format("{}{}", label.empty() ? "" : ", ", input_.program.rules->fields[field].label);
  }
  return label;
}

Reason Matcher::alone(Side side, RecordIndex record, Match& person) const {
  person.link = pending_link(person);
  if (person.link != no_link) {
    person.state = LinkState::pending_create;
    return Reason::pending;
  }
  if (side == Side::hub && !in_scope(hub_id(person))) return Reason::out_of_scope;
  if (!active_[at(side)][record]) return Reason::inactive;
  const bool keyed = input_.program.match() != nullptr && has_key_[at(side)][record];
  if (!keyed) {
    return is_unread(input_.program, side, records(side), record) ? Reason::source_absent : Reason::no_match_key;
  }
  if (!complete_[at(other(side))]) return Reason::source_absent;
  if (left_.empty()) return Reason::unlinked;
  const std::string key = fmt::format("{}{}", side == Side::hub ? 'h' : 'p', id_of(side, record));
  return left_.contains(key) ? Reason::left : Reason::unlinked;
}

}  // namespace dovetail

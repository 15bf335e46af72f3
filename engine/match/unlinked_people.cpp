// Everybody whom no link and no key found a partner for: proposed by other fields, or on one side only.
#include <fmt/format.h>

#include <algorithm>

#include "engine/match/matcher.hpp"
#include "engine/match/unread.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

using Holdings = std::unordered_map<std::string, Holders>;

}  // namespace

void Matcher::propose() {
  if (!input_.program.rules->match) return;
  for (const std::vector<std::uint32_t>& fields : input_.program.rules->match->proposals) propose_by(fields);
}

void Matcher::propose_by(const std::vector<std::uint32_t>& fields) {
  Holdings holdings;
  for (const Side side : {Side::hub, Side::provider}) {
    for (RecordIndex record = 0; record < records(side).size(); ++record) {
      if (!is_free(side, record) || (side == Side::hub && !active_[at(side)][record])) continue;
      if (std::optional<std::string> key = keys_[at(side)].key(fields, record)) {
        holdings[*std::move(key)].records[at(side)].push_back(record);
      }
    }
  }
  const std::string label = labels(fields);
  for (const auto& [key, all] : holdings) {
    const Holders holders = candidates(all);
    if (holders.records[0].empty() || holders.records[1].empty()) continue;
    if (holders.records[0].size() > 1 || holders.records[1].size() > 1) {
      dispute(holders, holders.records[0], holders.records[1], label);
      continue;
    }
    Found found{pair_of(holders.records[0].front(), holders.records[1].front()), label, {}};
    found.match.reason = in_scope(hub_id(found.match)) ? Reason::link_proposed : Reason::out_of_scope;
    found.why =
        fmt::format("{} {} the same in both systems, the match key is not", label, fields.size() == 1 ? "is" : "are");
    add(std::move(found));
  }
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
    for (RecordIndex record = 0; record < records(side).size(); ++record) {
      if (!is_free(side, record)) continue;
      Found found{side == Side::hub ? pair_of(record, no_record) : pair_of(no_record, record), {}, {}};
      found.match.reason = alone(side, record, found.match);
      if (found.match.reason == Reason::unlinked) found.why = double_of(side, record);
      if (const auto apart = apart_[at(side)].find(record); apart != apart_[at(side)].end()) {
        found.why = apart->second;
      }
      add(std::move(found));
    }
  }
}

std::string Matcher::double_of(Side side, RecordIndex record) {
  if (!input_.program.rules->match) return {};
  const auto& proposals = input_.program.rules->match->proposals;
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    const std::optional<std::string> key = keys_[at(side)].key(proposals[i], record);
    if (!key) continue;
    const std::unordered_map<std::string, RecordIndex>& taken = taken_by(other(side), i);
    const auto found = taken.find(*key);
    if (found == taken.end()) continue;
    return fmt::format("{} {} the same as of the record {} in {}, which is {}; see who is who first",
                       labels(proposals[i]), proposals[i].size() == 1 ? "is" : "are", id_of(other(side), found->second),
                       input_.program.rules->title(other(side)),
                       found_so_far_[at(other(side))][found->second] ? "linked or in dispute" : "not active");
  }
  return {};
}

const std::unordered_map<std::string, RecordIndex>& Matcher::taken_by(Side side, std::size_t proposal) {
  auto& by_proposal = taken_by_[at(side)];
  by_proposal.resize(input_.program.rules->match->proposals.size());
  if (!by_proposal[proposal]) {
    by_proposal[proposal].emplace();
    for (RecordIndex record = 0; record < records(side).size(); ++record) {
      const bool has_ended = side == Side::hub && !active_[at(side)][record];  // no link is proposed to these
      if (!found_so_far_[at(side)][record] && !has_ended) continue;
      if (std::optional<std::string> key =
              keys_[at(side)].key(input_.program.rules->match->proposals[proposal], record)) {
        RecordIndex& known = by_proposal[proposal]->try_emplace(*std::move(key), record).first->second;
        if (id_of(side, record) < id_of(side, known)) known = record;  // the same one whatever their order
      }
    }
  }
  return *by_proposal[proposal];
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

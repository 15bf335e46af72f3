// Who carries the same match key: linked where nobody else does, else in dispute.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "engine/match/matcher.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

std::vector<RecordIndex> Matcher::free_of(Side side, const std::vector<RecordIndex>& all) const {
  std::vector<RecordIndex> result;
  std::ranges::copy_if(all, std::back_inserter(result), [&](RecordIndex r) { return is_free(side, r); });
  return result;
}

void Matcher::by_key(const ir::FieldProgram& field) {
  KeyJoin join(records(Side::hub).size() + records(Side::provider).size());
  std::string key;
  for (const Side side : {Side::hub, Side::provider}) {
    has_key_[at(side)].assign(records(side).size(), false);
    for (RecordIndex record = 0; record < records(side).size(); ++record) {
      key.clear();
      if (!keys_[at(side)].append(field, record, false, key)) continue;
      has_key_[at(side)][record] = true;
      join.add(side, record, key);
    }
  }
  found_.reserve(records(Side::hub).size() + records(Side::provider).size());
  const std::string label = field.rule->label.empty() ? "the match key" : field.rule->label;
  SwapSearch swaps(input_, found_, active_[at(Side::hub)]);
  join.drain([&](const Holders& holders) {
    swaps.take(holders);
    link_holders(holders, label);
  });
  dispute(swaps.find(field, keys_), label);
}

void Matcher::dispute(const std::vector<Swapped>& swapped, const std::string& label) {
  for (const Swapped& one : swapped) {
    Match& person = found_[one.person];
    person.reason = Reason::disputed;
    person.state = LinkState::disputed;  // remembered: another person's change settles nothing about this one
    const std::string_view record = id_of(Side::provider, person.provider);
    person.why = number_of(one.holder == one.person
                               ? still_disputed_text(input_.program, label, record)
                               : another_persons_text(input_.program, label, record, hub_id(found_[one.holder])));
  }
}

void Matcher::link_holders(const Holders& holders, const std::string& label) {
  const std::vector<RecordIndex> hubs = free_of(Side::hub, holders.records[at(Side::hub)]);
  const std::vector<RecordIndex> providers = free_of(Side::provider, holders.records[at(Side::provider)]);
  const bool alone = holders.records[at(Side::hub)].size() == 1 && holders.records[at(Side::provider)].size() == 1;
  if (alone && are_different(holders.records[at(Side::hub)].front(), holders.records[at(Side::provider)].front())) {
    return keep_apart(holders.records[at(Side::hub)].front(), holders.records[at(Side::provider)].front(), label);
  }
  if (alone && hubs.size() == 1 && providers.size() == 1) {
    return add(first_link(hubs.front(), providers.front(), label));
  }
  const std::size_t all = holders.records[at(Side::hub)].size() + holders.records[at(Side::provider)].size();
  if (all < 2 ||
      (holders.records[0].size() <= 1 && holders.records[1].size() <= 1 && (hubs.empty() || providers.empty()))) {
    dispute_taken(holders, hubs, providers, label);
    return;
  }
  dispute(holders, hubs, providers, label);
}

std::int64_t Matcher::pending_link(const Match& person) const {
  if (pending_.empty()) return no_link;
  for (const Side side : {Side::hub, Side::provider}) {
    const std::string key = fmt::format("{}{}", side == Side::hub ? 'h' : 'p', dovetail::id_of(input_, side, person));
    if (const auto found = pending_.find(key); found != pending_.end()) return found->second;
  }
  return no_link;
}

Matcher::Found Matcher::first_link(RecordIndex hub, RecordIndex provider, const std::string& label) const {
  Found found{pair_of(hub, provider), label, {}};
  found.match.link = pending_link(found.match);
  if (found.match.link != no_link) {
    found.match.is_linked = true;
    return found;
  }
  if (!active_[at(Side::hub)][hub]) {
    found.match.reason = Reason::inactive;
    found.why =
        fmt::format("the person is not active in {}, so no link is made", input_.program.rules->title(Side::hub));
  } else if (!in_scope(hub_id(found.match))) {
    found.match.reason = Reason::out_of_scope;
  } else if (input_.mode == Mode::push) {
    found.match.reason = Reason::unlinked;  // links are made in manual runs, where a person sees them
    found.why = "the same person is in both systems; a manual synchronisation links them";
  } else {
    found.match.is_linked = true;
  }
  return found;
}

void Matcher::keep_apart(RecordIndex hub, RecordIndex provider, const std::string& label) {
  const auto keep = [&](Side side, RecordIndex record, RecordIndex partner) {
    const std::string id(id_of(side, record));
    left_.insert((side == Side::hub ? "h" : "p") + id);
    apart_[at(side)][record] =
        fmt::format("{} is the same as that of the record {} in {}, and somebody said that these are two people", label,
                    id_of(other(side), partner), input_.program.rules->title(other(side)));
  };
  keep(Side::hub, hub, provider);
  keep(Side::provider, provider, hub);
}

bool Matcher::propose_successor(RecordIndex hub, RecordIndex provider, const std::string& label) {
  const bool hub_is_free = is_free(Side::hub, hub);
  Match* left = hub_is_free ? widowed(Side::provider, provider) : widowed(Side::hub, hub);
  if (left == nullptr || hub_is_free == is_free(Side::provider, provider)) return false;
  const Side gone = hub_is_free ? Side::hub : Side::provider;
  const RecordIndex successor = hub_is_free ? hub : provider;
  if (!active_[at(gone)][successor] || are_different(hub, provider)) return false;
  const std::string old_id(dovetail::id_of(input_, gone, *left));
  (gone == Side::hub ? left->hub : left->provider) = successor;
  if (!in_scope(hub_id(*left))) {
    (gone == Side::hub ? left->hub : left->provider) = no_record;
    return false;
  }
  taken_[at(gone)][successor] = true;
  left->is_linked = false;
  left->reason = Reason::link_proposed;
  left->why = number_of(fmt::format(
      "the record {} in {} that this person was linked to is gone; {} is the same in {}; link these two, or not",
      old_id, input_.program.rules->title(gone), label, id_of(gone, successor)));
  return true;
}

bool Matcher::join_excluded(const Holders& holders) {
  const RecordIndex provider = holders.records[at(Side::provider)].front();
  const auto found = excluded_.find(holders.records[at(Side::hub)].front());
  if (found == excluded_.end() || !is_free(Side::provider, provider)) return false;
  found_[found->second].provider = provider;
  taken_[at(Side::provider)][provider] = true;
  return true;
}

void Matcher::dispute_taken(const Holders& holders, const std::vector<RecordIndex>& hubs,
                            const std::vector<RecordIndex>& providers, const std::string& label) {
  if (holders.records[at(Side::hub)].empty() || holders.records[at(Side::provider)].empty()) return;
  if (join_excluded(holders)) return;
  if (propose_successor(holders.records[at(Side::hub)].front(), holders.records[at(Side::provider)].front(), label)) {
    return;
  }
  const auto refuse = [&](Match person, Side side) {
    Found found{person, label, {}};
    found.match.reason = Reason::disputed;
    found.why = fmt::format("{} is the same as that of a record in {} that is linked to somebody else", label,
                            input_.program.rules->title(other(side)));
    add(std::move(found));
  };
  for (const RecordIndex hub : hubs) refuse(pair_of(hub, no_record), Side::hub);
  for (const RecordIndex provider : providers) refuse(pair_of(no_record, provider), Side::provider);
}

void Matcher::dispute(const Holders& holders, const std::vector<RecordIndex>& hubs,
                      const std::vector<RecordIndex>& providers, const std::string& label) {
  const std::string why =
      fmt::format("{} is the same in {} record{} of {} and {} of {}", label, holders.records[0].size(),
                  holders.records[0].size() == 1 ? "" : "s", input_.program.rules->title(Side::hub),
                  holders.records[1].size(), input_.program.rules->title(Side::provider));
  const RecordIndex hub = only_active(Side::hub, hubs);
  const RecordIndex provider = only_active(Side::provider, providers);
  const bool proposes = hub != no_record && provider != no_record && !are_different(hub, provider);
  const auto add_disputed = [&](Match person, std::string text) {
    Found found{person, label, std::move(text)};
    found.match.reason = Reason::disputed;
    found.match.state = LinkState::disputed;
    add(std::move(found));
  };
  if (proposes) add_disputed(pair_of(hub, provider), why + "; these two are the active ones");
  for (const RecordIndex one : hubs) {
    if (!proposes || one != hub) add_disputed(pair_of(one, no_record), why);
  }
  for (const RecordIndex one : providers) {
    if (!proposes || one != provider) add_disputed(pair_of(no_record, one), why);
  }
}

RecordIndex Matcher::only_active(Side side, const std::vector<RecordIndex>& candidates) const {
  RecordIndex result = no_record;
  for (const RecordIndex record : candidates) {
    if (!active_[at(side)][record]) continue;
    if (result != no_record) return no_record;
    result = record;
  }
  return result;
}

}  // namespace dovetail

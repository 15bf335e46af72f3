#include "engine/match/match.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "engine/match/link_state.hpp"
#include "engine/match/match_key.hpp"

namespace dovetail {
namespace {

using ir::at;
using ir::Side;

constexpr std::int64_t no_link = -1;

// The records that carry one key, by side.
struct Holders {
  std::array<std::vector<RecordIndex>, 2> records;
};
using Holdings = std::unordered_map<std::string, Holders>;

class Matcher {
 public:
  explicit Matcher(const PlanInput& input)
      : input_(input), keys_{MatchKeys(input, Side::hub), MatchKeys(input, Side::provider)} {
    for (const Side side : {Side::hub, Side::provider}) {
      const Snapshot& snapshot = records(side);
      complete_[at(side)] = completeness_of(input, side).complete;
      taken_[at(side)].assign(snapshot.size(), false);
      ids_[at(side)].resize(snapshot.size());
      active_[at(side)].resize(snapshot.size());
      for (RecordIndex record = 0; record < snapshot.size(); ++record) {
        ids_[at(side)][record] = id_of(side, record);
        active_[at(side)][record] = is_active(input.program, side, snapshot, record, input.today);
      }
    }
  }

  Matched match() {
    by_links();
    by_decisions();
    if (const ir::FieldProgram* field = input_.program.match()) by_key(*field);
    propose();
    the_rest();
    return sorted();
  }

 private:
  struct Found {
    Person person;
    std::string evidence, why;
  };

  const Snapshot& records(Side side) const { return side == Side::hub ? input_.hub : input_.provider; }

  std::string id_of(Side side, RecordIndex record) const {
    const ir::SlotId slot = input_.program.records[at(side)].identity;
    if (slot == ir::no_slot) return {};
    const Observation seen = records(side).at(record, slot);
    return seen.state == State::value ? std::string(seen.text) : std::string();
  }

  bool in_scope(const std::string& hub_id) const {
    return input_.scope == nullptr || std::ranges::binary_search(*input_.scope, hub_id);
  }

  void by_links() {
    if (input_.base.links.empty()) return;
    std::array<std::unordered_map<std::string_view, RecordIndex>, 2> by_id;
    for (const Side side : {Side::hub, Side::provider}) {
      for (RecordIndex record = 0; record < ids_[at(side)].size(); ++record) {
        if (!ids_[at(side)][record].empty()) by_id[at(side)].emplace(ids_[at(side)][record], record);
      }
    }
    for (std::size_t i = 0; i < input_.base.links.size(); ++i) {
      const Link& link = input_.base.links[i];
      if (link.left && (link.hub_id.empty() || link.provider_id.empty())) {
        left_.insert((link.hub_id.empty() ? "p" + link.provider_id : "h" + link.hub_id));
        continue;  // a "no" to adding them; a partner who turns up is matched all the same
      }
      if (link.state == LinkState::pending_create && (link.hub_id.empty() || link.provider_id.empty())) {
        pending_[link.hub_id.empty() ? "p" + link.provider_id : "h" + link.hub_id] = static_cast<std::int64_t>(i);
        continue;  // the new record's id is not known yet: the match key finds it
      }
      if (link.state == LinkState::disputed && link.left) {
        not_the_same_.emplace(link.hub_id, link.provider_id);
        continue;
      }
      Found found;
      found.person.link = static_cast<std::int64_t>(i);
      found.person.hub_id = link.hub_id;
      found.person.provider_id = link.provider_id;
      found.person.state = link.state;
      const auto record = [&](Side side, const std::string& id) {
        const auto it = by_id[at(side)].find(id);
        if (id.empty() || it == by_id[at(side)].end() || taken_[at(side)][it->second]) return no_record;
        return it->second;
      };
      found.person.hub = record(Side::hub, link.hub_id);
      found.person.provider = record(Side::provider, link.provider_id);
      found.person.is_linked = !link.hub_id.empty() && !link.provider_id.empty();
      if (found.person.hub == no_record && found.person.provider == no_record && !found.person.is_linked) continue;
      judge_link(input_, link, sight_of(found.person), found.person);
      found.evidence = link.evidence;
      if (found.person.reason == Reason::excluded) found.why = link.note;
      add(std::move(found));
    }
  }

  LinkSight sight_of(const Person& person) const {
    LinkSight sight;
    sight.hub_complete = complete_[at(Side::hub)];
    sight.provider_complete = complete_[at(Side::provider)];
    sight.hub_active = person.hub != no_record && active_[at(Side::hub)][person.hub];
    sight.in_scope = in_scope(person.hub_id);
    return sight;
  }

  void add(Found found) {
    if (found.person.hub != no_record) taken_[at(Side::hub)][found.person.hub] = true;
    if (found.person.provider != no_record) taken_[at(Side::provider)][found.person.provider] = true;
    found_.push_back(std::move(found));
  }

  Person pair_of(RecordIndex hub, RecordIndex provider) const {
    Person person;
    person.hub = hub;
    person.provider = provider;
    if (hub != no_record) person.hub_id = ids_[at(Side::hub)][hub];
    if (provider != no_record) person.provider_id = ids_[at(Side::provider)][provider];
    return person;
  }

  bool is_free(Side side, RecordIndex record) const { return !taken_[at(side)][record]; }

  std::vector<RecordIndex> free_of(Side side, const std::vector<RecordIndex>& all) const {
    std::vector<RecordIndex> result;
    std::ranges::copy_if(all, std::back_inserter(result), [&](RecordIndex r) { return is_free(side, r); });
    return result;
  }

  // A key and who carries it, sorted so that equal ones are neighbours.
  struct Keyed {
    std::size_t hash = 0;
    std::size_t offset = 0, length = 0;  // in the text of all keys
    Side side = Side::hub;
    RecordIndex record = 0;
  };

  std::vector<Keyed> keyed_records(const ir::FieldProgram& field, std::string& text) {
    std::vector<Keyed> all;
    all.reserve(records(Side::hub).size() + records(Side::provider).size());
    for (const Side side : {Side::hub, Side::provider}) {
      has_key_[at(side)].assign(records(side).size(), false);
      for (RecordIndex record = 0; record < records(side).size(); ++record) {
        const std::optional<std::string> key = keys_[at(side)].key(field, record);
        if (!key) continue;
        has_key_[at(side)][record] = true;
        all.push_back({std::hash<std::string_view>{}(*key), text.size(), key->size(), side, record});
        text += *key;
      }
    }
    return all;
  }

  void by_key(const ir::FieldProgram& field) {
    std::string text;
    std::vector<Keyed> all = keyed_records(field, text);
    const auto key = [&text](const Keyed& of) { return std::string_view(text).substr(of.offset, of.length); };
    std::ranges::sort(all, {}, [&](const Keyed& of) { return std::tuple(of.hash, key(of), of.side, of.record); });
    found_.reserve(all.size());
    const std::string label = field.rule->label.empty() ? "the match key" : field.rule->label;
    Holders holders;
    for (std::size_t i = 0; i < all.size(); ++i) {
      holders.records[at(all[i].side)].push_back(all[i].record);
      if (i + 1 < all.size() && all[i].hash == all[i + 1].hash && key(all[i]) == key(all[i + 1])) continue;
      link_holders(holders, label);
      for (std::vector<RecordIndex>& of_side : holders.records) of_side.clear();
    }
  }

  // Links two records that alone carry a key; several are disputed, and the active pair is proposed.
  void link_holders(const Holders& holders, const std::string& label) {
    const std::vector<RecordIndex> hubs = free_of(Side::hub, holders.records[at(Side::hub)]);
    const std::vector<RecordIndex> providers = free_of(Side::provider, holders.records[at(Side::provider)]);
    const bool alone = holders.records[at(Side::hub)].size() == 1 && holders.records[at(Side::provider)].size() == 1;
    if (alone && hubs.size() == 1 && providers.size() == 1) {
      add(first_link(hubs.front(), providers.front(), label));
      return;
    }
    const std::size_t all = holders.records[at(Side::hub)].size() + holders.records[at(Side::provider)].size();
    if (all < 2 ||
        (holders.records[0].size() <= 1 && holders.records[1].size() <= 1 && (hubs.empty() || providers.empty()))) {
      dispute_taken(holders, hubs, providers, label);
      return;
    }
    dispute(holders, hubs, providers, label);
  }

  // The link of a creation that this record is, or that it waits for; no_link: none.
  std::int64_t pending_link(const Person& person) const {
    for (const std::string& key : {"h" + person.hub_id, "p" + person.provider_id}) {
      if (const auto found = pending_.find(key); found != pending_.end()) return found->second;
    }
    return no_link;
  }

  Found first_link(RecordIndex hub, RecordIndex provider, const std::string& label) const {
    Found found{pair_of(hub, provider), label, {}};
    found.person.link = pending_link(found.person);
    if (found.person.link != no_link) {
      found.person.is_linked = true;
      return found;
    }
    if (!active_[at(Side::hub)][hub]) {
      found.person.reason = Reason::inactive;
      found.why =
          fmt::format("the person is not active in {}, so no link is made", input_.program.rules->title(Side::hub));
    } else if (!in_scope(found.person.hub_id)) {
      found.person.reason = Reason::out_of_scope;
    } else if (input_.mode == Mode::push) {
      found.person.reason = Reason::unlinked;  // links are made in manual runs, where a person sees them
      found.why = "the same person is in both systems; a manual synchronisation links them";
    } else {
      found.person.is_linked = true;
    }
    return found;
  }

  // One record alone, or one on each side of which one is linked to somebody else.
  void dispute_taken(const Holders& holders, const std::vector<RecordIndex>& hubs,
                     const std::vector<RecordIndex>& providers, const std::string& label) {
    if (holders.records[at(Side::hub)].empty() || holders.records[at(Side::provider)].empty()) return;
    const auto refuse = [&](Person person, Side side) {
      Found found{std::move(person), label, {}};
      found.person.reason = Reason::disputed;
      found.why = fmt::format("{} is the same as that of a record in {} that is linked to somebody else", label,
                              input_.program.rules->title(other(side)));
      add(std::move(found));
    };
    for (const RecordIndex hub : hubs) refuse(pair_of(hub, no_record), Side::hub);
    for (const RecordIndex provider : providers) refuse(pair_of(no_record, provider), Side::provider);
  }

  void dispute(const Holders& holders, const std::vector<RecordIndex>& hubs, const std::vector<RecordIndex>& providers,
               const std::string& label) {
    const std::string why =
        fmt::format("{} is the same in {} record{} of {} and {} of {}", label, holders.records[0].size(),
                    holders.records[0].size() == 1 ? "" : "s", input_.program.rules->title(Side::hub),
                    holders.records[1].size(), input_.program.rules->title(Side::provider));
    const RecordIndex hub = only_active(Side::hub, hubs);
    const RecordIndex provider = only_active(Side::provider, providers);
    const bool proposes = hub != no_record && provider != no_record;
    const auto add_disputed = [&](Person person, std::string text) {
      Found found{std::move(person), label, std::move(text)};
      found.person.reason = Reason::disputed;
      found.person.state = LinkState::disputed;
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

  RecordIndex only_active(Side side, const std::vector<RecordIndex>& candidates) const {
    RecordIndex result = no_record;
    for (const RecordIndex record : candidates) {
      if (!active_[at(side)][record]) continue;
      if (result != no_record) return no_record;
      result = record;
    }
    return result;
  }

  // Two records that a person says are one.
  void by_decisions() {
    if (input_.decisions == nullptr) return;
    for (const Decision& decision : input_.decisions->exact) {
      if (decision.choice != Choice::link || decision.hub_id.empty() || decision.provider_id.empty()) continue;
      const auto hub = std::ranges::find(ids_[at(Side::hub)], decision.hub_id) - ids_[at(Side::hub)].begin();
      const auto provider =
          std::ranges::find(ids_[at(Side::provider)], decision.provider_id) - ids_[at(Side::provider)].begin();
      if (hub == std::ssize(ids_[0]) || provider == std::ssize(ids_[1])) continue;
      const auto hub_record = static_cast<RecordIndex>(hub);
      const auto provider_record = static_cast<RecordIndex>(provider);
      if (!is_free(Side::hub, hub_record) || !is_free(Side::provider, provider_record)) continue;
      Found found{pair_of(hub_record, provider_record), std::string(by_hand), {}};
      found.person.is_linked = in_scope(decision.hub_id);
      if (!found.person.is_linked) found.person.reason = Reason::out_of_scope;
      add(std::move(found));
    }
  }

  // A person has said that these two are not one.
  bool are_different(RecordIndex hub, RecordIndex provider) const {
    return not_the_same_.contains({ids_[at(Side::hub)][hub], ids_[at(Side::provider)][provider]});
  }

  void propose() {
    if (!input_.program.rules->match) return;
    for (const std::vector<std::uint32_t>& fields : input_.program.rules->match->proposals) propose_by(fields);
  }

  void propose_by(const std::vector<std::uint32_t>& fields) {
    Holdings holdings;
    for (const Side side : {Side::hub, Side::provider}) {
      for (RecordIndex record = 0; record < records(side).size(); ++record) {
        if (!is_free(side, record) || (side == Side::hub && !active_[at(side)][record])) continue;
        if (std::optional<std::string> key = keys_[at(side)].key(fields, record)) {
          holdings[*std::move(key)].records[at(side)].push_back(record);
        }
      }
    }
    std::string label;
    for (const std::uint32_t field : fields) {
      label += fmt::format("{}{}", label.empty() ? "" : ", ", input_.program.rules->fields[field].label);
    }
    for (const auto& [key, holders] : holdings) {
      if (holders.records[0].empty() || holders.records[1].empty()) continue;
      if (are_different(holders.records[0].front(), holders.records[1].front())) continue;
      if (holders.records[0].size() > 1 || holders.records[1].size() > 1) {
        dispute(holders, holders.records[0], holders.records[1], label);
        continue;
      }
      Found found{pair_of(holders.records[0].front(), holders.records[1].front()), label, {}};
      found.person.reason = in_scope(found.person.hub_id) ? Reason::link_proposed : Reason::out_of_scope;
      found.why =
          fmt::format("{} {} the same in both systems, the match key is not", label, fields.size() == 1 ? "is" : "are");
      add(std::move(found));
    }
  }

  void the_rest() {
    for (const Side side : {Side::hub, Side::provider}) {
      for (RecordIndex record = 0; record < records(side).size(); ++record) {
        if (!is_free(side, record)) continue;
        Found found{side == Side::hub ? pair_of(record, no_record) : pair_of(no_record, record), {}, {}};
        found.person.reason = alone(side, record, found.person);
        add(std::move(found));
      }
    }
  }

  // Why somebody who exists on one side only is not offered for creation; unlinked: is offered.
  Reason alone(Side side, RecordIndex record, Person& person) const {
    person.link = pending_link(person);
    if (person.link != no_link) {
      person.state = LinkState::pending_create;
      return Reason::pending;
    }
    if (side == Side::hub && !in_scope(person.hub_id)) return Reason::out_of_scope;
    if (!active_[at(side)][record]) return Reason::inactive;
    const bool keyed = input_.program.match() != nullptr && has_key_[at(side)][record];
    if (!keyed) return Reason::no_match_key;
    if (!complete_[at(other(side))]) return Reason::source_absent;
    const bool left = left_.contains(side == Side::hub ? "h" + person.hub_id : "p" + person.provider_id);
    return left ? Reason::left : Reason::unlinked;
  }

  Matched sorted() {
    std::vector<std::uint32_t> order(found_.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [this](std::uint32_t i) {
      const Person& person = found_[i].person;
      return std::tuple<bool, const std::string&, const std::string&, std::int64_t>(
          person.hub_id.empty(), person.hub_id, person.provider_id, person.link);
    });
    Matched result;
    result.people.reserve(order.size());
    result.evidence.reserve(order.size());
    result.why.reserve(order.size());
    for (const std::uint32_t i : order) {
      result.people.push_back(std::move(found_[i].person));
      result.evidence.push_back(std::move(found_[i].evidence));
      result.why.push_back(std::move(found_[i].why));
    }
    return result;
  }

  const PlanInput& input_;
  std::array<MatchKeys, 2> keys_;
  std::array<bool, 2> complete_{};
  std::array<std::vector<bool>, 2> taken_, active_, has_key_;
  std::array<std::vector<std::string>, 2> ids_;
  std::set<std::string> left_;                                  // "h" or "p", and the id
  std::set<std::pair<std::string, std::string>> not_the_same_;  // hub and provider ids
  std::map<std::string, std::int64_t> pending_;                 // the same, and the index of the link
  std::vector<Found> found_;
};

}  // namespace

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

}  // namespace dovetail

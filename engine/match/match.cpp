#include "engine/match/match.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "engine/match/key_join.hpp"
#include "engine/match/link_state.hpp"
#include "engine/match/match_key.hpp"
#include "engine/match/unread.hpp"

namespace dovetail {
namespace {

using ir::at;
using ir::Side;

constexpr std::int64_t no_link = -1;

using Holdings = std::unordered_map<std::string, Holders>;

std::string_view id_of(const PlanInput& input, Side side, RecordIndex record) {
  const ir::SlotId slot = input.program.records[at(side)].identity;
  if (slot == ir::no_slot) return {};
  const Observation seen = (side == Side::hub ? input.hub : input.provider).at(record, slot);
  return seen.state == State::value ? seen.text : std::string_view();
}

// The person's id on one side: the record's, else as the link remembers it; empty: none.
std::string_view id_of(const PlanInput& input, Side side, const Match& match) {
  const RecordIndex record = side == Side::hub ? match.hub : match.provider;
  if (record != no_record) return id_of(input, side, record);
  if (match.link == no_link) return {};
  const Link& link = input.base.links[static_cast<std::size_t>(match.link)];
  return side == Side::hub ? link.hub_id : link.provider_id;
}

class Matcher {
 public:
  explicit Matcher(const PlanInput& input)
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

  Matched match() {
    by_links();
    by_decisions();
    if (const ir::FieldProgram* field = input_.program.match()) by_key(*field);
    propose();
    the_rest();
    return sorted();
  }

 private:
  // What is known of a person while they are judged.
  struct Found {
    Match match;
    std::string evidence, why;
  };

  const Snapshot& records(Side side) const { return side == Side::hub ? input_.hub : input_.provider; }

  std::string_view id_of(Side side, RecordIndex record) const { return dovetail::id_of(input_, side, record); }

  bool in_scope(std::string_view hub_id) const {
    return input_.scope == nullptr || std::ranges::binary_search(*input_.scope, hub_id, std::less<>{});
  }

  void by_links() {
    if (input_.base.links.empty()) return;
    std::array<std::unordered_map<std::string_view, RecordIndex>, 2> by_id;
    for (const Side side : {Side::hub, Side::provider}) {
      by_id[at(side)].reserve(records(side).size());
      for (RecordIndex record = 0; record < records(side).size(); ++record) {
        if (const std::string_view id = id_of(side, record); !id.empty()) by_id[at(side)].emplace(id, record);
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
      if (is_apart(link)) {
        not_the_same_.emplace(link.hub_id, link.provider_id);
        continue;
      }
      Found found;
      found.match.link = static_cast<std::int64_t>(i);
      found.match.state = link.state;
      const auto record = [&](Side side, const std::string& id) {
        const auto it = by_id[at(side)].find(id);
        if (id.empty() || it == by_id[at(side)].end() || taken_[at(side)][it->second]) return no_record;
        return it->second;
      };
      found.match.hub = record(Side::hub, link.hub_id);
      found.match.provider = record(Side::provider, link.provider_id);
      found.match.is_linked = !link.hub_id.empty() && !link.provider_id.empty();
      if (found.match.hub == no_record && found.match.provider == no_record && !found.match.is_linked) continue;
      judge_link(input_, link, sight_of(found.match), found.match);
      found.evidence = link.evidence;
      if (found.match.reason == Reason::excluded) found.why = link.note;
      if (is_widowed(found.match)) {
        const Side side = found.match.hub != no_record ? Side::hub : Side::provider;
        widowed_[at(side)][side == Side::hub ? found.match.hub : found.match.provider] = found_.size();
      }
      add(std::move(found));
    }
  }

  // Linked to a record that is surely gone.
  static bool is_widowed(const Match& person) {
    const bool gone = person.state == LinkState::missing_in_provider || person.state == LinkState::hub_deleted;
    return gone && person.is_linked && (person.hub == no_record) != (person.provider == no_record);
  }

  // The person whose link leads from this record to one that is gone; nullptr: no such.
  Match* widowed(Side side, RecordIndex record) {
    const auto found = widowed_[at(side)].find(record);
    return found == widowed_[at(side)].end() ? nullptr : &found_[found->second];
  }

  LinkSight sight_of(const Match& person) const {
    LinkSight sight;
    sight.hub_complete = complete_[at(Side::hub)];
    sight.provider_complete = complete_[at(Side::provider)];
    sight.hub_active = person.hub != no_record && active_[at(Side::hub)][person.hub];
    sight.in_scope = in_scope(hub_id(person));
    return sight;
  }

  void add(Found found) {
    if (found.match.hub != no_record) taken_[at(Side::hub)][found.match.hub] = true;
    if (found.match.provider != no_record) taken_[at(Side::provider)][found.match.provider] = true;
    found.match.evidence = number_of(std::move(found.evidence));
    found.match.why = number_of(std::move(found.why));
    found_.push_back(found.match);
  }

  // Few are distinct: they say why, and seldom of whom.
  std::uint32_t number_of(std::string&& text) {
    if (text.empty()) return 0;
    if (text == result_.words.back()) return static_cast<std::uint32_t>(result_.words.size() - 1);
    const auto [at, is_new] = word_numbers_.try_emplace(std::move(text), result_.words.size());
    if (is_new) result_.words.push_back(at->first);
    return static_cast<std::uint32_t>(at->second);
  }

  static Match pair_of(RecordIndex hub, RecordIndex provider) {
    Match match;
    match.hub = hub;
    match.provider = provider;
    return match;
  }

  std::string_view hub_id(const Match& match) const { return dovetail::id_of(input_, Side::hub, match); }

  bool is_free(Side side, RecordIndex record) const { return !taken_[at(side)][record]; }

  std::vector<RecordIndex> free_of(Side side, const std::vector<RecordIndex>& all) const {
    std::vector<RecordIndex> result;
    std::ranges::copy_if(all, std::back_inserter(result), [&](RecordIndex r) { return is_free(side, r); });
    return result;
  }

  void by_key(const ir::FieldProgram& field) {
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
    join.drain([&](const Holders& holders) { link_holders(holders, label); });
  }

  // Links two records that alone carry a key; several are disputed, and the active pair is proposed.
  void link_holders(const Holders& holders, const std::string& label) {
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

  // The link of a creation that this record is, or that it waits for; no_link: none.
  std::int64_t pending_link(const Match& person) const {
    if (pending_.empty()) return no_link;
    for (const Side side : {Side::hub, Side::provider}) {
      const std::string key = fmt::format("{}{}", side == Side::hub ? 'h' : 'p', dovetail::id_of(input_, side, person));
      if (const auto found = pending_.find(key); found != pending_.end()) return found->second;
    }
    return no_link;
  }

  Found first_link(RecordIndex hub, RecordIndex provider, const std::string& label) const {
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

  // Both carry the key, and a person has said that they are two: neither is added to the other system, but by a
  // decision about just that one.
  void keep_apart(RecordIndex hub, RecordIndex provider, const std::string& label) {
    const auto keep = [&](Side side, RecordIndex record, RecordIndex partner) {
      const std::string id(id_of(side, record));
      left_.insert((side == Side::hub ? "h" : "p") + id);
      apart_[at(side)][record] =
          fmt::format("{} is the same as that of the record {} in {}, and somebody said that these are two people",
                      label, id_of(other(side), partner), input_.program.rules->title(other(side)));
    };
    keep(Side::hub, hub, provider);
    keep(Side::provider, provider, hub);
  }

  // Both carry the key, and one of them is linked to a record that is gone: entered again under another id, perhaps.
  bool propose_successor(RecordIndex hub, RecordIndex provider, const std::string& label) {
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

  // One record alone, or one on each side of which one is linked to somebody else.
  void dispute_taken(const Holders& holders, const std::vector<RecordIndex>& hubs,
                     const std::vector<RecordIndex>& providers, const std::string& label) {
    if (holders.records[at(Side::hub)].empty() || holders.records[at(Side::provider)].empty()) return;
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

  void dispute(const Holders& holders, const std::vector<RecordIndex>& hubs, const std::vector<RecordIndex>& providers,
               const std::string& label) {
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

  RecordIndex only_active(Side side, const std::vector<RecordIndex>& candidates) const {
    RecordIndex result = no_record;
    for (const RecordIndex record : candidates) {
      if (!active_[at(side)][record]) continue;
      if (result != no_record) return no_record;
      result = record;
    }
    return result;
  }

  RecordIndex record_with(Side side, std::string_view id) const {
    for (RecordIndex record = 0; record < records(side).size(); ++record) {
      if (id_of(side, record) == id) return record;
    }
    return no_record;
  }

  // Two records that a person says are one.
  void by_decisions() {
    if (input_.decisions == nullptr) return;
    for (const Decision& decision : input_.decisions->exact) {
      if (decision.choice != Choice::link || decision.hub_id.empty() || decision.provider_id.empty()) continue;
      const RecordIndex hub_record = record_with(Side::hub, decision.hub_id);
      const RecordIndex provider_record = record_with(Side::provider, decision.provider_id);
      if (hub_record == no_record || provider_record == no_record) continue;
      if (relink(hub_record, provider_record, decision.hub_id)) continue;
      if (!is_free(Side::hub, hub_record) || !is_free(Side::provider, provider_record)) continue;
      Found found{pair_of(hub_record, provider_record), std::string(by_hand), {}};
      found.match.is_linked = in_scope(decision.hub_id);
      if (!found.match.is_linked) found.match.reason = Reason::out_of_scope;
      add(std::move(found));
    }
  }

  // True: at least one of the two was linked to a record that is gone, and now is linked to this one.
  bool relink(RecordIndex hub, RecordIndex provider, std::string_view hub_id) {
    Match* of_hub = widowed(Side::hub, hub);
    Match* of_provider = widowed(Side::provider, provider);
    if (of_hub == nullptr && of_provider == nullptr) return false;
    if (!is_free(Side::hub, hub) && of_hub == nullptr) return false;
    if (!is_free(Side::provider, provider) && of_provider == nullptr) return false;
    if (!in_scope(hub_id)) return false;
    Match& person = of_hub != nullptr ? *of_hub : *of_provider;
    if (of_hub != nullptr && of_provider != nullptr) of_provider->provider = no_record;
    person.hub = hub;
    person.provider = provider;
    person.state = LinkState::linked;
    person.reason = Reason::no_change;
    person.is_linked = person.relinked = true;
    person.evidence = number_of(std::string(by_hand));
    person.why = 0;
    taken_[at(Side::hub)][hub] = taken_[at(Side::provider)][provider] = true;
    widowed_[at(Side::hub)].erase(hub);
    widowed_[at(Side::provider)].erase(provider);
    return true;
  }

  // A person has said that these two are not one.
  bool are_different(RecordIndex hub, RecordIndex provider) const {
    if (not_the_same_.empty()) return false;
    return not_the_same_.contains({std::string(id_of(Side::hub, hub)), std::string(id_of(Side::provider, provider))});
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
    const std::string label = labels(fields);
    for (const auto& [key, holders] : holdings) {
      if (holders.records[0].empty() || holders.records[1].empty()) continue;
      if (are_different(holders.records[0].front(), holders.records[1].front())) continue;
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

  void the_rest() {
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

  // A record of the other side that other people may be, and that is taken: by a link, or in a dispute. Empty: none.
  std::string double_of(Side side, RecordIndex record) {
    if (!input_.program.rules->match) return {};
    const auto& proposals = input_.program.rules->match->proposals;
    for (std::size_t i = 0; i < proposals.size(); ++i) {
      const std::optional<std::string> key = keys_[at(side)].key(proposals[i], record);
      if (!key) continue;
      const std::unordered_map<std::string, RecordIndex>& taken = taken_by(other(side), i);
      const auto found = taken.find(*key);
      if (found == taken.end()) continue;
      return fmt::format(
          "{} {} the same as of the record {} in {}, which is linked or in dispute; see who is who first",
          labels(proposals[i]), proposals[i].size() == 1 ? "is" : "are", id_of(other(side), found->second),
          input_.program.rules->title(other(side)));
    }
    return {};
  }

  // The taken records of a side by a proposal's key; made when first asked for.
  const std::unordered_map<std::string, RecordIndex>& taken_by(Side side, std::size_t proposal) {
    auto& by_proposal = taken_by_[at(side)];
    by_proposal.resize(input_.program.rules->match->proposals.size());
    if (!by_proposal[proposal]) {
      by_proposal[proposal].emplace();
      for (RecordIndex record = 0; record < records(side).size(); ++record) {
        if (!found_so_far_[at(side)][record]) continue;
        if (std::optional<std::string> key =
                keys_[at(side)].key(input_.program.rules->match->proposals[proposal], record)) {
          RecordIndex& known = by_proposal[proposal]->try_emplace(*std::move(key), record).first->second;
          if (id_of(side, record) < id_of(side, known)) known = record;  // the same one whatever their order
        }
      }
    }
    return *by_proposal[proposal];
  }

  std::string labels(const std::vector<std::uint32_t>& fields) const {
    std::string label;
    for (const std::uint32_t field : fields) {
      label += fmt::format("{}{}", label.empty() ? "" : ", ", input_.program.rules->fields[field].label);
    }
    return label;
  }

  // Why somebody who exists on one side only is not offered for creation; unlinked: is offered.
  Reason alone(Side side, RecordIndex record, Match& person) const {
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

  // By hub id, those without one last; then by provider id, then by link.
  Matched sorted() {
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

  // As a number that orders as the letters do; no id comes last.
  static std::uint64_t first_letters(std::string_view id) {
    if (id.empty()) return UINT64_MAX;
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof number; ++i) {
      number = number << 8U | (i < id.size() ? static_cast<unsigned char>(id[i]) : 0U);
    }
    return number;
  }

  bool comes_before(const Match& a, const Match& b) const {
    const auto rank = [this](const Match& of) {
      const std::string_view id = hub_id(of);
      return std::tuple(id.empty(), id, dovetail::id_of(input_, Side::provider, of), of.link);
    };
    return rank(a) < rank(b);
  }

  const PlanInput& input_;
  std::array<MatchKeys, 2> keys_;
  std::array<bool, 2> complete_{};
  std::array<std::vector<bool>, 2> taken_, active_, has_key_;
  std::set<std::string> left_;                                           // "h" or "p", and the id
  std::set<std::pair<std::string, std::string>> not_the_same_;           // hub and provider ids
  std::map<std::string, std::int64_t> pending_;                          // the same, and the index of the link
  std::array<std::unordered_map<RecordIndex, std::size_t>, 2> widowed_;  // an index into found_, by record
  std::array<std::map<RecordIndex, std::string>, 2> apart_;              // why they are not linked by their key
  std::array<std::vector<bool>, 2> found_so_far_;  // taken before the rest was: who is left over is nobody's double
  std::array<std::vector<std::optional<std::unordered_map<std::string, RecordIndex>>>, 2> taken_by_;
  std::vector<Match> found_;
  std::unordered_map<std::string, std::size_t> word_numbers_;  // in Matched::words
  Matched result_;
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

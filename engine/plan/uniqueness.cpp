#include "engine/plan/uniqueness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>

#include "engine/compare/comparer.hpp"
#include "engine/plan/chooser.hpp"
#include "engine/plan/sentences.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

// A record, or one element of its list.
struct Holder {
  RecordIndex record = no_record;  // no_record: a new one
  std::string element{};           // its id, "+1" … for a new one; empty: the record itself
  friend auto operator<=>(const Holder&, const Holder&) = default;
};

// One unique member on one side.
struct Unique {
  Side side;
  const ir::FieldProgram* field;
  const ir::Part* part;
  std::unordered_map<std::string, std::vector<Holder>> holders;  // of the values that somebody takes
};

// One entry's change of one unique member, or one that a person may decide on.
struct Change {
  std::uint32_t entry = 0;
  Side target = Side::provider;
  std::size_t unique = 0;
  Holder holder{};
  std::string takes{}, releases{};  // keys; empty: none
  bool clearable = false;
};

class Checker {
 public:
  Checker(const PlanInput& input, Plan& plan) : input_(input), plan_(plan) {}

  UniquenessOrder check() {
    find_uniques();
    if (uniques_.empty()) return {};
    find_changes();
    for (Unique& unique : uniques_) index(unique);
    settle();
    UniquenessOrder order = order_;
    if (std::ranges::any_of(changes_, [&](const Change& change) { return is_open(change); })) foresee();
    return goes_as_preselected() ? std::move(order_) : order;
  }

 private:
  void find_uniques() {
    for (const ir::FieldProgram& field : input_.program.fields) {
      for (const Side side : {Side::hub, Side::provider}) {
        for (const std::uint32_t part : field.unique_parts[at(side)]) {
          uniques_.push_back({side, &field, &field.parts[at(side)][part], {}});
        }
      }
    }
  }

  // Until nobody stands against anybody who goes.
  void settle() {
    do {
      while (hold_losers()) {
      }
      order_ = {};
      find_order();
    } while (hold_swaps());
  }

  // Whoever holds one of the values that are taken, inactive and unlinked people included.
  void index(Unique& unique) {
    if (unique.holders.empty()) return;
    const Snapshot& snapshot = unique.side == Side::hub ? input_.hub : input_.provider;
    RecordView view(input_.program, unique.side, snapshot);
    const auto note = [&](const Observation& seen, RecordIndex record, std::string_view element) {
      if (seen.state != State::value) return;
      const auto taken = unique.holders.find(key_of(*unique.part, seen.text, view.region()));
      if (taken != unique.holders.end()) taken->second.push_back({record, std::string(element)});
    };
    for (RecordIndex record = 0; record < snapshot.size(); ++record) {
      view.move_to(record, input_.today);
      if (!unique.part->in_element) {
        note(view.observe(*unique.part), record, {});
        continue;
      }
      const Snapshot::List list = snapshot.list(record, unique.part->list);
      const ir::SlotId key = input_.program.lists[*unique.field->rule->each].key[at(unique.side)];
      for (ElementIndex element = list.first; element < list.first + list.count; ++element) {
        note(view.observe(*unique.part, element), record, view.element_id(unique.part->list, key, element));
      }
    }
    // In the order of their ids, so that the same one is named whatever the order of the records.
    for (auto& [key, holders] : unique.holders) {
      std::ranges::sort(holders, {},
                        [&](const Holder& one) { return std::pair(name_of(unique.side, one.record), one.element); });
    }
  }

  static bool executes(const Entry& entry) {
    return entry.action == Action::set || entry.action == Action::clear || entry.action == Action::create;
  }

  std::string key_of(const ir::Part& part, std::string_view text, std::string_view region) const {
    std::string key;
    append_key(part, text, {input_.tables, input_.today, region, input_.test_system}, key);
    return key;
  }

  void find_changes() {
    for (std::uint32_t i = 0; i < plan_.entries.size(); ++i) {
      const Entry& entry = plan_.entries[i];
      for (const Side target : {Side::hub, Side::provider}) {
        if (!(executes(entry) && entry.target == target) && !entry.open()) continue;
        for (const Write& write : entry.offers[at(target)]) add_change(i, target, write);
      }
    }
  }

  void add_change(std::uint32_t index_of_entry, Side target, const Write& write) {
    const Entry& entry = plan_.entries[index_of_entry];
    for (std::size_t u = 0; u < uniques_.size(); ++u) {
      Unique& unique = uniques_[u];
      if (unique.side != target || unique.part->member != write.member || unique.field->index != write.field) continue;
      const Person& person = plan_.people[plan_.entries.person(index_of_entry)];
      Change change{.entry = index_of_entry, .target = target, .unique = u};
      if (entry.kind != Kind::create) change.holder.record = target == Side::hub ? person.hub : person.provider;
      if (unique.part->in_element) change.holder.element = write.element;
      if (write.after.state == State::value) change.takes = key_of(*unique.part, write.after.text, {});
      if (write.before.state == State::value) change.releases = key_of(*unique.part, write.before.text, {});
      change.clearable = unique.part->permission.unset == ir::Limit::none;
      if (change.takes == change.releases) continue;
      if (!change.takes.empty()) unique.holders.try_emplace(change.takes);
      changes_.push_back(std::move(change));
    }
  }

  // By nobody's decision: it goes, or would go, because it is preselected.
  bool is_open(const Change& change) const {
    const Entry& entry = plan_.entries[change.entry];
    return entry.open() || (executes(entry) && entry.decided_by == as_preselected);
  }

  bool goes_as_preselected() const { return input_.decisions != nullptr && input_.decisions->accept_preselected; }

  // What goes; while foreseeing, also what would go if everything went as preselected.
  bool is_live(const Change& change) const {
    const Entry& entry = plan_.entries[change.entry];
    if (!is_open(change) || is_going_) return executes(entry);
    return foreseeing_ && entry.preselected == winner(change.target) && !asks_.contains({change.entry, change.target});
  }

  // Whose value wins where `target` is written.
  static Choice winner(Side target) { return target == Side::provider ? Choice::hub : Choice::provider; }

  // The live change by which `holder` gives a key up; nullptr: none.
  const Change* release(std::size_t unique, const Holder& holder, const std::string& key) const {
    const auto found = releases_.find({unique, holder});
    if (found == releases_.end()) return nullptr;
    const Change& change = changes_[found->second];
    return is_live(change) && change.releases == key ? &change : nullptr;
  }

  // True if somebody was held in this round.
  bool hold_losers() {
    releases_.clear();
    std::map<std::pair<std::size_t, std::string>, std::vector<std::size_t>> takers;
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      if (!is_live(changes_[i])) continue;
      if (changes_[i].holder.record != no_record) releases_[{changes_[i].unique, changes_[i].holder}] = i;
      if (!changes_[i].takes.empty()) takers[{changes_[i].unique, changes_[i].takes}].push_back(i);
    }
    std::vector<std::pair<std::size_t, std::string>> losers;
    for (const auto& [what, all] : takers) {
      for (const std::size_t taker : all) {
        if (foreseeing_ && !is_open(changes_[taker])) continue;  // is settled already
        if (std::string rival = rival_of(changes_[taker], all); !rival.empty())
          losers.emplace_back(taker, std::move(rival));
      }
    }
    for (const auto& [taker, rival] : losers) hold(changes_[taker], rival);
    return !losers.empty();
  }

  std::string name_of(Side side, RecordIndex record) const {
    const Snapshot& snapshot = side == Side::hub ? input_.hub : input_.provider;
    const ir::SlotId slot = input_.program.records[at(side)].identity;
    return slot == ir::no_slot ? std::string() : std::string(snapshot.at(record, slot).text);
  }

  // Who stands against a change; empty: nobody.
  std::string rival_of(const Change& change, const std::vector<std::size_t>& takers) const {
    const Unique& unique = uniques_[change.unique];
    const auto holders = unique.holders.find(change.takes);
    if (holders != unique.holders.end()) {
      for (const Holder& holder : holders->second) {
        if (holder == change.holder || release(change.unique, holder, change.takes) != nullptr) continue;
        return shown(unique.side, holder) + " already has it";
      }
    }
    for (const std::size_t other_taker : takers) {
      const Change& rival = changes_[other_taker];
      if (rival.entry == change.entry && rival.holder == change.holder) continue;
      const Person& person = plan_.people[plan_.entries.person(rival.entry)];
      return fmt::format("this plan also writes it for {}", person.hub_id.empty() ? person.provider_id : person.hub_id);
    }
    return {};
  }

  void hold(const Change& change, const std::string& rival) {
    if (foreseeing_ && is_open(change)) return lose(change);
    if (executes(plan_.entries[change.entry])) put_aside(change, rival);
  }

  // Nobody has decided on it, so it stays open: of those who want one value, one may be decided on.
  void lose(const Change& change) {
    Entry& entry = plan_.entries.change(change.entry);
    lost_.emplace(change.entry, &change);
    entry.preselected = entry.decision = Choice::undecided;
    entry.decided_by = {};
    entry.action = Action::none;
    entry.reason = Reason::uniqueness;
    entry.rule = rule_of(change);
    entry.why = {};
    const std::size_t first = plan_.entries.person(change.entry) * plan_.fields;
    if (entry.field != no_field) {
      entry.kind = Kind::held;
      plan_.reasons[first + entry.field] = Reason::uniqueness;
      if (uniques_[change.unique].part->in_element) hold_element(entry, first);
    }
    for (std::size_t field = 0; entry.field == no_field && field < plan_.fields; ++field) {
      plan_.reasons[first + field] = Reason::unlinked;
    }
  }

  std::string hold_text(const Change& change, const std::string& rival) const {
    const Unique& unique = uniques_[change.unique];
    return fmt::format("{}: the value must be unique in {}, and {} ({}); change one of the two, or leave it",
                       unique.field->rule->label, input_.program.rules->title(unique.side), rival,
                       place_text(rule_of(change)));
  }

  const ir::Origin& rule_of(const Change& change) const {
    const Unique& unique = uniques_[change.unique];
    const ir::Clause* clause = unique.field->unique[at(unique.side)];
    return clause != nullptr ? clause->origin : unique.field->rule->origin;
  }

  void put_aside(const Change& change, const std::string& rival) {
    Entry& entry = plan_.entries.change(change.entry);
    const Unique& unique = uniques_[change.unique];
    entry.why = hold_text(change, rival);
    entry.action = Action::hold;
    entry.kind = Kind::held;
    entry.reason = Reason::uniqueness;
    entry.rule = rule_of(change);
    const std::size_t first = plan_.entries.person(change.entry) * plan_.fields;
    if (entry.field != no_field) {
      plan_.reasons[first + entry.field] = Reason::uniqueness;
      if (unique.part->in_element) hold_element(entry, first);
    } else {
      for (std::size_t field = 0; field < plan_.fields; ++field) {
        if (plan_.reasons[first + field] == Reason::created) plan_.reasons[first + field] = Reason::unlinked;
      }
      plan_.reasons[first + unique.field->index] = Reason::uniqueness;
    }
  }

  // The fields of a new element that is not made after all.
  void hold_element(const Entry& entry, std::size_t first) {
    if (!entry.hub_element.empty() && !entry.provider_element.empty()) return;
    for (const std::uint32_t field : input_.program.lists[*input_.program.fields[entry.field].rule->each].fields) {
      Reason& reason = plan_.reasons[first + field];
      if (reason == Reason::created) reason = Reason::uniqueness;
    }
  }

  void find_order() {
    for (const Change& change : changes_) {
      if (!is_live(change) || change.takes.empty()) continue;
      const Unique& unique = uniques_[change.unique];
      const auto holders = unique.holders.find(change.takes);
      if (holders == unique.holders.end()) continue;
      for (const Holder& holder : holders->second) {
        if (holder == change.holder) continue;
        const Change* freeing = release(change.unique, holder, change.takes);
        if (freeing != nullptr && freeing->entry != change.entry)
          order_.before.emplace_back(freeing->entry, change.entry);
      }
    }
  }

  // Entries that wait for each other in a ring: one of them is cleared first, if that is allowed; else all are held.
  bool hold_swaps() {
    for (auto left = rings(); !left.empty(); left = rings()) {  // an entry may stand in several
      const std::vector<std::uint32_t>& ring = left.front();
      const auto breaks = std::ranges::find_if(ring, [&](std::uint32_t entry) { return is_clearable(entry); });
      if (breaks != ring.end()) {
        order_.clear_first.push_back(*breaks);
        std::erase_if(order_.before, [&](const auto& edge) { return edge.first == *breaks; });
        continue;
      }
      for (const std::uint32_t entry : ring) {
        const auto change = std::ranges::find_if(
            changes_, [&](const Change& c) { return c.entry == entry && is_live(c) && !c.takes.empty(); });
        if (change != changes_.end()) hold(*change, std::string(swap_text));
      }
      return true;
    }
    return false;
  }

  bool is_clearable(std::uint32_t entry) const {
    return std::ranges::all_of(changes_,
                               [&](const Change& c) { return c.entry != entry || !is_live(c) || c.clearable; });
  }

  // What is left when entries without anything before them are taken away again and again, split into rings.
  std::vector<std::vector<std::uint32_t>> rings() const {
    std::map<std::uint32_t, std::set<std::uint32_t>> waits_for;
    for (const auto& [first, second] : order_.before) {
      waits_for[second].insert(first);
      waits_for[first];
    }
    bool removed = true;
    while (removed) {
      removed = false;
      for (auto it = waits_for.begin(); it != waits_for.end();) {
        if (!it->second.empty()) {
          ++it;
          continue;
        }
        for (auto& [entry, others] : waits_for) others.erase(it->first);
        it = waits_for.erase(it);
        removed = true;
      }
    }
    std::vector<std::vector<std::uint32_t>> result;
    std::set<std::uint32_t> seen;
    for (const auto& [start, unused] : waits_for) {
      std::vector<std::uint32_t> path;
      std::uint32_t entry = start;
      while (!seen.contains(entry)) {
        seen.insert(entry);
        path.push_back(entry);
        entry = *waits_for.at(entry).begin();
      }
      const auto ring = std::ranges::find(path, entry);
      if (ring != path.end()) {
        result.emplace_back(ring, path.end());
        std::ranges::sort(result.back());
      }
    }
    return result;
  }

  // What is offered is shown as what deciding for it gives: an offer that somebody stands against whatever is decided
  // is none, and nothing is preselected that would be held if all that is preselected went.
  void foresee() {
    foreseeing_ = true;
    for (const Question& question : plan_.questions) asks_.emplace(question.entry, question.side);
    settle();
    if (goes_as_preselected()) {  // what is open all the same does not go, and frees nothing
      is_going_ = true;
      settle();
      is_going_ = false;
    }
    find_takers();
    std::vector<std::pair<const Change*, std::string>> dead;  // and who stands against it
    for (const Change& change : changes_) {
      if (!is_open(change) || change.takes.empty()) continue;
      const std::string never = always_against(change);
      const std::string against = never.empty() ? maybe_against(change) : never;
      if (!never.empty()) dead.emplace_back(&change, never);
      if (!against.empty()) tell(change, against);
    }
    for (const auto& [index, change] : lost_) {
      if (plan_.entries[index].why.empty()) tell(*change, std::string(swap_text));
    }
    withdraw(dead);
  }

  void tell(const Change& change, const std::string& against) {
    Text& why = plan_.entries.change(change.entry).why;
    const std::string text = hold_text(change, against);
    why +=
        why.empty() ? text : fmt::format("; if {} wins: {}", input_.program.rules->title(other(change.target)), text);
  }

  // Offers that can only be held are none; what has no other is held.
  void withdraw(const std::vector<std::pair<const Change*, std::string>>& dead) {
    std::set<std::uint32_t> held;
    for (const auto& [change, rival] : dead) plan_.entries.change(change->entry).offers[at(change->target)].clear();
    for (const auto& [change, rival] : dead) {
      const Entry& entry = plan_.entries[change->entry];
      if (!entry.open() || entry.offered(Side::hub) || entry.offered(Side::provider)) continue;
      put_aside(*change, rival);
      held.insert(change->entry);
    }
    std::erase_if(plan_.questions, [&](const Question& question) { return held.contains(question.entry); });
  }

  void find_takers() {
    for (const Change& change : changes_) {
      if (!is_open(change) && !is_live(change)) continue;
      if (!change.takes.empty()) takers_[{change.unique, change.takes}].push_back(&change);
      if (!change.releases.empty()) releasers_[{change.unique, change.holder, change.releases}].push_back(&change);
    }
  }

  std::vector<const Change*> releasers_of(const Change& taker, const Holder& holder) const {
    const auto found = releasers_.find({taker.unique, holder, taker.takes});
    return found == releasers_.end() ? std::vector<const Change*>() : found->second;
  }

  std::string shown(Side side, const Holder& holder) const {
    return fmt::format("the record {}{}", name_of(side, holder.record),
                       holder.element.empty() ? "" : fmt::format(", in its element {},", holder.element));
  }

  // Who stands against an offer, whatever is decided; empty: nobody.
  std::string always_against(const Change& change) const {
    const Unique& unique = uniques_[change.unique];
    for (const Holder& holder : unique.holders.at(change.takes)) {
      if (holder != change.holder && releasers_of(change, holder).empty()) {
        return shown(unique.side, holder) + " already has it";
      }
    }
    for (const Change* taker : takers_.at({change.unique, change.takes})) {
      if (taker->entry == change.entry && taker->holder != change.holder)
        return "this plan writes it twice for one record";
    }
    return {};
  }

  // Who stands against it if it is decided so for them; empty: nobody.
  std::string maybe_against(const Change& change) const {
    const Unique& unique = uniques_[change.unique];
    for (const Holder& holder : unique.holders.at(change.takes)) {
      if (holder == change.holder) continue;
      const std::vector<const Change*> releasers = releasers_of(change, holder);
      if (std::ranges::all_of(releasers, [&](const Change* one) { return is_open(*one); })) {
        return shown(unique.side, holder) + " has it, and gives it up only by a decision about its own finding";
      }
    }
    for (const Change* taker : takers_.at({change.unique, change.takes})) {
      if (taker == &change) continue;
      const Person& person = plan_.people[plan_.entries.person(taker->entry)];
      return fmt::format("this plan also {} it for {}", is_open(*taker) ? "offers" : "writes",
                         person.hub_id.empty() ? person.provider_id : person.hub_id);
    }
    return {};
  }

  static constexpr std::string_view swap_text =
      "it is to be swapped with another record's, and may not be removed first";

  const PlanInput& input_;
  Plan& plan_;
  bool foreseeing_ = false;
  bool is_going_ = false;  // only what goes counts
  std::vector<Unique> uniques_;
  std::vector<Change> changes_;
  std::set<std::pair<std::uint32_t, Side>> asks_;  // entries and targets that wait for an answer: they do not go yet
  std::map<std::uint32_t, const Change*> lost_;    // by entry: what its preselected value would be held by
  // By unique member and key: what takes it or may, and by its holder, what releases it or may.
  std::map<std::pair<std::size_t, std::string>, std::vector<const Change*>> takers_;
  std::map<std::tuple<std::size_t, Holder, std::string>, std::vector<const Change*>> releasers_;
  std::map<std::pair<std::size_t, Holder>, std::size_t> releases_;
  UniquenessOrder order_;
};

}  // namespace

UniquenessOrder check_uniqueness(const PlanInput& input, Plan& plan) { return Checker(input, plan).check(); }

}  // namespace dovetail

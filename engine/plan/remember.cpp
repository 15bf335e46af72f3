#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "engine/base_pool.hpp"
#include "engine/match/elements.hpp"
#include "engine/match/link_state.hpp"
#include "engine/match/match.hpp"
#include "engine/plan/activation.hpp"
#include "engine/plan/base_secrets.hpp"
#include "engine/plan/element_links.hpp"
#include "engine/plan/fills.hpp"
#include "engine/plan/intended.hpp"
#include "engine/plan/outcome.hpp"
#include "engine/plan/writing.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

// What a run did about one field of one person.
struct Happened {
  const Entry* entry = nullptr;
  std::vector<std::pair<const Operation*, const Outcome*>> operations;

  bool pending() const {
    return std::ranges::any_of(operations, [](const auto& one) { return one.second->kind == Outcome::Kind::pending; });
  }
  bool done() const {
    return !operations.empty() &&
           std::ranges::all_of(operations, [](const auto& one) { return one.second->kind == Outcome::Kind::done; });
  }
};

using FieldKey = std::tuple<FieldIndex, std::string, std::string>;  // field, hub and provider element

class Rememberer {
 public:
  // `names_added`: also elements whose ids are not known yet.
  Rememberer(const Plan& plan, const PlanInput& input, const Applied& applied, bool names_added)
      : plan_(plan),
        input_(input),
        applied_(applied),
        names_added_(names_added),
        hub_(input.program, Side::hub, input.hub),
        provider_(input.program, Side::provider, input.provider),
        seen_(input),
        result_(input.base) {
    if (plan.people.size() >= worth_a_pool) pool_.emplace();
  }

  Base remember() {
    std::size_t entry = 0;
    for (const Operation& operation : plan_.operations) {
      const auto index = static_cast<std::size_t>(&operation - plan_.operations.data());
      by_entry_[operation.entry].push_back(index);
    }
    for (PersonIndex person = 0; person < plan_.people.size(); ++person) {
      happened_.clear();
      for (; entry < plan_.entries.size() && plan_.entries.person(entry) == person; ++entry) gather(entry);
      index_ = person;
      remember_person(plan_.people[person]);
    }
    if (input_.mode == Mode::manual && plan_.ready && plan_.is_complete()) result_.activated = true;
    drop_links();
    hash_secrets(input_, result_);
    return std::move(result_);
  }

 private:
  // Only at the end: until then people know their link by its index.
  void drop_links() {
    std::size_t index = 0;
    std::erase_if(result_.links, [&](const Link&) { return dropped_.contains(index++); });
  }

  template <typename Predicate>
  void drop_where(Predicate is_obsolete) {
    for (std::size_t i = 0; i < result_.links.size(); ++i) {
      if (is_obsolete(i, result_.links[i])) dropped_.insert(i);
    }
  }

  void gather(std::size_t index) {
    const Entry& entry = plan_.entries[index];
    Happened happened{&entry, {}};
    if (const auto found = by_entry_.find(static_cast<std::uint32_t>(index)); found != by_entry_.end()) {
      for (const std::size_t operation : found->second) {
        happened.operations.emplace_back(&plan_.operations[operation], &applied_.outcomes[operation]);
      }
    }
    happened_[{entry.field, entry.hub_element, entry.provider_element}] = std::move(happened);
  }

  void remember_person(const Person& person) {
    if (person.hub == no_record || person.provider == no_record) return remember_one_sided(person);
    if (!person.is_linked) return remember_different(person);
    Link& link = link_of(person);
    link.hub_id = person.hub_id;
    link.provider_id = person.provider_id;
    link.left = false;
    if (person.reason != Reason::no_change) {
      link.state = person.state;
      return;
    }
    hub_.move_to(person.hub, input_.today);
    provider_.move_to(person.provider, input_.today);
    const bool is_new =
        person.link < 0 || person.relinked || is_exclusion(input_.base.links[static_cast<std::size_t>(person.link)]);
    if (!input_.base.activated || is_new) {
      link.marks = activation_marks(input_.program, hub_);
    } else {
      complete_marks(input_.program, hub_, link.marks);
    }
    place_ = {.hub = &hub_, .provider = &provider_};
    // What was agreed before is looked up in the input's link, because `link` is rewritten on the way.
    const Link* before = is_new ? nullptr : &input_.base.links[static_cast<std::size_t>(person.link)];
    for (const ir::FieldProgram& field : input_.program.fields) {
      if (field.rule->each) continue;
      std::size_t cursor = 0;
      remember_field(field, {}, {}, find_base(before, field.rule->label, {}, cursor), link);
    }
    for (const ir::ListProgram& list : input_.program.lists) remember_list(list, before, link);
    if (person.state != LinkState::locked || all_went(person)) link.state = person.state;
  }

  // A "no" to a proposed link: these two are not one person, and may be created on their own.
  void remember_different(const Person& person) {
    if (person.link >= 0) result_.links[static_cast<std::size_t>(person.link)].state = person.state;
    const auto found = happened_.find({no_field, "", ""});
    if (found == happened_.end() || found->second.entry->kind != Kind::link) return;
    if (found->second.entry->action != Action::leave) return;
    Link link;
    link.hub_id = person.hub_id;
    link.provider_id = person.provider_id;
    link.state = LinkState::disputed;
    link.left = true;
    result_.links.push_back(std::move(link));
  }

  bool all_went(const Person& person) const {
    for (std::size_t i = 0; i < plan_.operations.size(); ++i) {
      if (&plan_.people[plan_.operations[i].person] != &person) continue;
      if (applied_.outcomes[i].kind != Outcome::Kind::done) return false;
    }
    return true;
  }

  Link& link_of(const Person& person) {
    if (person.relinked) return relinked(person);
    Link& link = person.link >= 0 ? result_.links[static_cast<std::size_t>(person.link)] : result_.links.emplace_back();
    const auto found = happened_.find({no_field, "", ""});
    if (found != happened_.end() && found->second.entry->action == Action::link) {
      link.evidence = found->second.entry->decision == Choice::link ? "by hand" : "match key";
    }
    return link;
  }

  // The link goes to another record: what was agreed on with the one that is gone says nothing about it.
  Link& relinked(const Person& person) {
    const Link& known = input_.base.links[static_cast<std::size_t>(person.link)];
    drop_where([&](std::size_t i, const Link& other) {
      return static_cast<std::int64_t>(i) != person.link &&
             (other.hub_id == person.hub_id || other.provider_id == person.provider_id);
    });
    Link& link = result_.links[static_cast<std::size_t>(person.link)];
    link.evidence = by_hand;
    link.excluded_fields = excluded_fields(input_.base, known, person.hub_id);
    link.base.clear();
    link.elements.clear();
    return link;
  }

  // Created, left, deleted or gone.
  void remember_one_sided(const Person& person) {
    const auto found = happened_.find({no_field, "", ""});
    if (person.link >= 0) result_.links[static_cast<std::size_t>(person.link)].state = person.state;
    if (found == happened_.end()) return;
    const Happened& happened = found->second;
    if (happened.entry->kind != Kind::create) return;
    if (happened.entry->action == Action::leave && person.link >= 0) {
      result_.links[static_cast<std::size_t>(person.link)].left |= happened.entry->reason == Reason::left;
    }
    if (happened.entry->reason == Reason::left && person.link < 0 && !is_left(person)) {
      Link link;
      link.hub_id = person.hub_id;
      link.provider_id = person.provider_id;
      link.left = true;
      result_.links.push_back(std::move(link));
    }
    if (happened.entry->action != Action::create || happened.operations.empty()) return;
    const Outcome& outcome = *happened.operations.front().second;
    if (outcome.kind != Outcome::Kind::done) return;
    drop_where([&](std::size_t i, const Link& link) {
      return static_cast<std::int64_t>(i) != person.link && link.left && is_about(link, person);
    });
    Link& link = person.link >= 0 ? result_.links[static_cast<std::size_t>(person.link)] : result_.links.emplace_back();
    const bool in_provider = happened.entry->target == Side::provider;
    link.hub_id = in_provider ? person.hub_id : outcome.created_id;
    link.provider_id = in_provider ? outcome.created_id : person.provider_id;
    link.left = false;
    link.state = outcome.created_id.empty() ? LinkState::pending_create : LinkState::linked;
    link.evidence = "created";
    link.base.clear();
    link.elements.clear();
    hub_.move_to(person.hub, input_.today);
    provider_.move_to(person.provider, input_.today);
    link.marks = activation_marks(input_.program, hub_);
    agree_on_created(happened, link);
  }

  // What a new record was made of is agreed on. What its system refused of it is not, nor are its elements, whose ids
  // are not known yet.
  void agree_on_created(const Happened& happened, Link& link) {
    const Operation& operation = *happened.operations.front().first;
    const Outcome& outcome = *happened.operations.front().second;
    place_ = {.hub = &hub_, .provider = &provider_};
    for (const ir::FieldProgram& field : input_.program.fields) {
      if (field.rule->each) continue;
      bool given = false, refused = false;
      for (std::size_t i = 0; i < operation.writes.size(); ++i) {
        if (operation.writes[i].field != field.index) continue;
        given = true;
        refused |= std::ranges::find(outcome.not_done, i) != outcome.not_done.end();
      }
      if (!given || refused) continue;
      seen_.see(field, place_);
      agree(field, {}, &happened, link);
    }
    if (!names_added_) return;
    for (const ir::ListProgram& list : input_.program.lists) {
      if (!all_on(input_, list.settings)) continue;
      const PairedElements paired = pair_elements(input_, list, place_, nullptr, seen_);
      for (const ElementPair& pair : paired.pairs) agree_on_added(list, pair, operation, link);
    }
    place_.hub_element = place_.provider_element = no_element;
  }

  // An element that the operation adds, under the name that it has there.
  void agree_on_added(const ir::ListProgram& list, const ElementPair& pair, const Operation& operation, Link& link) {
    if (pair.ambiguous || (pair.hub == no_element) == (pair.provider == no_element)) return;
    place_.hub_element = pair.hub;
    place_.provider_element = pair.provider;
    const Side target = pair.hub == no_element ? Side::hub : Side::provider;
    const std::string name = target == operation.target ? added_name(list, operation) : std::string();
    if (name.empty()) return;
    const std::string& hub_id = target == Side::hub ? name : pair.hub_id;
    const std::string& provider_id = target == Side::hub ? pair.provider_id : name;
    link_elements({path_of(list), hub_id, provider_id}, link);
    for (const std::uint32_t index : list.fields) {
      const ir::FieldProgram& field = input_.program.fields[index];
      const bool given = std::ranges::any_of(
          operation.writes, [&](const Write& write) { return write.field == index && write.element == name; });
      if (!given) continue;
      seen_.see(field, place_);
      FieldBase& base = base_of(field, hub_id, link);
      base.rules = input_.rules_hash;
      base.operation = input_.run;
      base.hub = parts(field, Side::hub, nullptr);
      base.provider = parts(field, Side::provider, nullptr);
      (target == Side::hub ? base.hub : base.provider) = added_parts(field, operation, name);
    }
  }

  // As what is matched by is written for the element at hand; empty: the operation does not add it.
  std::string added_name(const ir::ListProgram& list, const Operation& operation) {
    const ir::FieldProgram& match = input_.program.fields[list.rule->match];
    seen_.see(match, place_);
    const Image& image = seen_.image(operation.target);
    const std::vector<ir::Part>& parts = match.parts[at(operation.target)];
    for (const Write& write : operation.writes) {
      const std::string_view element = write.element;
      if (write.field != match.index || !element.starts_with('+')) continue;
      for (std::size_t i = 0; i < parts.size() && i < image.parts.size(); ++i) {
        if (parts[i].member == write.member && write.after == image.parts[i]) return std::string(element);
      }
    }
    return {};
  }

  std::vector<BasePart> added_parts(const ir::FieldProgram& field, const Operation& operation,
                                    const std::string& name) const {
    std::vector<BasePart> result;
    for (const ir::Part& part : field.parts[at(operation.target)]) {
      if (!part.compared) continue;
      Value value{State::unset, {}};
      for (const Write& write : operation.writes) {
        if (write.field == field.index && write.member == part.member && write.element == name) value = write.after;
      }
      result.push_back({part.path, base_value(part, value, context_, input_.hasher)});
    }
    return result;
  }

  const std::string& path_of(const ir::ListProgram& list) const { return hub_path(input_.program, list); }

  static bool is_about(const Link& link, const Person& person) {
    return link.hub_id.empty() ? link.provider_id == person.provider_id && person.hub_id.empty()
                               : link.hub_id == person.hub_id && link.provider_id.empty();
  }

  bool is_left(const Person& person) const {
    return std::ranges::any_of(result_.links, [&](const Link& link) { return link.left && is_about(link, person); });
  }

  void remember_list(const ir::ListProgram& list, const Link* before, Link& link) {
    if (!all_on(input_, list.settings)) return;
    const PairedElements paired = pair_elements(input_, list, place_, before, seen_);
    if (!paired.read[0] || !paired.read[1]) return;
    const std::string& path = path_of(list);
    settle_added(input_.program, list, paired, link);
    for (const ElementPair& pair : paired.pairs) {
      if (pair.hub == no_element || pair.provider == no_element || pair.ambiguous) {
        remember_left(list, pair, path, link);
        if (names_added_) name_added(list, pair, link);
        continue;
      }
      place_.hub_element = pair.hub;
      place_.provider_element = pair.provider;
      link_elements({path, pair.hub_id, pair.provider_id}, link);
      if (!pair.was_linked) forget_former(input_.program, list, pair.hub_id, link);
      std::size_t cursor = 0;
      for (const std::uint32_t index : list.fields) {
        const ir::FieldProgram& field = input_.program.fields[index];
        remember_field(field, pair.hub_id, pair.provider_id, base_of_pair(before, field.rule->label, pair, cursor),
                       link);
      }
    }
    place_.hub_element = place_.provider_element = no_element;
  }

  void name_added(const ir::ListProgram& list, const ElementPair& pair, Link& link) {
    const auto found = happened_.find({list.rule->match, pair.hub_id, pair.provider_id});
    if (found == happened_.end() || found->second.entry->action != Action::create) return;
    for (const auto& [operation, outcome] : found->second.operations) {
      if (outcome->kind == Outcome::Kind::done) agree_on_added(list, pair, *operation, link);
    }
  }

  // A "no" to adding an element to the other side.
  void remember_left(const ir::ListProgram& list, const ElementPair& pair, const std::string& path, Link& link) const {
    const auto found = happened_.find({list.rule->match, pair.hub_id, pair.provider_id});
    if (found == happened_.end()) return;
    const Entry& entry = *found->second.entry;
    if (entry.action != Action::leave || entry.decision == Choice::undecided) return;
    const ElementLink alone{path, pair.hub_id, pair.provider_id};
    if (!is_there(link.elements, alone)) link.elements.push_back(alone);
  }

  void remember_field(const ir::FieldProgram& field, const std::string& hub_element,
                      const std::string& provider_element, const FieldBase* agreed, Link& link) {
    if (!all_on(input_, field.settings)) return;
    const auto found = happened_.find({field.index, hub_element, provider_element});
    const Happened* happened = found == happened_.end() ? nullptr : &found->second;
    // Of a group that sends only what changed since activation nothing is agreed before it was compared.
    const bool is_compared = !field.rule->each && plan_.reason(index_, field.index) == Reason::adopted;
    if (field.after_activation && agreed == nullptr && happened == nullptr && !is_compared) return;
    seen_.compare(field, place_, agreed, false);
    const Facts& facts = seen_.facts();
    const bool settled = agreed != nullptr && facts.has_base && !facts.hub_changed && !facts.provider_changed;
    if (agreed != nullptr && has_known(*agreed) && !seen_.is_known(field, agreed) && is_read(field))
      forget_known(hub_element, *agreed, link);
    // Also where both were equal before: an undo makes them differ.
    if (happened != nullptr && happened->done()) return agree(field, hub_element, happened, link);
    if (facts.equal && settled) return;
    if (facts.equal || (happened != nullptr && is_settled_as_is(*happened->entry))) {
      agree(field, hub_element, nullptr, link);
    } else if (is_first_sight_of_authority(facts, happened)) {
      remember_first_sight(field, hub_element, link);
    } else if (happened != nullptr && happened->pending()) {
      const Side side = happened->entry->target;
      FieldBase& base = base_of(field, hub_element, link);
      (side == Side::hub ? base.pending_hub : base.pending_provider) = parts(field, side, happened);
    } else if (happened != nullptr && happened->entry->action == Action::blocked && input_.mode == Mode::manual) {
      // A push shows nobody what it found, so the next plan still does.
      FieldBase& base = base_of(field, hub_element, link);
      base.known_hub = parts(field, Side::hub, nullptr);
      base.known_provider = parts(field, Side::provider, nullptr);
    }
  }

  // What the hub alone says differs when it is first seen, and nothing is written: only against what the hub said then
  // a later change of the hub's can be told, which is sent.
  static bool is_first_sight_of_authority(const Facts& facts, const Happened* happened) {
    const bool is_one_way = facts.flows_to_provider && !facts.flows_to_hub;
    const bool is_seen = facts.hub != State::absent && facts.hub != State::masked && facts.provider == State::value;
    if (facts.has_base || !is_one_way || !is_seen) return false;
    return happened == nullptr || happened->entry->action == Action::leave || !may_be_sent(facts);
  }

  static bool may_be_sent(const Facts& facts) {
    return facts.to_provider != Image::Verdict::none && facts.to_provider != Image::Verdict::held;
  }

  // Of what may not be sent, the hub said nothing yet: it goes once it may. Nobody agreed on what the provider has, so
  // that it is nothing that the hub could remove.
  void remember_first_sight(const ir::FieldProgram& field, const std::string& hub_element, Link& link) {
    agree(field, hub_element, nullptr, link);
    FieldBase& base = base_of(field, hub_element, link);
    if (!may_be_sent(seen_.facts())) base.hub = no_values(field, Side::hub);
    base.provider = no_values(field, Side::provider);
  }

  Few<BasePart> no_values(const ir::FieldProgram& field, Side side) {
    std::vector<BasePart> result;
    for (const ir::Part& part : field.parts[at(side)]) {
      if (part.compared) result.push_back({text(part.path), {State::unset, {}, false}});
    }
    if (pool_) return pool_->of(std::move(result));
    return result;
  }

  static bool has_known(const FieldBase& agreed) { return !agreed.known_hub.empty() || !agreed.known_provider.empty(); }

  // What was blocked is known until a side changes, whatever it changes to: when it comes back, it is told anew.
  static void forget_known(const std::string& hub_element, const FieldBase& agreed, Link& link) {
    for (std::size_t i = 0; i < link.base.size(); ++i) {
      const FieldBase& one = std::as_const(link.base)[i];
      if (one.field != agreed.field || one.hub_element != hub_element) continue;
      link.base[i].known_hub.clear();
      link.base[i].known_provider.clear();
    }
  }

  // What a side did not tell is no change.
  bool is_read(const ir::FieldProgram& field) const {
    return std::ranges::all_of(std::array{Side::hub, Side::provider}, [&](Side side) {
      for (std::size_t i = 0; i < field.parts[at(side)].size(); ++i) {
        if (field.parts[at(side)][i].compared && seen_.sight(side).parts[i].state == State::absent) return false;
      }
      return true;
    });
  }

  // Left as it is, also by a choice of the side that has nothing to give. What a check holds still needs a person.
  static bool is_settled_as_is(const Entry& entry) {
    if (entry.action != Action::leave || entry.decision == Choice::undecided) return false;
    return entry.reason == Reason::left || entry.reason == Reason::source_unset ||
           entry.reason == Reason::wrong_direction || entry.reason == Reason::keep;
  }

  void agree(const ir::FieldProgram& field, const std::string& hub_element, const Happened* written, Link& link) {
    FieldBase& base = base_of(field, hub_element, link);
    base.hub = parts(field, Side::hub, written);
    base.provider = parts(field, Side::provider, written);
    base.pending_hub.clear();
    base.pending_provider.clear();
    base.known_hub.clear();
    base.known_provider.clear();
    base.rules = text(input_.rules_hash);
    base.operation = written == nullptr ? Text() : text(input_.run);
  }

  FieldBase& base_of(const ir::FieldProgram& field, const std::string& hub_element, Link& link) {
    const Few<FieldBase>& all = link.base;  // not yet this link's own
    const auto found = std::ranges::find_if(
        all, [&](const FieldBase& base) { return base.field == field.rule->label && base.hub_element == hub_element; });
    if (found != all.end()) return link.base[static_cast<std::size_t>(found - all.begin())];
    FieldBase& base = link.base.emplace_back();
    base.field = text(field.rule->label);
    base.hub_element = hub_element;
    return base;
  }

  // One side's parts: as seen, or as this run wrote them.
  Few<BasePart> parts(const ir::FieldProgram& field, Side side, const Happened* written) {
    std::vector<BasePart> result;
    for (std::size_t i = 0; i < field.parts[at(side)].size(); ++i) {
      const ir::Part& part = field.parts[at(side)][i];
      if (!part.compared) continue;
      Value value = Value::of(seen_.sight(side).parts[i]);
      if (written != nullptr) overwrite(part, side, *written, value);
      BasePart& made = result.emplace_back(BasePart{text(part.path), base_value(part, value, context_, input_.hasher)});
      if (pool_) pool_->share(made.value.text);
    }
    if (pool_) return pool_->of(std::move(result));
    return result;
  }

  Text text(std::string_view of) { return pool_ ? pool_->of(of) : Text(of); }

  // Whether it went into the element that the part stands in: of a list, one member may be a part of several.
  bool is_of(const ir::Part& part, Side side, const Write& write, const Happened& written) const {
    if (part.in_element || part.selection == ir::no_selection) return true;
    const RecordView& view = side == Side::hub ? hub_ : provider_;
    const ir::Selection& selection = input_.program.records[at(side)].selections[part.selection];
    const bool is_there = view.exists() && view.selected(part.selection).kind == Selected::Kind::element;
    if (is_there) return write.element == element_of(input_.program, part, side, place_);
    // A new one carries what it is selected by.
    return std::ranges::all_of(selection.creates, [&](const auto& carried) {
      return std::ranges::any_of(written.entry->offers[at(side)], [&](const Write& other) {
        return other.element == write.element && other.member == carried.first && other.after.text == carried.second;
      });
    });
  }

  void overwrite(const ir::Part& part, Side side, const Happened& written, Value& value) const {
    for (const auto& [operation, outcome] : written.operations) {
      if (operation->target != side) continue;
      for (std::size_t i = 0; i < operation->writes.size(); ++i) {
        const Write& write = operation->writes[i];
        if (write.member != part.member || write.field == no_field || !is_of(part, side, write, written)) continue;
        const bool answered =
            i < outcome->now.size() && (outcome->now[i].state == State::value || outcome->now[i].state == State::unset);
        value = answered ? outcome->now[i] : Value(write.after);
      }
    }
  }

  static constexpr std::size_t worth_a_pool = 64;  // people

  const Plan& plan_;
  const PlanInput& input_;
  const CheckContext context_{input_.tables, input_.today, {}, input_.test_system};
  const Applied& applied_;
  std::optional<BasePool> pool_;
  const bool names_added_;
  RecordView hub_, provider_;
  Comparer seen_;
  Place place_{};
  PersonIndex index_ = 0;  // of who is at hand
  Base result_;
  std::map<std::uint32_t, std::vector<std::size_t>> by_entry_;
  std::map<FieldKey, Happened> happened_;
  std::set<std::size_t> dropped_;  // indexes of result_.links
};

}  // namespace

Base remember(const Plan& plan, const PlanInput& input, const Applied& applied) {
  return Rememberer(plan, input, applied, false).remember();
}

Base intend(const Plan& plan, const PlanInput& input, const Applied& applied) {
  return Rememberer(plan, input, applied, true).remember();
}

}  // namespace dovetail

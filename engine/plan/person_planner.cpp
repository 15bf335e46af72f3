#include "engine/plan/person_planner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/match/link_state.hpp"
#include "engine/match/match.hpp"
#include "engine/plan/activation.hpp"
#include "engine/plan/fills.hpp"
#include "engine/plan/sentences.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

void PersonPlanner::plan(Draft& draft) {
  hub_.move_to(draft.person.hub, input_.today);
  provider_.move_to(draft.person.provider, input_.today);
  place_ = {.hub = &hub_, .provider = &provider_};
  draft.reasons.assign(input_.program.fields.size(), draft.person.reason);
  const bool both = draft.person.hub != no_record && draft.person.provider != no_record;
  if (draft.person.hub == no_record && draft.person.provider == no_record) return;  // gone from both systems
  switch (draft.person.reason) {
    case Reason::no_change:
      if (draft.link == nullptr || draft.person.relinked || is_exclusion(*draft.link))
        note_person(draft, Kind::link, Action::link);
      return compare_fields(draft);
    case Reason::disputed:
      if (draft.person.is_linked) return note_person(draft, Kind::person, Action::hold);
      [[fallthrough]];
    case Reason::link_proposed:
      return propose_link(draft);
    case Reason::inactive:
      if (draft.person.hub != no_record) return note_person(draft, Kind::person, Action::leave);
      [[fallthrough]];
    case Reason::left:
    case Reason::unlinked:
      if (!both) return offer_creation(draft, draft.person.hub == no_record ? Side::hub : Side::provider);
      return note_person(draft, Kind::person, Action::hold);
    case Reason::no_match_key:
      return note_person(draft, Kind::person, Action::hold);
    default:
      return;  // nothing to decide: inactive, locked, excluded, out of scope, pending, left, not read
  }
}

void PersonPlanner::note_person(Draft& draft, Kind kind, Action action) {
  Entry entry;
  entry.kind = kind;
  entry.action = action;
  // Ended people are many; where both systems still have them, somebody should know why they are not linked.
  entry.known = action == Action::leave && draft.person.provider == no_record;
  entry.reason = kind == Kind::link ? Reason::adopted : draft.person.reason;
  if (kind == Kind::link) {
    entry.why = draft.evidence == by_hand
                    ? std::string("linked by hand")
                    : fmt::format("linked: {} is the same in both systems, and nobody else has it", draft.evidence);
    if (draft.evidence == by_hand) entry.decision = Choice::link;
  } else {
    entry.why = draft.why.empty() ? std::string(sentence(entry.reason)) : draft.why;
  }
  if (input_.program.rules->match) entry.rule = input_.program.rules->match->origin;
  draft.entries.push_back(std::move(entry));
}

bool PersonPlanner::is_excluded(const Draft& draft, const ir::FieldProgram& field) const {
  return draft.link != nullptr &&
         std::ranges::find(draft.link->excluded_fields, field.rule->label) != draft.link->excluded_fields.end();
}

bool PersonPlanner::group_changed(const Draft& draft, const ir::FieldProgram& field) const {
  return input_.base.activated && draft.link != nullptr &&
         changed_since_activation(input_.program, *field.rule->group, hub_, *draft.link);
}

// Of an element of an `each` in a group that sends only what changed since: it is as it was then.
bool PersonPlanner::is_before_activation(const Draft& draft, const ir::ListProgram& list,
                                         ElementIndex hub_element) const {
  if (hub_element == no_element || !input_.program.fields[list.rule->match].after_activation) return false;
  return !input_.base.activated || draft.link == nullptr ||
         !element_changed_since_activation(input_.program, list, hub_, hub_element, *draft.link);
}

Reason PersonPlanner::compare_field(Draft& draft, const ir::FieldProgram& field) {
  if (!all_on(input_, field.settings)) return Reason::switched_off;
  if (is_excluded(draft, field)) return Reason::excluded;
  std::size_t cursor = 0;
  const FieldBase* base = find_base(draft.link, field.rule->label, {}, cursor);
  const bool agreed = base != nullptr && !base->hub.empty();
  const bool changed = field.after_activation && !agreed && group_changed(draft, field);
  if (field.after_activation && !agreed && !changed) return Reason::before_activation;
  const Judgement& judgement = seen_.compare(field, place_, base, changed);
  if (judgement.effect != Judgement::Effect::quiet && seen_.is_pending(field, base)) return Reason::pending;
  return maker_.add(draft, field, place_, seen_, judgement, base);
}

void PersonPlanner::compare_fields(Draft& draft) {
  for (const ir::FieldProgram& field : input_.program.fields) {
    if (!field.rule->each) draft.reasons[field.index] = compare_field(draft, field);
  }
  for (const ir::ListProgram& list : input_.program.lists) compare_list(draft, list);
  const std::optional<ir::Match>& by = input_.program.rules->match;
  if (!by || !by->field || draft.person.link < 0 || draft.reasons[*by->field] == Reason::no_change) return;
  const ir::FieldProgram* match = input_.program.match();
  const bool is_emptied = provider_emptied(draft, *match);
  const bool is_another = !is_emptied && is_unexpected(draft, *match).value_or(false);
  const ir::FieldProgram* sign = is_another ? sign_of_another(draft) : nullptr;
  const bool by_every_id = sign == nullptr && (is_emptied || is_another);
  if (by_every_id) sign = every_id_differs(draft, is_another);
  if (sign == nullptr) return;
  draft.entries.clear();
  draft.elements = draft.element_fields = 0;
  draft.element_reasons = {};
  draft.questions.clear();
  draft.notices.clear();
  draft.person.reason = Reason::disputed;
  draft.reasons.assign(input_.program.fields.size(), Reason::disputed);
  draft.why = fmt::format(
      "{} of the record {} in {} {} neither what was agreed on nor what {} says: it seems to be somebody else's by "
      "now, so nothing is written to it, nor read from it. If it is the person's all the same, say so (dovetail links "
      "cut, then dovetail links make); else make a link to the right record",
      is_emptied    ? fmt::format("{} is empty, and every other id, as {},", match->rule->label, sign->rule->label)
      : by_every_id ? fmt::format("{} and every other id, as {},", match->rule->label, sign->rule->label)
                    : fmt::format("{} and {}", match->rule->label, sign->rule->label),
      draft.person.provider_id, input_.program.rules->title(Side::provider),
      is_emptied    ? "is"
      : by_every_id ? "are"
                    : "are both",
      input_.program.rules->title(Side::hub));
  note_person(draft, Kind::person, Action::hold);
}

// Whether the provider's value is neither what was agreed on nor what the hub's becomes there; nullopt: not to be told.
std::optional<bool> PersonPlanner::is_unexpected(const Draft& draft, const ir::FieldProgram& field) {
  std::size_t cursor = 0;
  const FieldBase* base = find_base(draft.link, field.rule->label, {}, cursor);
  if (base == nullptr || field.rule->each) return std::nullopt;
  seen_.compare(field, place_, base, false);
  const auto& parts = seen_.sight(Side::provider).parts;
  const bool told = std::ranges::any_of(parts, [](const Observation& one) { return one.state == State::value; });
  if (!told || !seen_.facts().has_base) return std::nullopt;
  return seen_.facts().provider_changed && !seen_.facts().equal;
}

// The match key of a linked record may change, and so may an id; both together speak of another person. The national id
// decides where there is one; else every other single field that links are proposed by. nullptr: none of them does.
const ir::FieldProgram* PersonPlanner::sign_of_another(const Draft& draft) {
  const ir::FieldProgram* sign = nullptr;
  constexpr auto national = static_cast<std::size_t>(ir::Guard::Kind::national_ids);
  for (const bool is_national : {true, false}) {
    bool all = true;
    for (const std::vector<std::uint32_t>& proposal : input_.program.rules->match->proposals) {
      if (proposal.size() != 1 || proposal.front() == input_.program.match()->index) continue;
      const ir::FieldProgram& field = input_.program.fields[proposal.front()];
      if (field.guarded[national] != is_national) continue;
      const std::optional<bool> unexpected = is_unexpected(draft, field);
      if (!unexpected) continue;
      all &= *unexpected;
      sign = &field;
    }
    if (sign != nullptr) return all ? sign : nullptr;
  }
  return nullptr;
}

// Whether the provider had a value there by agreement, and has none, where the hub has one.
bool PersonPlanner::provider_emptied(const Draft& draft, const ir::FieldProgram& field) {
  std::size_t cursor = 0;
  const FieldBase* base = find_base(draft.link, field.rule->label, {}, cursor);
  if (base == nullptr) return false;
  seen_.compare(field, place_, base, false);
  const Facts& facts = seen_.facts();
  return facts.has_base && facts.provider == State::unset && facts.provider_had_value && !facts.equal;
}

// Where the match key is merely gone, or no id stands alone beside another one: every other id that is to be seen must
// be somebody else's, those of several fields too, and these wholly where they are all there is. One that is gone as
// well speaks for nobody; `missing_counts`: and is a sign, where nothing else is to be seen. nullptr: one speaks for
// the person.
const ir::FieldProgram* PersonPlanner::every_id_differs(const Draft& draft, bool missing_counts) {
  const ir::FieldProgram *sign = nullptr, *missing = nullptr;
  bool any_alone = false, all_wholly = true;
  for (const std::vector<std::uint32_t>& proposal : input_.program.rules->match->proposals) {
    if (std::ranges::count(proposal, input_.program.match()->index) != 0) continue;
    std::size_t seen = 0, differ = 0;
    for (const std::uint32_t index : proposal) {
      const ir::FieldProgram& field = input_.program.fields[index];
      const std::optional<bool> unexpected = is_unexpected(draft, field);
      seen += unexpected ? 1U : 0U;
      if (missing == nullptr && !unexpected && provider_emptied(draft, field)) missing = &field;
      if (!unexpected.value_or(false)) continue;
      ++differ;
      if (sign == nullptr) sign = &field;
    }
    if (seen == 0) continue;
    if (differ == 0) return nullptr;
    any_alone |= proposal.size() == 1;
    all_wholly &= differ == seen;
  }
  if (sign == nullptr && missing_counts) return missing;
  return any_alone || all_wholly ? sign : nullptr;
}

void PersonPlanner::set_list_reason(Draft& draft, const ir::ListProgram& list, Reason reason) const {
  for (const std::uint32_t field : list.fields) draft.reasons[field] = reason;
}

void PersonPlanner::compare_list(Draft& draft, const ir::ListProgram& list) {
  if (!all_on(input_, list.settings)) return set_list_reason(draft, list, Reason::switched_off);
  const PairedElements paired = pair_elements(input_, list, place_, draft.link, seen_);
  draft.elements += static_cast<std::uint32_t>(paired.pairs.size());
  draft.element_fields += static_cast<std::uint32_t>(paired.pairs.size() * list.fields.size());
  if (!paired.read[0] || !paired.read[1]) return wait_for_list(draft, list, paired);
  set_list_reason(draft, list, paired.pairs.empty() ? Reason::source_absent : Reason::not_selected);
  for (const ElementPair& pair : paired.pairs) {
    place_.hub_element = pair.hub;
    place_.provider_element = pair.provider;
    if (pair.hub != no_element && pair.provider != no_element) {
      compare_element(draft, list, pair);
    } else {
      add_element(draft, list, pair);
    }
  }
  place_.hub_element = place_.provider_element = no_element;
}

// A list that a side did not tell concludes nothing. What has changed in the hub, and waits for it, is said.
void PersonPlanner::wait_for_list(Draft& draft, const ir::ListProgram& list, const PairedElements& paired) {
  set_list_reason(draft, list, Reason::source_absent);
  const bool waits = paired.read[at(Side::hub)] && !paired.read[at(Side::provider)] && draft.link != nullptr;
  for (const ElementPair& pair : paired.pairs) {
    place_.hub_element = pair.hub;
    if (waits && pair.hub != no_element && !pair.left && !pair.was_linked &&
        !is_before_activation(draft, list, pair.hub)) {
      if (wait_to_add(draft, list, pair)) continue;
    }
    std::size_t cursor = 0;
    for (const std::uint32_t index : list.fields) {
      const ir::FieldProgram& field = input_.program.fields[index];
      if (!waits || !pair.was_linked || pair.hub == no_element || !all_on(input_, field.settings) ||
          is_excluded(draft, field) || !field.flows[at(Side::provider)]) {
        draft.count_element(Reason::source_absent);
        continue;
      }
      const FieldBase* base = base_of_pair(draft.link, field.rule->label, pair, cursor);
      seen_.compare(field, place_, base, false);
      if (!seen_.facts().has_base || !seen_.facts().hub_changed) {
        draft.count_element(Reason::source_absent);
        continue;
      }
      draft.reasons[index] = graver(draft.reasons[index], Reason::deferred);
      draft.entries.push_back(waiting(field, pair));
    }
  }
  place_.hub_element = no_element;
}

// A new element waits, if the two lists were ever read together.
bool PersonPlanner::wait_to_add(Draft& draft, const ir::ListProgram& list, const ElementPair& pair) {
  const std::string& path = input_.program.rules->schema(Side::hub).members[list.rule->lists[at(Side::hub)]].path;
  const bool adds = list.rule->add_missing && includes(*list.rule->add_missing, Side::provider);
  const auto was_read = [&](const ElementLink& link) { return link.hub_list == path; };
  if (!adds || std::ranges::none_of(std::as_const(draft.link->elements), was_read)) return false;
  const ir::FieldProgram& match = input_.program.fields[list.rule->match];
  seen_.see(match, place_);
  Entry entry = waiting(match, pair);
  entry.is_element = true;
  for (const std::uint32_t field : list.fields) draft.reasons[field] = graver(draft.reasons[field], entry.reason);
  draft.entries.push_back(std::move(entry));
  return true;
}

// Of a field of an element of the hub that was looked at last.
Entry PersonPlanner::waiting(const ir::FieldProgram& field, const ElementPair& pair) const {
  Entry entry;
  entry.field = field.index;
  entry.hub_element = pair.hub_id;
  entry.kind = Kind::held;
  entry.action = Action::hold;
  entry.reason = Reason::deferred;
  entry.rule = field.rule->origin;
  entry.secret = field.secret;
  entry.sensitive = field.sensitive;
  entry.hub = part_values(field, Side::hub, seen_.sight(Side::hub));
  for (const ir::Part& part : field.parts[at(Side::provider)]) entry.provider.push_back({part.member, PlanValue{}});
  entry.why = entry_text(input_.program, field, entry, seen_);
  return entry;
}

void PersonPlanner::compare_element(Draft& draft, const ir::ListProgram& list, const ElementPair& pair) {
  std::size_t cursor = 0;
  const bool before = is_before_activation(draft, list, pair.hub);
  for (const std::uint32_t index : list.fields) {
    const ir::FieldProgram& field = input_.program.fields[index];
    const std::size_t found = draft.entries.size();
    Reason reason = Reason::switched_off;
    if (is_excluded(draft, field)) {
      reason = Reason::excluded;
    } else if (all_on(input_, field.settings)) {
      const FieldBase* base = base_of_pair(draft.link, field.rule->label, pair, cursor);
      const bool agreed = base != nullptr && !base->hub.empty();
      reason = field.after_activation && before && !agreed
                   ? Reason::before_activation
                   : compare_in_element(draft, field, base, field.after_activation && !agreed);
    }
    if (draft.entries.size() == found) draft.count_element(reason);
    draft.reasons[index] = draft.reasons[index] == Reason::not_selected ? reason : graver(draft.reasons[index], reason);
  }
}

Reason PersonPlanner::compare_in_element(Draft& draft, const ir::FieldProgram& field, const FieldBase* base,
                                         bool changed) {
  const Judgement& judgement = seen_.compare(field, place_, base, changed);
  const bool waits = judgement.effect != Judgement::Effect::quiet && seen_.is_pending(field, base);
  return waits ? Reason::pending : maker_.add(draft, field, place_, seen_, judgement, base);
}

// An element without a partner: added where the rule says so, else left alone. None is ever removed.
void PersonPlanner::add_element(Draft& draft, const ir::ListProgram& list, const ElementPair& pair) {
  const Side target = pair.hub == no_element ? Side::hub : Side::provider;
  const auto give = [&](Reason reason) {
    for (const std::uint32_t field : list.fields) draft.reasons[field] = graver(draft.reasons[field], reason);
  };
  const auto leave = [&](Reason reason) {
    give(reason);
    for (std::size_t i = 0; i < list.fields.size(); ++i) draft.count_element(reason);
  };
  const ir::FieldProgram& match = input_.program.fields[list.rule->match];
  Entry entry;
  entry.field = match.index;
  entry.is_element = true;
  entry.hub_element = pair.hub_id;
  entry.provider_element = pair.provider_id;
  entry.rule = list.rule->origin;
  entry.target = target;
  seen_.see(match, place_);
  if (pair.hub != no_element) entry.hub = part_values(match, Side::hub, seen_.sight(Side::hub));
  if (pair.provider != no_element) entry.provider = part_values(match, Side::provider, seen_.sight(Side::provider));
  if (pair.ambiguous) {
    entry.kind = Kind::held;
    entry.action = Action::hold;
    entry.reason = Reason::ambiguous;
    entry.why = fmt::format(
        "{}: several list elements have the same value, so it is not known which belong together{}; "
        "leave one of them",
        match.rule->label, " (" + place_text(entry.rule) + ")");
    draft.entries.push_back(std::move(entry));
    return give(Reason::ambiguous);
  }
  if (is_excluded(draft, match)) return leave(Reason::excluded);  // nothing would say who its partner is
  const bool adds = list.rule->add_missing && includes(*list.rule->add_missing, target);
  const bool pushes = input_.mode == Mode::push;
  if (is_before_activation(draft, list, pair.hub)) return leave(Reason::before_activation);
  if (!adds || (pushes && target == Side::hub)) return leave(Reason::not_selected);
  if (pushes && pair.left) return leave(Reason::left);
  if (pushes && pair.was_linked) return leave(Reason::standing_difference);  // removed there on purpose
  NewRecord made = make_element(draft, list, target, place_);
  entry.kind = Kind::missing;
  entry.reason = !pair.was_linked ? Reason::first_run : target == Side::provider ? Reason::drift : Reason::source_unset;
  entry.why = alone_text(match, target, pair.was_linked);
  entry.offers[at(target)] = made.writes;
  const Choice adding = target == Side::provider ? Choice::hub : Choice::provider;
  const bool tells_hub = target == Side::hub && std::ranges::any_of(list.fields, [&](std::uint32_t field) {
                           return input_.program.fields[field].sensitive;
                         });
  if (!pair.was_linked && !pair.left && !tells_hub) entry.preselected = adding;
  entry.known = pair.left;
  settle_element(entry, target, made, draft);
  give(entry.reason);
  draft.entries.push_back(std::move(entry));
}

// What is said of an element without a partner, and of one whose partner is gone: neither side ever loses an element.
std::string PersonPlanner::alone_text(const ir::FieldProgram& match, Side target, bool was_linked) const {
  const std::string& there = input_.program.rules->title(target);
  const std::string& here = input_.program.rules->title(other(target));
  const std::string& label = match.rule->label;
  if (!was_linked) return fmt::format("{}: the element exists only in {}", label, here);
  return fmt::format(
      "{}: the element was in both systems, and is gone from {}; if {} wins, it is added there again, else it stays in "
      "{} alone",
      label, there, here, here);
}

// Takes the decision about an added element; its questions go to the draft.
void PersonPlanner::settle_element(Entry& entry, Side target, const NewRecord& made, Draft& draft) {
  const ir::FieldProgram& match = input_.program.fields[entry.field];
  const Choice adding = target == Side::provider ? Choice::hub : Choice::provider;
  if (made.refused != Reason::no_change) {
    entry.kind = Kind::held;
    entry.action = Action::hold;
    entry.reason = made.refused;
    entry.rule = made.rule.line != 0 ? RulePlace(made.rule) : entry.rule;
    entry.why = made.why;
    entry.offers = {};
    entry.preselected = Choice::undecided;
    return;
  }
  Chosen chosen{adding, {}};
  if (input_.mode == Mode::manual) {
    const bool was_left = entry.known;  // revised for just this person and field, not in bulk
    chosen = was_left
                 ? chooser_.of_settled_field(draft.person, match.rule->label, entry.hub_element, entry.provider_element)
                 : chooser_.of_field(draft.person, match.rule->label, entry.hub_element, entry.provider_element,
                                     entry.preselected);
  }
  if (entry.known && chosen.choice == Choice::undecided) chosen.choice = Choice::leave;
  entry.decision = chosen.choice;
  entry.decided_by = chosen.by;
  if (chosen.choice == adding) {
    entry.action = made.open.empty() ? Action::create : Action::hold;
    entry.reason = made.open.empty() ? Reason::created : Reason::required_missing;
    if (!made.open.empty()) {
      entry.kind = Kind::held;
      entry.rule = made.open.front().rule;
      entry.why = unanswered_text(input_.program, match, made.open.front());
    }
  } else if (chosen.choice != Choice::undecided) {
    entry.action = Action::leave;
    entry.reason = chosen.choice == Choice::leave ? Reason::left : Reason::source_unset;
  }
  if (entry.open() || entry.action == Action::hold) {
    for (Question question : made.open) {
      question.entry = static_cast<std::uint32_t>(draft.entries.size());
      draft.questions.push_back(std::move(question));
    }
  }
}

}  // namespace dovetail

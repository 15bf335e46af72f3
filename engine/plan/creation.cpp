#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/plan/demands.hpp"
#include "engine/plan/fills.hpp"
#include "engine/plan/person_planner.hpp"
#include "engine/plan/sentences.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

// Records that other people may be, or that another field suggests: shown, and linked only by a person's yes.
void PersonPlanner::propose_link(Draft& draft) {
  const bool both = draft.person.hub != no_record && draft.person.provider != no_record;
  Entry entry;
  entry.kind = both ? Kind::link : Kind::person;
  entry.reason = draft.person.reason;
  entry.why = draft.why;
  if (input_.program.rules->match) entry.rule = input_.program.rules->match->origin;
  const Chosen chosen = both ? chooser_.of_link(draft.person) : Chosen{};
  entry.decision = chosen.choice;
  entry.decided_by = chosen.by;
  if (chosen.choice == Choice::leave) {
    entry.action = Action::leave;
    entry.reason = Reason::left;
  } else if (!both || input_.mode == Mode::push) {
    entry.action = Action::hold;
  }
  draft.entries.push_back(std::move(entry));
}

bool PersonPlanner::has_creation_rule() const {
  return std::ranges::any_of(input_.program.rules->life_cycle, [&](const ir::LifeCycle& rule) {
    return rule.event == ir::LifeCycle::Event::add && rule.side == Side::hub && rule.create &&
           (!rule.create_setting || is_on(input_, *rule.create_setting));
  });
}

// Whether a provider's record is no longer what was agreed on; names the fields.
bool PersonPlanner::provider_changed_since(const Draft& draft, std::string& what) {
  if (draft.link == nullptr) return false;
  std::size_t cursor = 0;
  for (const ir::FieldProgram& field : input_.program.fields) {
    const FieldBase* base = field.rule->each ? nullptr : find_base(draft.link, field.rule->label, {}, cursor);
    if (base == nullptr || base->provider.empty()) continue;
    seen_.compare(field, place_, base, false);
    if (seen_.facts().provider_changed) what += (what.empty() ? "" : ", ") + field.rule->label;
  }
  return !what.empty();
}

void PersonPlanner::offer_creation(Draft& draft, Side target) {
  const ir::RuleSet& rules = *input_.program.rules;
  const bool gone =
      draft.person.state == LinkState::hub_deleted || draft.person.state == LinkState::missing_in_provider;
  if (input_.mode == Mode::push) {
    const bool creates = target == Side::provider && input_.event == Event::added && has_creation_rule() && !gone &&
                         draft.person.reason != Reason::left;
    if (!creates) return;  // quiet: a manual run offers it
  }
  Entry entry;
  entry.kind = Kind::create;
  entry.target = target;
  entry.reason = Reason::unlinked;
  if (rules.match) entry.rule = rules.match->origin;
  const Choice creating = target == Side::provider ? Choice::hub : Choice::provider;
  entry.why = fmt::format("exists only in {}", rules.title(other(target)));
  if (draft.person.state == LinkState::hub_deleted && gone) {
    entry.why =
        fmt::format("was deleted in {}, and exists only in {}", rules.title(Side::hub), rules.title(Side::provider));
  }
  if (draft.person.state == LinkState::missing_in_provider && gone) {
    entry.why = fmt::format("the record in {} is gone", rules.title(Side::provider));
  }
  const auto refuses = std::ranges::find_if(rules.life_cycle, [](const ir::LifeCycle& rule) {
    return rule.event == ir::LifeCycle::Event::remove && rule.side == Side::hub && rule.refuse_if_changed;
  });
  std::string changed;
  if (draft.person.state == LinkState::hub_deleted && gone && refuses != rules.life_cycle.end() &&
      provider_changed_since(draft, changed)) {
    entry.kind = Kind::person;
    entry.action = Action::hold;
    entry.reason = Reason::drift;
    entry.rule = refuses->origin;
    entry.why += fmt::format(
        "; it has changed there since ({}), so it is not added again ({}); forget the old link and match again",
        changed, place_text(refuses->origin));
    draft.reasons.assign(draft.reasons.size(), entry.reason);
    draft.entries.push_back(std::move(entry));
    return;
  }
  const bool may_be_double = !draft.why.empty();
  if (may_be_double) entry.why += "; " + draft.why;
  if (may_be_double && input_.mode == Mode::push) {
    entry.kind = Kind::person;
    entry.action = Action::hold;
    entry.reason = Reason::disputed;
    draft.reasons.assign(draft.reasons.size(), entry.reason);
    draft.entries.push_back(std::move(entry));
    return;
  }
  const NewRecord made = make_record(draft, target);
  // Those whom somebody said no to, and ended people, are added only by a decision about just them.
  const Reason quiet = draft.person.reason;
  const bool was_left = quiet == Reason::left || quiet == Reason::inactive;
  entry.known = was_left;
  entry.preselected = gone || was_left || may_be_double ? Choice::undecided : creating;
  if (made.refused == Reason::no_change) entry.offers[at(target)] = made.writes;

  Chosen chosen{creating, {}};
  if (input_.mode == Mode::manual) chosen = chooser_.of_creation(draft.person, target, entry.preselected);
  entry.decision = chosen.choice;
  entry.decided_by = chosen.by;
  if (was_left && chosen.choice != creating) chosen.choice = Choice::leave;
  if (gone && chosen.choice == Choice::undecided) {
    entry.why += fmt::format("; whether it is added to {} again is decided for this person alone", rules.title(target));
  }
  if (chosen.choice == Choice::leave || (chosen.choice != creating && chosen.choice != Choice::undecided)) {
    entry.action = Action::leave;
    entry.reason = quiet == Reason::inactive ? quiet : Reason::left;
  } else if (made.refused != Reason::no_change) {
    entry.kind = Kind::held;
    entry.action = Action::hold;
    entry.reason = made.refused;
    entry.why += "; " + made.why;
    if (made.rule.line != 0) entry.rule = made.rule;
    entry.preselected = Choice::undecided;
  } else if (chosen.choice == creating) {
    entry.action = made.open.empty() ? Action::create : Action::hold;
    entry.reason = made.open.empty() ? Reason::created : Reason::required_missing;
    if (!made.open.empty()) {
      entry.kind = Kind::held;
      entry.rule = made.open.front().rule;
      entry.why += fmt::format("; {} demands `{}`: answer \"{}\"", rules.title(target),
                               rules.schema(target).members[made.open.front().member].path, made.open.front().text);
    }
  }
  if (entry.open() || entry.action == Action::hold) {
    for (Question question : made.open) {
      question.entry = static_cast<std::uint32_t>(draft.entries.size());
      draft.questions.push_back(std::move(question));
    }
  }
  for (std::size_t field = 0; field < draft.reasons.size(); ++field) {
    if (entry.action != Action::create) {
      draft.reasons[field] = entry.action == Action::leave ? entry.reason : Reason::unlinked;
    }
  }
  draft.entries.push_back(std::move(entry));
}

namespace {

// Whether the field stands in the earliest, latest or current element of a list that a new record does not have yet.
// Such an element is never made of the few members that a rule knows.
bool chooses_nothing(const ir::Program& program, const ir::FieldProgram& field, Side target, const Place& place) {
  if (place.view(target).exists()) return false;
  const auto& selections = program.records[at(target)].selections;
  return std::ranges::any_of(field.parts[at(target)], [&](const ir::Part& part) {
    return part.selection != ir::no_selection && !part.in_element &&
           selections[part.selection].kind != ir::Selector::Kind::where;
  });
}

}  // namespace

// Adds what a field gives a new record; false: it refuses the whole.
bool PersonPlanner::add_new_field(Draft& draft, const ir::FieldProgram& field, Side target, const Place& place,
                                  NewRecord& record) {
  const ir::RuleSet& rules = *input_.program.rules;
  const auto refuse = [&](Reason reason, const std::string& what, const ir::Origin& rule) {
    record.refused = reason;
    record.why = fmt::format("{}: {} ({})", field.rule->label.empty() ? "the match key" : field.rule->label, what,
                             place_text(rule));
    record.rule = rule;
    return false;
  };
  const auto reason = [&](Reason given) {
    if (!field.rule->label.empty()) draft.reasons[field.index] = given;
  };
  if (!all_on(input_, field.settings)) return reason(Reason::switched_off), true;
  if (!field.flows[at(target)]) return reason(Reason::wrong_direction), true;
  seen_.see(field, place);
  const Image& image = seen_.image(target);
  const Sight& source = seen_.sight(other(target));
  if (chooses_nothing(input_.program, field, target, place)) return reason(Reason::not_selected), true;
  const bool missing = image.verdict == Image::Verdict::unset && source.state == State::unset;
  if (field.rule->required && !source.ambiguous && (missing || source.state == State::absent)) {
    return refuse(Reason::required_missing,
                  fmt::format("a required value is missing in {}", rules.title(other(target))), field.rule->origin);
  }
  switch (image.verdict) {
    case Image::Verdict::held:
      return refuse(image.reason, image.detail, image.rule);
    case Image::Verdict::none:
      if (source.state == State::invalid || image.reason == Reason::ambiguous) {
        return refuse(image.reason == Reason::ambiguous ? image.reason : Reason::validation,
                      std::string(sentence(image.reason)),
                      source.refused != nullptr ? source.refused->origin : field.rule->origin);
      }
      return reason(image.reason), true;
    case Image::Verdict::keep:
      return reason(Reason::keep), true;
    case Image::Verdict::unset:
      return reason(Reason::source_unset), true;
    case Image::Verdict::value:
      break;
  }
  Writing writing = make_writing(input_, field, target, place, seen_.sight(target), image, draft.added, true);
  std::erase_if(writing.writes, [&](const Write& write) {
    const ir::Member& member = rules.schema(target).members[write.member];
    return member.read_only;
  });
  record.writes.insert(record.writes.end(), writing.writes.begin(), writing.writes.end());
  reason(Reason::created);
  return true;
}

// Whether the target computes the whole field from other members that `record` gives: then nothing of it is sent.
bool PersonPlanner::is_computed(const ir::FieldProgram& field, Side target, const NewRecord& record) const {
  const ir::Schema& schema = input_.program.rules->schema(target);
  const auto computed = [&](const ir::Part& part) {
    const ir::MemberId from = schema.members[part.member].derived_from;
    return from != ir::no_member &&
           std::ranges::any_of(record.writes, [&](const Write& w) { return w.member == from; });
  };
  const std::vector<ir::Part>& parts = field.parts[at(target)];
  return !parts.empty() && std::ranges::all_of(parts, computed);
}

// Adds what the fields outside lists give. A value that cannot be sent is no obstacle where the target computes it.
void PersonPlanner::add_new_fields(Draft& draft, Side target, NewRecord& record) {
  struct Refusal {
    const ir::FieldProgram* field;
    Reason reason;
    std::string why;
    ir::Origin rule;
  };
  std::vector<Refusal> refusals;
  for (const ir::FieldProgram& field : input_.program.fields) {
    if (field.rule->each) continue;
    if (is_excluded(draft, field)) {
      draft.reasons[field.index] = Reason::excluded;
      continue;
    }
    if (add_new_field(draft, field, target, place_, record)) continue;
    refusals.push_back({&field, std::exchange(record.refused, Reason::no_change), std::move(record.why), record.rule});
  }
  for (Refusal& refusal : refusals) {
    if (!is_computed(*refusal.field, target, record)) {
      record.refused = refusal.reason;
      record.why = std::move(refusal.why);
      record.rule = std::move(refusal.rule);
      return;
    }
    draft.reasons[refusal.field->index] = Reason::blocked_update;
  }
  leave_out_derived(draft, target, record);
}

// What the target computes from another member of the new record is not sent with it.
void PersonPlanner::leave_out_derived(Draft& draft, Side target, NewRecord& record) const {
  const ir::Schema& schema = input_.program.rules->schema(target);
  const auto is_written = [&](ir::MemberId id) {
    return id != ir::no_member && std::ranges::any_of(record.writes, [&](const Write& w) { return w.member == id; });
  };
  for (const Write& write : record.writes) {
    if (is_written(schema.members[write.member].derived_from) && write.field < draft.reasons.size()) {
      draft.reasons[write.field] = Reason::blocked_update;
    }
  }
  std::vector<Write> kept;
  std::ranges::copy_if(record.writes, std::back_inserter(kept),
                       [&](const Write& w) { return !is_written(schema.members[w.member].derived_from); });
  record.writes = std::move(kept);
}

// Members that the target demands of everything new, within objects that are written at all.
void PersonPlanner::demand_required(Side target, ir::MemberId list, NewRecord& record) const {
  const ir::Schema& schema = input_.program.rules->schema(target);
  const auto is_given = [&](ir::MemberId id) {
    const bool asked = std::ranges::any_of(record.open, [&](const Question& q) { return q.member == id; });
    return asked || std::ranges::any_of(record.writes, [&](const Write& w) { return w.member == id; });
  };
  const auto object_is_written = [&](ir::MemberId parent) {
    if (parent == ir::no_member || !schema.members[parent].optional) return true;
    return std::ranges::any_of(record.writes,
                               [&](const Write& w) { return schema.members[w.member].parent == parent; });
  };
  for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
    const ir::Member& member = schema.members[id];
    if (!member.required_on_create || member.list != list || member.kind != ir::MemberKind::scalar) continue;
    if (is_given(id) || !object_is_written(member.parent)) continue;
    record.refused = Reason::required_missing;
    record.why =
        fmt::format("{} demands `{}` of everything new, and there is no value for it; fill it in in {}",
                    input_.program.rules->title(target), member.path, input_.program.rules->title(other(target)));
    return;
  }
}

// What the target demands of every element of its lists, of those that fields add by a selector.
void PersonPlanner::demand_of_elements(Side target, NewRecord& record) const {
  if (record.refused != Reason::no_change) return;
  for (const Write& write : record.writes) {
    if (write.element.empty() || write.field == no_field) continue;
    const ir::FieldProgram& field = input_.program.fields[write.field];
    const Lacking lacking = find_lacking(input_, field, target, record.writes, record.open);
    if (!lacking.any()) continue;
    record.refused = Reason::required_missing;
    record.rule = field.rule->origin;
    record.why = fmt::format("{}: {}", field.rule->label, lacking_text(input_.program, target, lacking));
    return;
  }
}

// What the target takes only together with another member.
void PersonPlanner::demand_partners(Side target, NewRecord& record) const {
  if (record.refused != Reason::no_change) return;
  const Lacking lacking = find_lacking_partner(input_, target, place_, true, record.writes);
  if (!lacking.any()) return;
  record.refused = Reason::required_missing;
  record.why = fmt::format("{} takes `{}` only together with `{}`, and no rule gives that",
                           input_.program.rules->title(target), lacking.partner->path, lacking.member->path);
}

PersonPlanner::NewRecord PersonPlanner::make_element(Draft& draft, const ir::ListProgram& list, Side target,
                                                     const Place& place) {
  NewRecord element;
  const std::vector<Reason> before = draft.reasons;
  for (const std::uint32_t index : list.fields) {
    const ir::FieldProgram& field = input_.program.fields[index];
    if (!is_excluded(draft, field) && !add_new_field(draft, field, target, place, element)) break;
  }
  draft.reasons = before;
  if (element.refused != Reason::no_change) return element;
  const std::string name = draft.added.next(target);
  for (Write& write : element.writes) write.element = name;
  std::erase_if(element.writes, [&](const Write& w) {
    return input_.program.rules->schema(target).members[w.member].list != list.rule->lists[at(target)];
  });
  const auto index = static_cast<std::uint32_t>(&list - input_.program.lists.data());
  add_fills(input_, chooser_, draft.person, place, target, index, true, element.writes, element.open);
  add_fills(input_, chooser_, draft.person, place, target, index, false, element.writes, element.open);
  demand_required(target, list.rule->lists[at(target)], element);
  demand_partners(target, element);
  return element;
}

// True if a list refuses the whole record: required fields without an element, or elements that could not be told
// apart afterwards.
bool PersonPlanner::demand_elements(const ir::ListProgram& list, Side target, const PairedElements& paired,
                                    NewRecord& record) const {
  const ir::RuleSet& rules = *input_.program.rules;
  const auto required =
      std::ranges::find_if(list.fields, [&](std::uint32_t field) { return rules.fields[field].required; });
  const bool ambiguous = std::ranges::any_of(paired.pairs, &ElementPair::ambiguous);
  const bool missing = paired.pairs.empty() && required != list.fields.end();
  if (!ambiguous && !missing) return false;
  const ir::Field& field = rules.fields[ambiguous ? list.rule->match : *required];
  record.refused = ambiguous ? Reason::ambiguous : Reason::required_missing;
  record.rule = field.origin;
  record.why = ambiguous ? fmt::format("{}: several list elements in {} have the same value ({}); leave one of them",
                                       field.label, rules.title(other(target)), place_text(field.origin))
                         : fmt::format("{}: a required value is missing in {} ({})", field.label,
                                       rules.title(other(target)), place_text(field.origin));
  return true;
}

PersonPlanner::NewRecord PersonPlanner::make_record(Draft& draft, Side target) {
  NewRecord record;
  if (input_.program.match_pair) {
    if (!add_new_field(draft, *input_.program.match_pair, target, place_, record)) return record;
  }
  add_new_fields(draft, target, record);
  if (record.refused != Reason::no_change) return record;
  add_fills(input_, chooser_, draft.person, place_, target, std::nullopt, true, record.writes, record.open);
  add_fills(input_, chooser_, draft.person, place_, target, std::nullopt, false, record.writes, record.open);
  demand_required(target, ir::no_member, record);
  demand_of_elements(target, record);
  demand_partners(target, record);
  for (const ir::ListProgram& list : input_.program.lists) {
    if (record.refused != Reason::no_change) break;
    const bool off = !all_on(input_, list.settings);
    set_list_reason(draft, list, off ? Reason::switched_off : Reason::source_unset);
    if (off || !list.rule->add_missing || !includes(*list.rule->add_missing, target)) continue;
    const PairedElements paired = pair_elements(input_, list, place_, nullptr, seen_);
    if (demand_elements(list, target, paired, record)) break;
    for (const ElementPair& pair : paired.pairs) {
      const Place place{&hub_, &provider_, pair.hub, pair.provider};
      NewRecord element = make_element(draft, list, target, place);
      if (element.refused != Reason::no_change) {
        record.refused = element.refused;
        record.why = std::move(element.why);
        record.rule = element.rule;
        break;
      }
      record.writes.insert(record.writes.end(), element.writes.begin(), element.writes.end());
      record.open.insert(record.open.end(), element.open.begin(), element.open.end());
      set_list_reason(draft, list, Reason::created);
    }
  }
  return record;
}

}  // namespace dovetail

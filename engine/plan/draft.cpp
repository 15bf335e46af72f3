#include "engine/plan/draft.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/plan/fills.hpp"
#include "engine/plan/sentences.hpp"

namespace dovetail {

using ir::at;
using ir::Side;
using Effect = Judgement::Effect;

namespace {

std::vector<PartValue> base_values(const ir::FieldProgram& field, Side side, const FieldBase* base) {
  std::vector<PartValue> result;
  if (base == nullptr) return result;
  const Few<BasePart>& agreed = side == Side::hub ? base->hub : base->provider;
  for (std::size_t i = 0; i < field.parts[at(side)].size() && !agreed.empty(); ++i) {
    const ir::Part& part = field.parts[at(side)][i];
    const BaseValue* value = find_base(agreed, i, part.path);
    if (value == nullptr) continue;
    const bool readable = !value->hashed;
    result.push_back({part.member, {readable ? value->state : State::masked, readable ? value->text : Text()}});
  }
  return result;
}

// What goes although it was never agreed on: a person should know before deciding.
std::string emptied_text(const ir::Program& program, Side target, const Writing& writing) {
  std::string emptied;
  for (const Write& write : writing.writes) {
    if (write.fill || write.after.state != State::unset || write.before.state != State::value) continue;
    emptied +=
        fmt::format("{}`{}`", emptied.empty() ? "" : ", ", program.rules->schema(target).members[write.member].path);
  }
  if (emptied.empty()) return {};
  return fmt::format("; if {} wins, {} in {} is emptied", program.rules->title(other(target)), emptied,
                     program.rules->title(target));
}

// What stays although the other side has nothing there: without a word, the two would make a value that nobody ever
// had.
std::string spared_text(const ir::Program& program, const ir::FieldProgram& field, Side target, const Comparer& seen) {
  std::string stays;
  for (const std::size_t part : seen.spared(target)) {
    stays += fmt::format("{}`{}`", stays.empty() ? "" : ", ", field.parts[at(target)][part].path);
  }
  if (stays.empty()) return {};
  const std::string_view winner = program.rules->title(other(target));
  return fmt::format("; if {} wins, {} in {} stays, unless that is decided for just this field of this person", winner,
                     stays, program.rules->title(target));
}

// Why a choice cannot do anything.
Reason why_not(const Comparer& seen, Side target, Reason otherwise) {
  const Facts& facts = seen.facts();
  if (target == Side::provider ? !facts.flows_to_provider : !facts.flows_to_hub) return Reason::wrong_direction;
  const Image& image = seen.image(target);
  if (image.verdict == Image::Verdict::unset) return Reason::source_unset;
  if (image.verdict == Image::Verdict::keep) return Reason::keep;
  if (image.verdict == Image::Verdict::none || image.verdict == Image::Verdict::held) return image.reason;
  return otherwise;
}

// The chosen value cannot be sent as it is: nobody has settled anything by choosing it.
bool is_unfit(const Comparer& seen, Side target) {
  const Facts& facts = seen.facts();
  if (target == Side::provider ? !facts.flows_to_provider : !facts.flows_to_hub) return false;
  const Image& image = seen.image(target);
  return image.verdict == Image::Verdict::held ||
         (image.verdict == Image::Verdict::none &&
          (image.reason == Reason::source_invalid || image.reason == Reason::validation));
}

}  // namespace

std::vector<PartValue> part_values(const ir::FieldProgram& field, Side side, const Sight& sight) {
  std::vector<PartValue> result;
  for (std::size_t i = 0; i < field.parts[at(side)].size(); ++i) {
    result.push_back({field.parts[at(side)][i].member, Value::of(sight.parts[i])});
  }
  return result;
}

Entry EntryMaker::start(const ir::FieldProgram& field, const Place& place, const Comparer& seen,
                        const Judgement& judgement, const FieldBase* base) const {
  Entry entry;
  entry.field = field.index;
  entry.kind = judgement.kind;
  entry.reason = judgement.reason;
  entry.hub = part_values(field, Side::hub, seen.sight(Side::hub));
  entry.provider = part_values(field, Side::provider, seen.sight(Side::provider));
  entry.base_hub = base_values(field, Side::hub, base);
  entry.base_provider = base_values(field, Side::provider, base);
  entry.preselected = judgement.preselected;
  entry.sensitive = field.sensitive;
  entry.secret = field.secret;
  entry.rule = field.rule->origin;
  entry.known = seen.is_known(field, base);
  for (const Side side : {Side::hub, Side::provider}) {
    const ElementIndex element = place.element(side);
    if (const ir::Clause* refused = seen.sight(side).refused;
        refused != nullptr && judgement.reason == Reason::source_invalid) {
      entry.reason = Reason::validation;
      entry.rule = refused->origin;
    }
    // What holds an image says so itself, and more exactly than the field.
    const Image& image = seen.image(side);
    if (image.verdict == Image::Verdict::held && image.reason == entry.reason && image.rule.line != 0) {
      entry.rule = image.rule;
    }
    if (element == no_element || field.parts[at(side)].empty()) continue;
    (side == Side::hub ? entry.hub_element : entry.provider_element) =
        element_of(input_.program, field.parts[at(side)].front(), side, place);
  }
  return entry;
}

Reason EntryMaker::add(Draft& draft, const ir::FieldProgram& field, const Place& place, Comparer& seen,
                       const Judgement& judgement, const FieldBase* base) const {
  const bool shows_known = judgement.reason == Reason::standing_difference && input_.mode == Mode::manual;
  if (judgement.effect == Effect::quiet && !shows_known) return judgement.reason;
  Entry entry = start(field, place, seen, judgement, base);
  Options options;
  const auto offer = [&](Side target) {
    Writing& writing = options.writing[at(target)];
    writing = make_writing(input_, field, target, place, seen.sight(target), seen.image(target), draft.added);
    add_fills(input_, chooser_, draft.person, place, target, std::nullopt, false, writing.writes,
              options.open[at(target)]);
    Lacking& lacking = options.lacking[at(target)];
    lacking = find_lacking(input_, field, target, writing.writes, options.open[at(target)]);
    if (!lacking.any()) lacking = find_lacking_partner(input_, target, place, false, writing.writes);
    if (!lacking.any()) {
      lacking = find_lacking_in_object(input_, field, target, place, writing.writes, options.open[at(target)]);
    }
    if (!writing.block && !writing.reselects && !lacking.any()) entry.offers[at(target)] = writing.writes;
  };
  const Choice exact =
      chooser_.of_just_this(draft.person, field.rule->label, entry.hub_element, entry.provider_element);
  if (exact == Choice::hub) seen.take_whole(Side::provider);
  if (exact == Choice::provider) seen.take_whole(Side::hub);
  if (judgement.offers_provider) offer(Side::provider);
  if (judgement.offers_hub) offer(Side::hub);
  // What was blocked is still, as long as both sides are as they were.
  const bool is_held = judgement.kind == Kind::held;  // then what may not be sent is the matter
  const bool was_blocked = entry.known && entry.preselected == Choice::undecided && !is_held;
  if (was_blocked && !judgement.offers_provider) {
    const Image& image = seen.image(Side::provider);
    if (image.verdict == Image::Verdict::value || image.verdict == Image::Verdict::unset) offer(Side::provider);
    entry.offers[at(Side::provider)].clear();
  }
  options.was_blocked = was_blocked;
  // By no row, a member of the hub is not emptied by itself, also where the field's others only change.
  const auto empties = [&](Side target) {
    const Facts& facts = seen.facts();
    if (target == Side::provider ? facts.clears_provider_by_row : facts.clears_hub_by_row) return false;
    const bool is_agreed = facts.has_base && target == Side::provider;
    return !is_agreed && !emptied_text(input_.program, target, options.writing[at(target)]).empty();
  };
  if (entry.preselected == Choice::hub && empties(Side::provider)) entry.preselected = Choice::undecided;
  if (entry.preselected == Choice::provider && empties(Side::hub)) entry.preselected = Choice::undecided;
  if (entry.preselected == Choice::hub && !entry.offered(Side::provider)) entry.preselected = Choice::undecided;
  if (entry.preselected == Choice::provider && !entry.offered(Side::hub)) entry.preselected = Choice::undecided;

  Chosen chosen;
  if (judgement.effect == Effect::open) {
    chosen = chooser_.of_field(draft.person, field.rule->label, entry.hub_element, entry.provider_element,
                               entry.preselected);
  } else if (judgement.effect == Effect::quiet) {
    chosen = chooser_.of_settled_field(draft.person, field.rule->label, entry.hub_element, entry.provider_element);
  } else if (judgement.effect == Effect::write) {
    chosen.choice = Choice::hub;
  }
  entry.decision = chosen.choice;
  entry.decided_by = chosen.by;
  settle(entry, field, seen, judgement, options, chosen.choice);
  if (entry.why.empty()) entry.why = entry_text(input_.program, field, entry, seen);
  for (const Side target : {Side::provider, Side::hub}) {
    if (!entry.offered(target)) continue;
    if (!seen.facts().has_base) entry.why += emptied_text(input_.program, target, options.writing[at(target)]);
    entry.why += spared_text(input_.program, field, target, seen);
  }
  ask(draft, entry, options);
  const Reason reason = entry.reason;
  draft.entries.push_back(std::move(entry));
  return reason;
}

void EntryMaker::settle(Entry& entry, const ir::FieldProgram& field, const Comparer& seen, const Judgement& judgement,
                        const Options& options, Choice choice) const {
  const Writing& to_provider = options.writing[at(Side::provider)];
  if (judgement.effect == Effect::quiet && choice != Choice::hub && choice != Choice::provider) {
    entry.action = Action::leave;
    entry.known = true;
    return;
  }
  if (options.was_blocked && choice == Choice::undecided) {
    for (const Side target : {Side::provider, Side::hub}) {
      if (options.writing[at(target)].block) return block(entry, target, options);
    }
  }
  if (judgement.effect == Effect::hold) {
    entry.action = Action::hold;
    return;
  }
  entry.restorable = judgement.restorable;
  const auto go = [&](Side target) {
    if (entry.offered(target)) return take(entry, target, options);
    const Writing& writing = options.writing[at(target)];
    if (writing.block) return block(entry, target, options);
    if (options.lacking[at(target)].any()) return hold_lacking(entry, target, options);
    const bool needs_person = is_unfit(seen, target);
    entry.action = writing.reselects || needs_person ? Action::hold : Action::leave;
    const bool gives_nothing =
        judgement.offers(target) && writing.writes.empty() && seen.image(target).verdict == Image::Verdict::value;
    entry.reason = writing.reselects ? Reason::not_selected
                   : gives_nothing   ? Reason::left  // it is there already, as far as it may be written
                                     : why_not(seen, target, entry.reason);
    if (writing.reselects) {
      entry.kind = Kind::held;
      entry.why = reselecting_text(input_.program, field, target);
    }
  };
  switch (choice) {
    case Choice::hub:
      return go(Side::provider);
    case Choice::provider:
      return go(Side::hub);
    case Choice::leave:
      entry.action = Action::leave;
      entry.reason = Reason::left;
      return;
    default:
      break;
  }
  const bool stuck = !entry.offered(Side::provider) && !entry.offered(Side::hub);
  if (stuck && judgement.kind == Kind::held && !judgement.wants_provider) {
    entry.action = Action::hold;
    return;
  }
  if (to_provider.block && (judgement.wants_provider || stuck)) return block(entry, Side::provider, options);
  if (stuck && options.writing[at(Side::hub)].block) return block(entry, Side::hub, options);
  for (const Side target : {Side::provider, Side::hub}) {
    const bool wanted = stuck || (target == Side::provider && judgement.wants_provider);
    if (wanted && options.lacking[at(target)].any()) return hold_lacking(entry, target, options);
  }
  for (const Side target : {Side::provider, Side::hub}) {
    if (!stuck || !options.writing[at(target)].reselects) continue;
    entry.kind = Kind::held;
    entry.reason = Reason::not_selected;
    entry.why = reselecting_text(input_.program, field, target);
  }
  if (stuck) entry.action = Action::hold;
}

void EntryMaker::take(Entry& entry, Side target, const Options& options) const {
  const Writing& writing = options.writing[at(target)];
  entry.target = target;
  if (!options.open[at(target)].empty()) {
    entry.kind = Kind::held;
    entry.action = Action::hold;
    entry.reason = Reason::required_missing;
    entry.rule = options.open[at(target)].front().rule;
    entry.why = unanswered_text(input_.program, input_.program.fields[entry.field], options.open[at(target)].front());
    return;
  }
  entry.action = writing.clears ? Action::clear : Action::set;
  if (writing.clears) {
    entry.reason = Reason::cleared;
  } else if (target == Side::hub) {
    entry.reason = Reason::read_in;
  } else {
    entry.reason = writing.fills ? Reason::filled : Reason::written;
  }
}

// Lists the open questions of what is on offer, or of what was chosen.
void EntryMaker::ask(Draft& draft, const Entry& entry, const Options& options) const {
  for (const Side target : {Side::provider, Side::hub}) {
    const bool waits =
        entry.action == Action::hold && entry.reason == Reason::required_missing && entry.target == target;
    if (!waits && !(entry.open() && entry.offered(target))) continue;
    for (Question question : options.open[at(target)]) {
      question.entry = static_cast<std::uint32_t>(draft.entries.size());
      draft.questions.push_back(std::move(question));
    }
  }
}

void EntryMaker::block(Entry& entry, Side target, const Options& options) const {
  const Block& block = *options.writing[at(target)].block;
  entry.target = target;
  entry.kind = Kind::blocked;
  entry.action = Action::blocked;
  entry.reason = block.unset ? Reason::blocked_unset : Reason::blocked_update;
  entry.rule = block.rule;
  entry.why = blocked_text(input_.program, input_.program.fields[entry.field], target, block);
}

void EntryMaker::hold_lacking(Entry& entry, Side target, const Options& options) const {
  entry.target = target;
  entry.kind = Kind::held;
  entry.action = Action::hold;
  entry.reason = Reason::required_missing;
  entry.why = lacking_text(input_.program, target, options.lacking[at(target)]);
}

Reason graver(Reason a, Reason b) {
  const auto rank = [](Reason reason) {
    switch (word(reason)) {
      case Word::needs_you:
        return 5;
      case Word::not_allowed:
        return 4;
      case Word::paused:
      case Word::waiting:
        return 3;
      case Word::done:
        break;
    }
    switch (reason) {
      case Reason::written:
      case Reason::filled:
      case Reason::cleared:
      case Reason::created:
      case Reason::read_in:
        return 2;
      case Reason::adopted:
      case Reason::left:
      case Reason::standing_difference:
        return 1;
      case Reason::not_selected:
        return -1;
      default:
        return 0;
    }
  };
  return rank(b) > rank(a) ? b : a;
}

}  // namespace dovetail

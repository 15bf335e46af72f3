#include "engine/explain/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/match/elements.hpp"
#include "engine/match/match_key.hpp"
#include "engine/plan/activation.hpp"
#include "engine/plan/draft.hpp"
#include "engine/plan/fills.hpp"
#include "engine/plan/sentences.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

// As FieldExplanation::bits, of the strictest of the field's members on a side.
std::string bits(const ir::FieldProgram& field, Side side) {
  bool read = true, create = true, update = true, unset = true;
  for (const ir::Part& part : field.parts[at(side)]) {
    read &= !part.schema->write_only;
    create &= part.permission.create == ir::Limit::none;
    update &= part.permission.update == ir::Limit::none;
    unset &= part.permission.unset == ir::Limit::none;
  }
  return fmt::format("{}{}{}{}", read ? 'r' : '-', create ? 'c' : '-', update ? 'u' : '-', unset ? 'x' : '-');
}

class Explainer {
 public:
  Explainer(const Plan& plan, const PlanInput& input, PersonIndex person)
      : plan_(plan),
        input_(input),
        index_(person),
        hub_(input.program, Side::hub, input.hub),
        provider_(input.program, Side::provider, input.provider),
        seen_(input) {
    hub_.move_to(plan.people[person].hub, input.today);
    provider_.move_to(plan.people[person].provider, input.today);
    place_ = {.hub = &hub_, .provider = &provider_};
    const std::int64_t link = plan.people[person].relinked ? -1 : plan.people[person].link;
    if (link >= 0) link_ = &input.base.links[static_cast<std::size_t>(link)];
  }

  PersonExplanation explain() {
    PersonExplanation result;
    result.person = plan_.people[index_];
    result.why = person_text();
    for (const ir::FieldProgram& field : input_.program.fields) {
      if (field.rule->each) continue;
      std::size_t cursor = 0;
      result.fields.push_back(one(field, {}, {}, find_base(link_, field.rule->label, {}, cursor)));
    }
    for (const ir::ListProgram& list : input_.program.lists) explain_list(list, result.fields);
    return result;
  }

 private:
  std::string person_text() const {
    for (const Entry& entry : plan_.entries.of(index_)) {
      if (entry.field == no_field) return entry.why;
    }
    const Person& person = plan_.people[index_];
    return person.reason == Reason::no_change ? "linked; the fields are compared"
                                              : std::string(sentence(person.reason));
  }

  void explain_list(const ir::ListProgram& list, std::vector<FieldExplanation>& into) {
    const PairedElements paired = pair_elements(input_, list, place_, link_, seen_);
    list_read_ = paired.read[at(Side::hub)] && paired.read[at(Side::provider)];
    if (paired.pairs.empty()) {
      for (const std::uint32_t field : list.fields) into.push_back(one(input_.program.fields[field], {}, {}, nullptr));
    }
    for (const ElementPair& pair : paired.pairs) {
      place_.hub_element = pair.hub;
      place_.provider_element = pair.provider;
      std::size_t cursor = 0;
      for (const std::uint32_t index : list.fields) {
        const ir::FieldProgram& field = input_.program.fields[index];
        const FieldBase* base = base_of_pair(link_, field.rule->label, pair, cursor);
        into.push_back(one(field, pair.hub_id, pair.provider_id, base));
      }
    }
    place_.hub_element = place_.provider_element = no_element;
  }

  const Entry* find_entry(FieldIndex field, const std::string& hub_element, const std::string& provider_element) const {
    const auto entries = plan_.entries.of(index_);
    const auto found = std::ranges::find_if(entries, [&](const Entry& entry) {
      return entry.field == field && entry.hub_element == hub_element && entry.provider_element == provider_element;
    });
    return found == entries.end() ? nullptr : &*found;
  }

  // What was found about an element without a partner stands for all of its fields.
  const Entry* find_element(const ir::FieldProgram& field, const std::string& hub_element,
                            const std::string& provider_element) const {
    if (!field.rule->each) return nullptr;
    const ir::ListProgram& list = input_.program.lists[*field.rule->each];
    for (const std::uint32_t other : list.fields) {
      const Entry* entry = find_entry(other, hub_element, provider_element);
      if (entry != nullptr && entry->is_element) return entry;
    }
    return nullptr;
  }

  FieldExplanation one(const ir::FieldProgram& field, const std::string& hub_element,
                       const std::string& provider_element, const FieldBase* base) {
    FieldExplanation result;
    result.field = field.index;
    result.label = field.rule->label;
    result.hub_element = hub_element;
    result.provider_element = provider_element;
    result.rule = field.rule->origin;
    result.secret = field.secret;
    result.bits = {bits(field, Side::hub), bits(field, Side::provider)};
    const bool changed = field.after_activation && input_.base.activated && link_ != nullptr && is_changed(field);
    const Judgement judgement = seen_.compare(field, place_, base, changed);
    result.hub = part_values(field, Side::hub, seen_.sight(Side::hub));
    result.provider = part_values(field, Side::provider, seen_.sight(Side::provider));
    tell_base(field, base, result);
    trace(field, result);
    const bool pending = judgement.effect != Judgement::Effect::quiet && seen_.is_pending(field, base);
    result.reason = reason_of(field, hub_element, provider_element, pending ? Reason::pending : judgement.reason);
    // Of a dispute there are several kinds, and the person's own finding says which.
    const bool is_dispute = result.reason == Reason::disputed && plan_.people[index_].reason == Reason::disputed;
    result.why =
        fmt::format("{}: {}", field.rule->label, is_dispute ? person_text() : std::string(sentence(result.reason)));
    const Entry* entry = find_entry(field.index, hub_element, provider_element);
    if (entry == nullptr) entry = find_element(field, hub_element, provider_element);
    if (entry != nullptr) {
      result.reason = entry->reason;
      result.action = entry->action;
      result.decision = entry->decision;
      result.decided_by = entry->decided_by;
      result.rule = entry->rule;
      result.why = entry->why;
    }
    return result;
  }

  bool is_excluded(const ir::FieldProgram& field) const {
    return link_ != nullptr &&
           std::ranges::find(link_->excluded_fields, field.rule->label) != link_->excluded_fields.end();
  }

  // Since activation, the element at hand where the field is of one.
  bool is_changed(const ir::FieldProgram& field) const {
    if (!field.rule->each) return changed_since_activation(input_.program, *field.rule->group, hub_, *link_);
    return place_.hub_element != no_element &&
           element_changed_since_activation(input_.program, input_.program.lists[*field.rule->each], hub_,
                                            place_.hub_element, *link_);
  }

  // Of a list's elements the plan keeps one reason together; each one's own is judged again.
  Reason reason_of(const ir::FieldProgram& field, const std::string& hub_element, const std::string& provider_element,
                   Reason judged) const {
    const Reason planned = plan_.reason(index_, field.index);
    const bool compared = plan_.people[index_].reason == Reason::no_change && all_on(input_, field.settings);
    const bool element = !hub_element.empty() || !provider_element.empty();
    if (!field.rule->each || !element || !compared) return planned;
    if (!list_read_) return Reason::source_absent;
    if (!hub_element.empty() && !provider_element.empty()) return is_excluded(field) ? Reason::excluded : judged;
    if (is_excluded(input_.program.fields[input_.program.lists[*field.rule->each].rule->match]))
      return Reason::excluded;
    return input_.mode == Mode::manual ? Reason::not_selected : planned;  // nobody adds it
  }

  static void tell_base(const ir::FieldProgram& field, const FieldBase* base, FieldExplanation& result) {
    if (base == nullptr) return;
    for (const Side side : {Side::hub, Side::provider}) {
      const Few<BasePart>& agreed = side == Side::hub ? base->hub : base->provider;
      for (std::size_t i = 0; i < field.parts[at(side)].size() && !agreed.empty(); ++i) {
        const BaseValue* value = find_base(agreed, i, field.parts[at(side)][i].path);
        if (value == nullptr) continue;
        const Value said = value->hashed ? Value{State::masked, {}} : Value{value->state, value->text};
        (side == Side::hub ? result.base_hub : result.base_provider).push_back({field.parts[at(side)][i].member, said});
      }
    }
  }

  void trace(const ir::FieldProgram& field, FieldExplanation& result) {
    for (const Side target : {Side::provider, Side::hub}) {
      if (!field.flows[at(target)]) continue;
      std::vector<std::string> steps;
      Image image;
      const Side source = other(target);
      make_image(input_.program, field, source, seen_.sight(source), seen_.context(place_.view(source)), image, &steps);
      const ir::RuleSet& rules = *input_.program.rules;
      std::string line = fmt::format("{} -> {}:", rules.title(source), rules.title(target));
      for (const std::string& step : steps) line += " " + (field.secret ? step.substr(0, step.find(':')) : step) + ";";
      line += " " + outcome_text(field, target, image);
      result.trace.push_back(std::move(line));
    }
  }

  std::string outcome_text(const ir::FieldProgram& field, Side target, const Image& image) const {
    switch (image.verdict) {
      case Image::Verdict::none:
        return fmt::format("nothing ({})", name(image.reason));
      case Image::Verdict::keep:
        return "keep";
      case Image::Verdict::held:
        return fmt::format("held ({})", image.detail);
      default:
        break;
    }
    std::string text;
    for (std::size_t i = 0; i < image.parts.size(); ++i) {
      if (image.parts[i].state == State::absent) continue;
      text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", field.parts[at(target)][i].path,
                          shown(image.parts[i], field.secret));
    }
    return text;
  }

  const Plan& plan_;
  const PlanInput& input_;
  PersonIndex index_;
  RecordView hub_, provider_;
  Comparer seen_;
  Place place_{};
  const Link* link_ = nullptr;
  bool list_read_ = true;  // the list at hand, on both sides
};

}  // namespace

PersonExplanation explain(const Plan& plan, const PlanInput& input, PersonIndex person) {
  return Explainer(plan, input, person).explain();
}

std::vector<PersonIndex> find_people(const Plan& plan, const PlanInput& input, std::string_view wanted) {
  std::vector<PersonIndex> result;
  for (PersonIndex i = 0; i < plan.people.size(); ++i) {
    if (plan.people[i].hub_id == wanted || plan.people[i].provider_id == wanted) result.push_back(i);
  }
  const ir::FieldProgram* match = input.program.match();
  if (!result.empty() || match == nullptr) return result;
  std::array<MatchKeys, 2> keys{MatchKeys(input, Side::hub), MatchKeys(input, Side::provider)};
  const std::optional<std::string> key = keys[1].key_of_text(*match, wanted);
  for (PersonIndex i = 0; key && i < plan.people.size(); ++i) {
    const Person& person = plan.people[i];
    const bool hub = person.hub != no_record && keys[0].key(*match, person.hub) == key;
    if (hub || (person.provider != no_record && keys[1].key(*match, person.provider) == key)) result.push_back(i);
  }
  return result;
}

}  // namespace dovetail

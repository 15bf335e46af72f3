#include "engine/runtime/write/agreement.hpp"

#include <algorithm>

#include "engine/compare/comparer.hpp"
#include "engine/match/elements.hpp"
#include "engine/runtime/write/readback.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

const FieldBase* find_element(const Link& link, const std::string& label, const std::string& element) {
  const auto found = std::ranges::find_if(
      link.base, [&](const FieldBase& one) { return one.field == label && one.hub_element == element; });
  return found == link.base.end() ? nullptr : &*found;
}

FieldBase& base_of(Link& link, const std::string& label, const std::string& element) {
  if (const FieldBase* there = find_element(link, label, element)) {
    return link.base[static_cast<std::size_t>(there - std::as_const(link.base).begin())];
  }
  FieldBase& made = link.base.emplace_back();
  made.field = label;
  made.hub_element = element;
  return made;
}

template <typename Base>
auto& parts(Base& base, Side side) {
  return side == Side::hub ? base.hub : base.provider;
}

// Values that no observation is equal to.
Few<BasePart> never_equal(const ir::FieldProgram& field, Side side) {
  std::vector<BasePart> result;
  for (const ir::Part& part : field.parts[at(side)]) {
    if (part.compared) result.push_back({part.path, {.state = State::value, .text = {}, .hashed = true}});
  }
  return result;
}

// Members that the read does not tell are as they were known, or else as they were intended.
Few<BasePart> as_shown(const Shown& shown, const ir::FieldProgram& field, const FieldBase& known,
                       const FieldBase* intended) {
  const Side side = shown.intent.target;
  RecordView view(shown.opened.program(), side, shown.fresh);
  view.move_to(0, shown.opened.today);
  const CheckContext context{shown.opened.tables, shown.opened.today, view.region(),
                             shown.opened.connection.test_system};
  std::vector<BasePart> result;
  for (const ir::Part& part : field.parts[at(side)]) {
    if (!part.compared) continue;
    BasePart& is =
        result.emplace_back(BasePart{part.path, base_value(part, view.observe(part), context, &shown.hasher)});
    if (is.value.state != State::absent && is.value.state != State::masked) continue;
    for (const FieldBase* one : {&known, intended}) {
      if (one == nullptr) continue;
      const auto told =
          std::ranges::find_if(parts(*one, side), [&](const BasePart& of) { return of.path == part.path; });
      if (told != parts(*one, side).end()) is = *told;
    }
  }
  return result;
}

}  // namespace

std::optional<std::string> find_added(const Shown& shown, const std::string& name) {
  const ir::Schema& schema = shown.opened.program().rules->schema(shown.intent.target);
  std::vector<ElementValue> values;
  for (const IntendedWrite& write : shown.intent.writes) {
    const ir::Member* member = schema.find(write.path);
    if (write.element == name && member != nullptr) values.push_back({schema.id(*member), write.after});
  }
  return find_element(shown.fresh, schema, values);
}

void agree_on_added(const Shown& shown, Link& link) {
  if (!shown.intent.agreed) return;
  const bool in_hub = shown.intent.target == Side::hub;
  for (const ElementLink& made : shown.intent.agreed->elements) {
    if (!is_added(made)) continue;
    const auto id = find_added(shown, in_hub ? made.hub_element : made.provider_element);
    if (!id) continue;
    ElementLink partners = made;
    (in_hub ? partners.hub_element : partners.provider_element) = *id;
    if (std::ranges::find(link.elements, partners) != link.elements.end()) continue;  // known already
    erase_if(link.elements, [&](const ElementLink& one) {
      return one.hub_list == partners.hub_list &&
             (one.hub_element == partners.hub_element || one.provider_element == partners.provider_element);
    });
    link.elements.push_back(partners);
    for (const FieldBase& base : shown.intent.agreed->base) {
      if (base.hub_element != made.hub_element) continue;
      FieldBase& agreed = base_of(link, base.field, partners.hub_element);
      agreed = base;
      agreed.hub_element = partners.hub_element;
    }
  }
}

void drop_unnamed(Link& link) {
  for (const ElementLink& made : link.elements) {
    if (!is_added(made)) continue;
    erase_if(link.base, [&](const FieldBase& base) { return base.hub_element == made.hub_element; });
  }
  erase_if(link.elements, is_added);
}

void agree_on_written(const Shown& shown, const std::string& label, bool is_all, Link& link) {
  const std::vector<ir::FieldProgram>& fields = shown.opened.program().fields;
  const auto field = std::ranges::find(fields, label, [](const ir::FieldProgram& one) { return one.rule->label; });
  if (field == fields.end()) return;
  const std::optional<Link>& agreed = shown.intent.agreed;
  if (field->rule->each) {  // elements are agreed on together, or not at all
    if (!is_all || !agreed) return;
    for (const FieldBase& base : agreed->base) {
      const bool is_new = std::ranges::any_of(agreed->elements, [&](const ElementLink& one) {
        return is_added(one) && one.hub_element == base.hub_element;
      });
      if (base.field == label && !is_new) base_of(link, label, base.hub_element) = base;
    }
    return;
  }
  const FieldBase* intended = is_all && agreed ? find_element(*agreed, label, {}) : nullptr;
  FieldBase& known = base_of(link, label, {});
  FieldBase base;
  base.field = label;
  base.rules = shown.opened.rules_hash;
  if (intended != nullptr) base = *intended;
  const Side source = ir::other(shown.intent.target);
  if (intended == nullptr) parts(base, source) = never_equal(*field, source);
  parts(base, shown.intent.target) = as_shown(shown, *field, known, intended);
  known = std::move(base);
}

}  // namespace dovetail

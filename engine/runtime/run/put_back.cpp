#include "engine/runtime/run/put_back.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/plan/sentences.hpp"
#include "engine/plan/writing.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

ir::Limit limit_of(const ir::Permission& allowed, const Write& write) {
  if (write.after.state == State::unset) return allowed.unset;
  return write.before.state == State::unset ? allowed.create : allowed.update;
}

}  // namespace

PutBack::PutBack(const PlanInput& input, const Link& link)
    : input_(input),
      link_(link),
      comparer_(input),
      views_{RecordView(input.program, Side::hub, input.hub),
             RecordView(input.program, Side::provider, input.provider)} {
  for (RecordView& view : views_) view.move_to(0, input.today);
}

std::optional<std::string> PutBack::refuses_person() const {
  switch (link_.state) {
    case LinkState::linked:
      return std::nullopt;
    case LinkState::excluded:
      return "is excluded, so nothing is written";
    case LinkState::locked:
      return fmt::format("is not active in {} any more, so nothing is written", input_.program.rules->title(Side::hub));
    case LinkState::disputed:
      return "is no longer linked as then";
    default:
      return fmt::format("is {}, so nothing is written", name(link_.state));
  }
}

std::optional<std::string> PutBack::refuses(FieldIndex index, Side target, const std::vector<Write>& writes) {
  const ir::FieldProgram& field = input_.program.fields[index];
  const ir::RuleSet& rules = *input_.program.rules;
  const std::string& label = field.rule->label;
  if (std::ranges::find(link_.excluded_fields, label) != link_.excluded_fields.end()) {
    return fmt::format("{} is excluded", label);
  }
  for (const Write& write : writes) {
    const auto part = std::ranges::find(field.parts[at(target)], write.member, &ir::Part::member);
    if (part == field.parts[at(target)].end()) continue;
    const ir::Limit limit = limit_of(part->permission, write);
    if (limit == ir::Limit::none) continue;
    Block block{.path = part->path};
    block.limit = limit;
    block.unset = write.after.state == State::unset;
    block.rule = limit == ir::Limit::clause   ? part->permission.clause
                 : limit == ir::Limit::schema ? part->schema->origin
                                              : field.rule->origin;
    return blocked_text(input_.program, field, target, block);
  }
  const Place place = place_of(field, target, writes.front().element);
  const std::string hub_element = pair_of(index, target, writes.front().element)[at(Side::hub)];
  std::size_t cursor = 0;
  const FieldBase* base = find_base(&link_, label, hub_element, cursor);
  comparer_.compare(field, place, base, false);
  const Facts& facts = comparer_.facts();
  if (!facts.has_base) {
    return fmt::format("{}: what {} and {} agreed on is not known any more", label, rules.title(Side::hub),
                       rules.title(Side::provider));
  }
  // What the other side got since would count as settled, and never go.
  if (target == Side::provider ? facts.hub_changed : facts.provider_changed) {
    return fmt::format("{} has changed in {} since", label, rules.title(other(target)));
  }
  return std::nullopt;
}

std::array<std::string, 2> PutBack::pair_of(FieldIndex field, Side side, const std::string& element) const {
  std::array<std::string, 2> pair;
  if (!input_.program.fields[field].rule->each) return pair;
  pair[at(side)] = element;
  pair[at(other(side))] = partner_of(side, element);
  return pair;
}

Place PutBack::place_of(const ir::FieldProgram& field, Side target, const std::string& element) const {
  Place place{.hub = &views_[at(Side::hub)], .provider = &views_[at(Side::provider)]};
  if (!field.rule->each) return place;
  const ElementIndex here = find(field, target, element);
  const ElementIndex there = find(field, other(target), partner_of(target, element));
  place.hub_element = target == Side::hub ? here : there;
  place.provider_element = target == Side::hub ? there : here;
  return place;
}

ElementIndex PutBack::find(const ir::FieldProgram& field, Side side, std::string_view element) const {
  const RecordView& view = views_[at(side)];
  if (element.empty()) return no_element;
  for (const ir::Part& part : field.parts[at(side)]) {
    if (!part.in_element) continue;
    const Snapshot::List list = view.snapshot().list(view.record(), part.list);
    for (ElementIndex index = list.first; index < list.first + list.count; ++index) {
      Place place{.hub = &views_[at(Side::hub)], .provider = &views_[at(Side::provider)]};
      (side == Side::hub ? place.hub_element : place.provider_element) = index;
      if (element_of(input_.program, part, side, place) == element) return index;
    }
    return no_element;
  }
  return no_element;
}

std::string PutBack::partner_of(Side side, const std::string& element) const {
  for (const ElementLink& pair : link_.elements) {
    if ((side == Side::hub ? pair.hub_element : pair.provider_element) == element) {
      return side == Side::hub ? pair.provider_element : pair.hub_element;
    }
  }
  return {};
}

}  // namespace dovetail

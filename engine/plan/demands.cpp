#include "engine/plan/demands.hpp"

#include <algorithm>

namespace dovetail {
namespace {

using ir::Side;

// `field`: all but this one; nullptr: any.
bool a_rule_writes(const ir::Program& program, const ir::FieldProgram* field, Side target, ir::MemberId member) {
  const auto writes = [&](const ir::FieldProgram& other) {
    if (field != nullptr && other.index == field->index) return false;
    return std::ranges::any_of(other.parts[ir::at(target)],
                               [&](const ir::Part& part) { return part.written && part.member == member; });
  };
  const auto fills = [&](const ir::Fill& fill) { return fill.side == target && fill.target.member == member; };
  if (field == nullptr && program.match_pair && writes(*program.match_pair)) return true;
  return std::ranges::any_of(program.fields, writes) || std::ranges::any_of(program.rules->fills, fills);
}

}  // namespace

Lacking find_lacking(const PlanInput& input, const ir::FieldProgram& field, Side target, std::span<const Write> writes,
                     std::span<const Question> open) {
  const ir::Schema& schema = input.program.rules->schema(target);
  const auto lacks = [&](const Write& write, ir::MemberId member) {
    const auto own = std::ranges::find_if(
        writes, [&](const Write& other) { return other.member == member && other.element == write.element; });
    if (own != writes.end()) return own->after.state != State::value;
    const bool asked = std::ranges::any_of(open, [member](const Question& of) { return of.member == member; });
    return write.element.starts_with('+') && !asked;
  };
  for (const Write& write : writes) {
    const ir::MemberId list = schema.members[write.member].list;
    if (list == ir::no_member || write.element.empty() || write.after.state != State::value) continue;
    for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
      const ir::Member& member = schema.members[id];
      if (member.list != list || !member.required_on_create || member.kind != ir::MemberKind::scalar) continue;
      if (lacks(write, id) && !a_rule_writes(input.program, &field, target, id)) return {&member};
    }
  }
  return {};
}

Observation beside(const PlanInput& input, Side target, RecordIndex record, std::string_view element,
                   ir::MemberId member) {
  const Snapshot& snapshot = target == Side::hub ? input.hub : input.provider;
  const ir::Layout& layout = input.program.layouts[ir::at(target)];
  const ir::Schema& schema = input.program.rules->schema(target);
  const ir::SlotId slot = layout.slot(member);
  if (slot == ir::no_slot || record == no_record) return {State::absent, {}};
  if (schema.members[member].list == ir::no_member) return snapshot.at(record, slot);
  const ir::MemberId key = schema.members[schema.members[member].list].key;
  if (key == ir::no_member) return {State::absent, {}};
  const auto number = static_cast<std::size_t>(layout.list(schema.members[member].list));
  const Snapshot::List list = snapshot.list(record, number);
  for (ElementIndex at = list.first; at < list.first + list.count; ++at) {
    if (snapshot.element(number, at, layout.slot(key)).text == element) return snapshot.element(number, at, slot);
  }
  return {State::unset, {}};
}

Lacking find_lacking_partner(const PlanInput& input, Side target, const Place& place, bool creating,
                             std::span<const Write> writes) {
  const ir::Schema& schema = input.program.rules->schema(target);
  for (const Write& write : writes) {
    const ir::MemberId with = schema.members[write.member].written_with;
    if (with == ir::no_member || write.after.state != State::value) continue;
    const auto gives = [&](const Write& other) { return other.member == with && other.element == write.element; };
    if (std::ranges::any_of(writes, gives) || a_rule_writes(input.program, nullptr, target, with)) continue;
    const RecordIndex record = creating ? no_record : place.view(target).record();
    const State there = beside(input, target, record, write.element.view(), with).state;
    if (there == State::value || there == State::masked || there == State::invalid) continue;
    return {&schema.members[with], &schema.members[write.member]};
  }
  return {};
}

}  // namespace dovetail

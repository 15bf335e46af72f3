#include "engine/plan/demands.hpp"

#include <algorithm>

namespace dovetail {
namespace {

using ir::Side;

// `but`: all except this one; nullptr: any.
bool a_field_writes(const ir::Program& program, const ir::FieldProgram* but, Side target, ir::MemberId member) {
  return std::ranges::any_of(program.fields, [&](const ir::FieldProgram& field) {
    if (but != nullptr && field.index == but->index) return false;
    return std::ranges::any_of(field.parts[ir::at(target)],
                               [&](const ir::Part& part) { return part.written && part.member == member; });
  });
}

bool a_rule_writes(const ir::Program& program, const ir::FieldProgram* but, Side target, ir::MemberId member) {
  const auto fills = [&](const ir::Fill& fill) { return fill.side == target && fill.target.member == member; };
  const auto writes = [member](const ir::Part& part) { return part.written && part.member == member; };
  if (but == nullptr && program.match_pair && std::ranges::any_of(program.match_pair->parts[ir::at(target)], writes))
    return true;
  return a_field_writes(program, but, target, member) || std::ranges::any_of(program.rules->fills, fills);
}

bool is_there(State state) { return state == State::value || state == State::masked || state == State::invalid; }

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
      if (lacks(write, id) && !a_rule_writes(input.program, &field, target, id)) return {.member = &member};
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
    if (is_there(there)) continue;
    return {.member = &schema.members[with], .partner = &schema.members[write.member]};
  }
  return {};
}

Lacking find_lacking_in_object(const PlanInput& input, const ir::FieldProgram& field, Side target, const Place& place,
                               std::span<const Write> writes, std::span<const Question> open) {
  const ir::Schema& schema = input.program.rules->schema(target);
  const RecordIndex record = place.view(target).record();
  const auto state_of = [&](ir::MemberId member) { return beside(input, target, record, {}, member).state; };
  const auto exists = [&](ir::MemberId object) {
    for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
      if (schema.members[id].parent == object && is_there(state_of(id))) return true;
    }
    return false;
  };
  const auto lacks = [&](ir::MemberId member) {
    const auto own = std::ranges::find(writes, member, &Write::member);
    if (own != writes.end()) return own->after.state != State::value;
    if (state_of(member) != State::unset || exists(schema.members[member].parent)) return false;
    return std::ranges::find(open, member, &Question::member) == open.end() &&
           !a_field_writes(input.program, &field, target, member);
  };
  for (const Write& write : writes) {
    const ir::MemberId object = schema.members[write.member].parent;
    if (object == ir::no_member || write.after.state != State::value) continue;
    if (!schema.members[object].optional || schema.members[object].list != ir::no_member) continue;
    for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
      const ir::Member& member = schema.members[id];
      if (member.parent != object || !member.required_on_create || member.kind != ir::MemberKind::scalar) continue;
      if (lacks(id)) return {.member = &member, .object = &schema.members[object]};
    }
  }
  return {};
}

}  // namespace dovetail

#include "engine/plan/demands.hpp"

#include <algorithm>

namespace dovetail {
namespace {

using ir::Side;

bool another_rule_writes(const ir::Program& program, const ir::FieldProgram& field, Side target, ir::MemberId member) {
  const auto writes = [&](const ir::FieldProgram& other) {
    if (other.index == field.index) return false;
    return std::ranges::any_of(other.parts[ir::at(target)],
                               [&](const ir::Part& part) { return part.written && part.member == member; });
  };
  const auto fills = [&](const ir::Fill& fill) { return fill.side == target && fill.target.member == member; };
  return std::ranges::any_of(program.fields, writes) || std::ranges::any_of(program.rules->fills, fills);
}

}  // namespace

const ir::Member* find_lacking(const PlanInput& input, const ir::FieldProgram& field, Side target,
                               std::span<const Write> writes, std::span<const Question> open) {
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
      if (lacks(write, id) && !another_rule_writes(input.program, field, target, id)) return &member;
    }
  }
  return nullptr;
}

}  // namespace dovetail

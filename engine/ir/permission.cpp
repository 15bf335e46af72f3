#include "engine/ir/permission.hpp"

namespace dovetail::ir {
namespace {

Permission by_schema(const Member& member) {
  Permission result;
  if (member.read_only) result.create = Limit::schema;
  if (member.read_only || member.set_once) result.update = Limit::schema;
  if (member.read_only || member.set_once || member.not_nullable) result.unset = Limit::schema;
  return result;
}

void narrow(Permission& permission, const std::vector<Clause>& clauses, Side side) {
  for (const Clause& clause : clauses) {
    const bool update_too = clause.kind == Clause::Kind::cannot_unset_or_update;
    if (!includes(clause.sides, side) || (clause.kind != Clause::Kind::cannot_unset && !update_too)) continue;
    permission.unset = Limit::clause;
    if (update_too) permission.update = Limit::clause;
    permission.clause = clause.origin;
  }
}

}  // namespace

Permission permission(const Member& member, const Field& field, const std::vector<Clause>& of_pair, Side side) {
  Permission result = by_schema(member);
  if (field.required) result.unset = Limit::required;
  narrow(result, field.clauses, side);
  narrow(result, of_pair, side);
  return result;
}

}  // namespace dovetail::ir

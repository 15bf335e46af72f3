#include <set>

#include "engine/ir/program.hpp"

namespace dovetail::ir {
namespace {

// Collects the members of both sides that are read or written.
class Needed {
 public:
  explicit Needed(const RuleSet& rules) : rules_(rules) {}

  void member(Side side, MemberId id) {
    if (id == no_member || !members_[at(side)].insert(id).second) return;
    const Member& found = rules_.schema(side).members[id];
    if (found.kind == MemberKind::list) {
      member(side, found.key);
      member(side, found.ordered_by);
      member(side, found.until);
      return;
    }
    member(side, found.list);
    member(side, found.derived_from);
    member(side, found.written_with);
  }

  void path(Side side, const Path& path) {
    member(side, path.member);
    for (const auto& [key, value] : path.selector.where) member(side, key);
  }

  void pair(const Pair& pair) {
    for (const Side side : {Side::hub, Side::provider}) {
      for (const Path& one : pair.end(side).paths) path(side, one);
    }
  }

  void fill(const Fill& fill) {
    path(fill.side, fill.target);
    path(fill.side, fill.trigger);
    for (const FillSource& source : fill.sources) {
      if (const auto* from = std::get_if<FillSource::FromMember>(&source.from)) path(from->side, from->path);
    }
  }

  Layout layout(Side side) const {
    const Schema& schema = rules_.schema(side);
    Layout layout;
    for (const MemberId id : members_[at(side)]) {
      if (schema.members[id].kind == MemberKind::list) layout.lists.push_back({id, {}});
    }
    for (const MemberId id : members_[at(side)]) {
      const Member& found = schema.members[id];
      if (found.kind != MemberKind::scalar) continue;
      if (found.list == no_member) {
        layout.slots.push_back(id);
      } else {
        layout.lists[static_cast<std::size_t>(layout.list(found.list))].slots.push_back(id);
      }
    }
    return layout;
  }

 private:
  const RuleSet& rules_;
  std::array<std::set<MemberId>, 2> members_;
};

}  // namespace

std::array<Layout, 2> layouts_of(const RuleSet& rules) {
  Needed needed(rules);
  for (const Side side : {Side::hub, Side::provider}) {
    needed.member(side, rules.schema(side).identity);
    needed.member(side, rules.schema(side).active);
    needed.member(side, rules.schema(side).active_list);
    needed.member(side, rules.schema(side).region);
    for (const ListRule& list : rules.lists) needed.member(side, list.lists[at(side)]);
  }
  for (const Field& field : rules.fields) {
    for (const Shape& shape : field.shapes) {
      for (const Pair& pair : shape.pairs) needed.pair(pair);
    }
  }
  for (const Fill& fill : rules.fills) needed.fill(fill);
  if (rules.match && rules.match->pair) needed.pair(*rules.match->pair);
  return {needed.layout(Side::hub), needed.layout(Side::provider)};
}

}  // namespace dovetail::ir

#include "engine/ir/layout.hpp"

#include <algorithm>

namespace dovetail::ir {
namespace {

SlotId position(const std::vector<MemberId>& slots, MemberId member) {
  const auto found = std::ranges::find(slots, member);
  return found == slots.end() ? no_slot : static_cast<SlotId>(found - slots.begin());
}

}  // namespace

SlotId Layout::slot(MemberId member) const {
  if (const SlotId top = position(slots, member); top != no_slot) return top;
  for (const List& list : lists) {
    if (const SlotId inner = position(list.slots, member); inner != no_slot) return inner;
  }
  return no_slot;
}

int Layout::list(MemberId member) const {
  const auto found = std::ranges::find(lists, member, &List::list);
  return found == lists.end() ? -1 : static_cast<int>(found - lists.begin());
}

Layout Layout::whole(const Schema& schema) {
  Layout layout;
  for (MemberId id = 0; id < schema.members.size(); ++id) {
    const Member& member = schema.members[id];
    if (member.kind == MemberKind::list) layout.lists.push_back({id, {}});
    if (member.kind != MemberKind::scalar) continue;
    if (member.list == no_member) {
      layout.slots.push_back(id);
    } else {
      layout.lists[static_cast<std::size_t>(layout.list(member.list))].slots.push_back(id);
    }
  }
  return layout;
}

}  // namespace dovetail::ir

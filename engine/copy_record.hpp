// Records copied between snapshots of one layout, whole or in part.
#pragma once

#include "engine/snapshot.hpp"

namespace dovetail {

// Appends one record of `from`. `keeps_slot(slot)` and `keeps_list(index of the layout's list)` say what of it; the
// rest is absent in the copy.
template <typename KeepsSlot, typename KeepsList>
void copy_record(const Snapshot& from, RecordIndex record, Snapshot& into, KeepsSlot keeps_slot, KeepsList keeps_list) {
  const ir::Layout& layout = from.layout();
  into.add_record();
  for (ir::SlotId slot = 0; slot < layout.slots.size(); ++slot) {
    const Observation seen = from.at(record, slot);
    if (seen.state != State::absent && keeps_slot(slot)) into.set(slot, seen.state, seen.text);
  }
  for (std::size_t list = 0; list < layout.lists.size(); ++list) {
    const Snapshot::List there = from.list(record, list);
    if (there.state == State::absent || !keeps_list(list)) continue;
    into.begin_list(list);
    for (ElementIndex element = there.first; element < there.first + there.count; ++element) {
      into.add_element(list);
      for (ir::SlotId slot = 0; slot < layout.lists[list].slots.size(); ++slot) {
        const Observation seen = from.element(list, element, slot);
        if (seen.state != State::absent) into.set_element(list, slot, seen.state, seen.text);
      }
    }
  }
}

}  // namespace dovetail

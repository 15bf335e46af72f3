#include "engine/match/unread.hpp"

namespace dovetail {

bool is_unread(const ir::Program& program, ir::Side side, const Snapshot& snapshot, RecordIndex record) {
  const ir::SlotId identity = program.records[at(side)].identity;
  const ir::Layout& layout = snapshot.layout();
  bool any = !layout.lists.empty();
  for (ir::SlotId slot = 0; slot < layout.slots.size(); ++slot) {
    if (slot == identity) continue;
    if (snapshot.at(record, slot).state != State::absent) return false;
    any = true;
  }
  for (std::size_t list = 0; list < layout.lists.size(); ++list) {
    if (snapshot.list(record, list).count > 0) return false;
  }
  return any;
}

std::size_t count_unread(const ir::Program& program, ir::Side side, const Snapshot& snapshot) {
  std::size_t count = 0;
  for (RecordIndex record = 0; record < snapshot.size(); ++record) {
    if (is_unread(program, side, snapshot, record)) ++count;
  }
  return count;
}

}  // namespace dovetail

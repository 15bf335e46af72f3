#include "engine/match/unread.hpp"

#include <fmt/format.h>

namespace dovetail {
namespace {

constexpr std::string_view between_id_and_reason = " could not be read: ";

}  // namespace

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

std::string unread_note(std::string_view id, std::string_view why) {
  return fmt::format("{}{}{}", id, between_id_and_reason, why);
}

bool is_unread_note(std::string_view note) { return note.find(between_id_and_reason) != note.npos; }

UnreadReasons::UnreadReasons(const std::array<Completeness, 2>& seen) {
  for (std::size_t side = 0; side < seen.size(); ++side) {
    for (const std::string& note : seen[side].notes) {
      const std::size_t end = note.find(between_id_and_reason);
      if (end == note.npos) continue;
      by_id_[side].emplace(note.substr(0, end), note.substr(end + between_id_and_reason.size()));
    }
  }
}

std::string_view UnreadReasons::of(ir::Side side, std::string_view id) const {
  const auto found = by_id_[at(side)].find(id);
  return found == by_id_[at(side)].end() ? std::string_view() : found->second;
}

}  // namespace dovetail

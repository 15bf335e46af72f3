#include "engine/runtime/write/records.hpp"

#include "engine/copy_record.hpp"

namespace dovetail {

using ir::at;

void copy_record(const Snapshot& from, RecordIndex record, Snapshot& into) {
  const auto all = [](auto) { return true; };
  copy_record(from, record, into, all, all);
}

std::string_view id_of(const ir::Program& program, ir::Side side, const Snapshot& snapshot, RecordIndex record) {
  const ir::SlotId slot = program.records[at(side)].identity;
  if (slot == ir::no_slot) return {};
  const Observation seen = snapshot.at(record, slot);
  return seen.state == State::value ? seen.text : std::string_view();
}

Snapshot without(const ir::Program& program, ir::Side side, const Snapshot& from, std::string_view id) {
  Snapshot rest(from.layout());
  rest.set_completeness(from.completeness());
  for (RecordIndex record = 0; record < from.size(); ++record) {
    if (id_of(program, side, from, record) != id) copy_record(from, record, rest);
  }
  return rest;
}

namespace {

void append(Observation seen, std::string& text) {
  text += static_cast<char>('0' + static_cast<int>(seen.state));
  text += std::to_string(seen.text.size());
  text += ':';
  text += seen.text;
}

}  // namespace

std::string record_hash(const Snapshot& snapshot, RecordIndex record, const SecretHasher& hasher) {
  const ir::Layout& layout = snapshot.layout();
  std::string text;
  for (ir::SlotId slot = 0; slot < layout.slots.size(); ++slot) append(snapshot.at(record, slot), text);
  for (std::size_t list = 0; list < layout.lists.size(); ++list) {
    const Snapshot::List there = snapshot.list(record, list);
    text += '[';
    for (ElementIndex element = there.first; element < there.first + there.count; ++element) {
      text += '|';
      for (ir::SlotId slot = 0; slot < layout.lists[list].slots.size(); ++slot) {
        append(snapshot.element(list, element, slot), text);
      }
    }
  }
  return hasher.hash(text);
}

}  // namespace dovetail

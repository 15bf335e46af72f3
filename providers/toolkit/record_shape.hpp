// Which places of a record, or of one element of a list, a layout's slots are read from.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/ir/layout.hpp"
#include "engine/ir/schema.hpp"
#include "providers/toolkit/wire_trie.hpp"

namespace dovetail::providers {

struct RecordShape {
  struct Slot {
    std::int32_t place = -1;    // -1: not on the wire, or only written
    std::int32_t country = -1;  // whose country the value is judged by; -1: the record's
  };
  WireTrie trie;
  std::vector<ir::MemberId> members;  // by place
  std::vector<Slot> slots;            // by slot of the layout
  std::vector<std::int32_t> lists;    // of a record: the places of the layout's lists
  std::int32_t identity = -1, region = -1;
  int key_slot = -1;   // of an element: the slot of its id
  bool usable = true;  // false: the layout asks for what one pass over the object cannot give
};

RecordShape shape_of_record(const ir::Schema& schema, const WireMap& wires, const ir::Layout& layout);
RecordShape shape_of_element(const ir::Schema& schema, const WireMap& wires, const ir::Layout::List& list);

// The country in the same object by which the member is judged; no_member: the record's.
ir::MemberId country_beside(const ir::Schema& schema, ir::MemberId member);

}  // namespace dovetail::providers

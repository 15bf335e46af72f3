// Which members of a schema the rules use, numbered: the columns that a decoder fills and the interpreter reads.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/ir/schema.hpp"

namespace dovetail::ir {

using SlotId = std::uint32_t;  // an index into Layout::slots, or into one list's slots
inline constexpr SlotId no_slot = UINT32_MAX;

struct Layout {
  struct List {
    MemberId list = no_member;
    std::vector<MemberId> slots;  // scalar members of one element
  };
  std::vector<MemberId> slots;  // scalar members outside lists
  std::vector<List> lists;

  // no_slot / -1 where the layout leaves the member out.
  SlotId slot(MemberId member) const;
  int list(MemberId list) const;

  // Every scalar member of the schema.
  static Layout whole(const Schema& schema);
};

}  // namespace dovetail::ir

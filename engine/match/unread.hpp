// Records that a listing named and could not read.
#pragma once

#include "engine/ir/program.hpp"
#include "engine/snapshot.hpp"

namespace dovetail {

// Nothing but its id is known of the record: every value is absent, and no list has an element.
bool is_unread(const ir::Program& program, ir::Side side, const Snapshot& snapshot, RecordIndex record);

// How many there are.
std::size_t count_unread(const ir::Program& program, ir::Side side, const Snapshot& snapshot);

}  // namespace dovetail

// Records that a listing named and could not read.
#pragma once

#include "engine/plan/plan.hpp"

namespace dovetail {

// Nothing but its id is known of the record: every value is absent, and no list has an element.
bool is_unread(const PlanInput& input, ir::Side side, RecordIndex record);

// How many there are on that side.
std::size_t count_unread(const PlanInput& input, ir::Side side);

}  // namespace dovetail

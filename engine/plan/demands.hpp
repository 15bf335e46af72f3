// What a system demands of the elements of its lists, and a field would not give.
#pragma once

#include <span>

#include "engine/plan/plan.hpp"

namespace dovetail {

// The member, required on creation, that an element would be without: one that the writes add, or one in which they
// set other members and clear this one. nullptr: none, or another rule may give it. `open`: what is asked for.
const ir::Member* find_lacking(const PlanInput& input, const ir::FieldProgram& field, ir::Side target,
                               std::span<const Write> writes, std::span<const Question> open);

}  // namespace dovetail

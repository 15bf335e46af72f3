// Writes of what the target computes from something that is written with them.
#pragma once

#include "engine/plan/plan.hpp"

namespace dovetail {

// Blocks what the target computes from a member that the same person's decided writes give it, as it is blocked where
// the target has that member already. So too what is preselected beside what is.
void block_derived(const PlanInput& input, Plan& plan);

}  // namespace dovetail

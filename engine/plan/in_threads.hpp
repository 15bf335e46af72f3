// Planning by several threads at once.
#pragma once

#include "engine/plan/plan.hpp"

namespace dovetail {

// The same plan as plan(input) makes, to the letter, whatever the number of threads (at least 1). What the input refers
// to is read by all of them: a hasher must allow that.
Plan plan(const PlanInput& input, std::size_t threads);

}  // namespace dovetail

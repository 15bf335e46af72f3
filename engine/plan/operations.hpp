// From decided entries to the operations that apply carries out, in their order.
#pragma once

#include "engine/plan/plan.hpp"
#include "engine/plan/uniqueness.hpp"

namespace dovetail {

// Fills plan.operations.
void make_operations(const PlanInput& input, const UniquenessOrder& order, Plan& plan);

}  // namespace dovetail

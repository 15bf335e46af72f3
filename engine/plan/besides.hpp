// What comes with writes besides the values: new names in a list that the target keeps, members that stay as they are.
#pragma once

#include "engine/plan/plan.hpp"

namespace dovetail {

// Adds a notice for each name, of what is written or on offer, that nobody has in the target: it is added to the
// target's list if it is not there. A name that somebody has is in the list, so nothing is added without a notice.
// And one for each object of the hub that is written while members of it that no rule knows stay as they are.
void tell_besides(const PlanInput& input, Plan& plan);

}  // namespace dovetail

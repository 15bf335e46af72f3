// Writes that together would make a selector choose another element.
#pragma once

#include "engine/plan/plan.hpp"

namespace dovetail {

// Judges what a person's decided writes to one list do together: where an element that is written through a selector
// would no longer be the one it selects, the writes of days through selectors are held; if there are none, what is
// written through that selector. What would be held so if everything preselected went, is preselected no more.
void hold_reselections(const PlanInput& input, Plan& plan);

}  // namespace dovetail

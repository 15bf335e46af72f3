// Secrets in a base stand there as keyed hashes.
#pragma once

#include "engine/plan/plan.hpp"

namespace dovetail {

// Hashes what was kept in clear before there was a key, also of people that the plan was not about; and of those who
// were deleted in the hub everything but their ids, so that equality can still be asked. Without a hasher nothing is
// changed.
void hash_secrets(const PlanInput& input, Base& base);

}  // namespace dovetail

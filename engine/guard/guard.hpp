// The mass-change guard: how many people's existing values a plan overwrites or clears.
#pragma once

#include "engine/plan/plan.hpp"

namespace dovetail {

// Fills plan.guards. In a push, holds every entry of a kind whose limit is exceeded (reason guarded); a manual run is
// only counted: people look at it.
void guard(const PlanInput& input, Plan& plan);

}  // namespace dovetail

// The mass-change guard: how many people's existing values a plan overwrites or clears.
#pragma once

#include <array>

#include "engine/plan/plan.hpp"

namespace dovetail {

// Which limits an entry's action counts against, by Guard::Kind. Fills and creations count against none.
std::array<bool, 5> guarded_kinds(const ir::Program& program, const Entry& entry);

// Fills plan.guards. In a push, holds every entry of a kind whose limit is exceeded (reason guarded); a manual run is
// only counted: people look at it.
void guard(const PlanInput& input, Plan& plan);

}  // namespace dovetail

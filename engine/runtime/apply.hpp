// Carries out a plan: the only writer.
#pragma once

#include "engine/plan/outcome.hpp"
#include "engine/system.hpp"

namespace dovetail {

// Takes exactly the plan's operations, in their order. Before a record is written, its pre-images are checked against
// a fresh read, and only that record is held if one moved. A record's failure never stops the others.
Applied apply(const Plan& plan, const ir::Program& program, System& hub, System& provider);

}  // namespace dovetail

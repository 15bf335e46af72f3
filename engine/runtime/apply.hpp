// Carries out a plan: the only writer.
#pragma once

#include "engine/plan/outcome.hpp"
#include "engine/runtime/journal.hpp"
#include "engine/system.hpp"

namespace dovetail {

// Takes exactly the plan's operations, in their order. Before a record is written, its pre-images are checked against
// a fresh read, and only that record is held if one moved. A record's failure never stops the others. `journal` is told
// before and after each write; nullptr: nobody is.
Applied apply(const Plan& plan, const ir::Program& program, System& hub, System& provider, Journal* journal = nullptr);

}  // namespace dovetail

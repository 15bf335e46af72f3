// Whether anything of a synchronisation is left for a person: what exit codes and answers tell.
#pragma once

#include "engine/plan/outcome.hpp"

namespace dovetail {

// Undecided, or held; what is blocked, left or known waits for nobody.
bool waits_for_person(const Entry& entry);

// Everybody was read, and nothing was held, failed, or is left to decide.
bool is_finished(const Plan& plan, const Applied& applied);

}  // namespace dovetail

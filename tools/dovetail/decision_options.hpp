// Decisions as the command line gives them, with those of a file.
#pragma once

#include "engine/error.hpp"
#include "engine/plan/plan.hpp"
#include "tools/dovetail/options.hpp"

namespace dovetail::tools {

// What --decisions, --decide, --create and --answer say. Error::input: what is wrong in which of them.
Result<Decisions> decisions_in(const Options& options, const ir::RuleSet& rules);

// Error::input: decisions of the file that fit nobody's list elements, or contradict each other, a line each with its
// place. `plan` was made of `input` with all of `decisions`.
Result<void> check_fit(const Decisions& decisions, const PlanInput& input, const Plan& plan, const Options& options);

// Says on standard error what has no effect: answers that nobody asks for, ids that nobody in the plan has, and what is
// decided about whoever or whatever was excluded.
void tell_unused(const Decisions& decisions, const PlanInput& input, const Plan& plan);

}  // namespace dovetail::tools

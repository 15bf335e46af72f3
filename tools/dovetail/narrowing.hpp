// Commands that were narrowed to some findings: they decide and write those only.
#pragma once

#include "engine/plan/plan.hpp"
#include "tools/dovetail/job.hpp"
#include "tools/dovetail/plan_text.hpp"

namespace dovetail::tools {

// `given` as far as it decided, in `whole`, about the findings of the selection: one by one, and nothing about any
// other. Which kind a finding is of, and whether it is listed, is as before anybody decided: as in `undecided`, which
// is the same plan without `given`.
Decisions narrowed(const Decisions& given, const ir::RuleSet& rules, const Plan& whole, const Plan& undecided,
                   const Selection& selection);

// The findings that the options name; where they name some, job.decisions are narrowed to them, and `plan` is made
// again. Error: a filter names a kind, field or person that does not exist; nothing is changed.
Result<Selection> narrow(Job& job, Plan& plan, const Options& options);

}  // namespace dovetail::tools

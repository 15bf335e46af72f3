// Asks about what is undecided, on the terminal.
#pragma once

#include "tools/dovetail/job.hpp"
#include "tools/dovetail/plan_text.hpp"

namespace dovetail::tools {

// Adds what is answered to the job's decisions. False: nothing was. An Error if standard input is no terminal.
Result<bool> ask_about(Job& job, const Plan& plan, const Selection& selection);

// Asks the plan's questions, each once for everybody. False: nothing was answered.
bool answer_questions(Job& job, const Plan& plan);

}  // namespace dovetail::tools

// Asks about what is undecided, on the terminal.
#pragma once

#include "tools/dovetail/job.hpp"
#include "tools/dovetail/plan_text.hpp"

namespace dovetail::tools {

// Adds what is answered to the job's decisions, then asks what carrying those out demands, each question once for
// everybody, and plans anew. An Error if standard input is no terminal, or ended before all was asked: nothing should
// be written then.
Result<void> ask_on_terminal(Job& job, Plan& plan, const Selection& selection, const Options& options);

}  // namespace dovetail::tools

// Asks about what is undecided, on the terminal.
#pragma once

#include <functional>

#include "tools/dovetail/options.hpp"
#include "tools/dovetail/plan_text.hpp"

namespace dovetail::tools {

// What is asked about. All that is named here must outlive it.
struct Asked {
  const ir::RuleSet& rules;
  Decisions& decisions;              // what is answered is added at their ends
  std::function<PlanInput()> input;  // with the decisions as they are by then
  std::function<Plan()> make_plan;
};

// Adds what is answered to the decisions, then asks what carrying those out demands, each question once for everybody,
// and plans anew. An Error if standard input is no terminal, or ended before all was asked: nothing should be written
// then.
Result<void> ask_on_terminal(const Asked& asked, Plan& plan, const Selection& selection, const Options& options);

}  // namespace dovetail::tools

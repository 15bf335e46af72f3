// Decisions and answers as JSON: docs/formats.md, "Decisions".
#pragma once

#include <string>

#include "engine/api/json_file.hpp"
#include "engine/error.hpp"
#include "engine/plan/decision.hpp"

namespace dovetail {

// What can have no effect under the rules is refused: misspelt fields, elements where there are none, two that
// contradict each other. Error::input: all that is wrong, a line each, with its place in the document.
Result<Decisions> decisions_of(const Json& document, const ir::RuleSet& rules);
// The same from a file.
Result<Decisions> read_decisions(const std::string& path, const ir::RuleSet& rules);

// What was decided before, and now: the later one counts where both are about the same.
Decisions joined(Decisions before, Decisions now);

}  // namespace dovetail

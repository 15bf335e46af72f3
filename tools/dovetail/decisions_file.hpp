// Decisions and answers from a file: docs/formats.md, "Decisions".
#pragma once

#include <string>

#include "engine/error.hpp"
#include "engine/plan/decision.hpp"

namespace dovetail::tools {

// Fields are checked against the rules' labels, so that a misspelt one is not silently without effect.
Result<Decisions> read_decisions(const std::string& path, const ir::RuleSet& rules);

}  // namespace dovetail::tools

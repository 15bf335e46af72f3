// Whether answers can be used: asked for by the rules, and a word where only words are possible.
#pragma once

#include <string>
#include <vector>

#include "engine/error.hpp"
#include "engine/ir/rules.hpp"
#include "engine/plan/decision.hpp"

namespace dovetail {

// A sentence for each answer to a question that the rules do not ask: no error, as one file may serve several maps.
std::vector<std::string> unasked(const Decisions& decisions, const ir::RuleSet& rules);

// Error::input: the first answer that its member has no word for, with the words that there are.
Result<void> check_answers(const Decisions& decisions, const ir::RuleSet& rules);

}  // namespace dovetail

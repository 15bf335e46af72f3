// Whether decisions and answers can be used: about somebody, asked for by the rules, and a word where only words are
// possible.
#pragma once

#include <string>
#include <vector>

#include "engine/error.hpp"
#include "engine/ir/rules.hpp"
#include "engine/plan/decision.hpp"
#include "engine/plan/plan.hpp"

namespace dovetail {

// A sentence for each answer to a question that the rules do not ask, and for each id that nobody in the plan has. No
// error in itself, as one file may serve several maps and connections.
std::vector<std::string> without_effect(const Decisions& decisions, const ir::RuleSet& rules, const Plan& plan);

// Error::input: the first answer that its member has no word for, with the words that there are.
Result<void> check_answers(const Decisions& decisions, const ir::RuleSet& rules);

}  // namespace dovetail

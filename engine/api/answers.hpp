// Whether decisions and answers can be used: about somebody, asked for by the rules, and a word where only words are
// possible.
#pragma once

#include <string>
#include <vector>

#include "engine/ir/rules.hpp"
#include "engine/plan/decision.hpp"
#include "engine/plan/plan.hpp"

namespace dovetail {

// A sentence for each answer to a question that the rules do not ask, and for each decision or answer about ids that
// nobody in the plan has, and for each decision about somebody, or a field of somebody, that was excluded. No error in
// itself, as one file may serve several maps and connections.
std::vector<std::string> without_effect(const Decisions& decisions, const PlanInput& input, const Plan& plan);

// A sentence for each answer that its member has no word for, with its place in the document ("/answers/3") and the
// words that there are.
std::vector<std::string> unusable_answers(const Decisions& decisions, const ir::RuleSet& rules);

}  // namespace dovetail

// Decisions that fit nothing, or contradict each other: refused, as they would do nothing, or not what they say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/ir/rules.hpp"
#include "engine/plan/decision.hpp"
#include "engine/plan/plan.hpp"

namespace dovetail {

// What is wrong with one decision, whatever the people are; empty: nothing.
std::string unfit_for(const Decision& decision, const ir::RuleSet& rules);

// A sentence for each decision (or answer) that says something else than an earlier one about the very same thing, with
// both places in the document ("/decisions/3").
std::vector<std::string> contrary(const Decisions& decisions);

// The same for what only the people tell: list elements that nobody has, and one person, or element, decided on twice,
// once by each of its ids. `plan` was made of `input` with these decisions.
std::vector<std::string> unfit(const Decisions& decisions, const PlanInput& input, const Plan& plan);

// `text` with `before` in front of each of its lines.
std::string in_each_line(std::string_view before, std::string_view text);

}  // namespace dovetail

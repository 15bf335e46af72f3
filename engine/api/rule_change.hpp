// What new rules allow that the rules before them did not: a protection dropped, a scope or a direction widened.
#pragma once

#include <string>
#include <vector>

#include "engine/ir/rules.hpp"

namespace dovetail {

// A sentence for each, in the order of the new rules; empty: nothing is weaker. Fields are known by their labels.
std::vector<std::string> weakenings(const ir::RuleSet& before, const ir::RuleSet& after);

}  // namespace dovetail

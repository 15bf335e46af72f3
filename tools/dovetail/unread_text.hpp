// Whom a system named and then did not tell, for people who have to do something about it.
#pragma once

#include <string>

#include "engine/plan/plan.hpp"

namespace dovetail::tools {

// A line each, with the system's own words; after the first twenty only how many more. `rest` says where those stand.
std::string unread_text(const PlanInput& input, const Plan& plan, std::string_view rest);

}  // namespace dovetail::tools

// What a plan means to make of the links, written down before anything is sent.
#pragma once

#include "engine/plan/outcome.hpp"

namespace dovetail {

// As remember(); and elements that are added, whose ids are not known yet, stand among the link's elements and in its
// base as the plan's writes name them ("+1").
Base intend(const Plan& plan, const PlanInput& input, const Applied& applied);

}  // namespace dovetail

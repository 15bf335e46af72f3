// What a synchronisation wrote, what not, and why.
#pragma once

#include <string>

#include "engine/api/plan_json.hpp"
#include "engine/runtime/write/apply.hpp"
#include "tools/dovetail/plan_text.hpp"

namespace dovetail::tools {

std::string sync_text(const PlanInput& input, const Plan& plan, const Applied& applied, const Selection& selection,
                      const Options& options, const Palette& paint);
Json sync_json(const PlanInput& input, const Plan& plan, const Applied& applied);

}  // namespace dovetail::tools

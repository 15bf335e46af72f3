// A plan as JSON: docs/formats.md, "Plan". Secrets are masked.
#pragma once

#include <string>

#include "tools/dovetail/json_file.hpp"
#include "tools/dovetail/plan_text.hpp"

namespace dovetail::tools {

Json plan_json(const Job& job, const Plan& plan, const Selection& selection);
Json parts_json(const Job& job, ir::Side side, const std::vector<PartValue>& parts, bool secret);
Json place_json(const ir::Origin& origin);  // null: no rule

}  // namespace dovetail::tools

// A plan as JSON: docs/formats.md, "Plan". Secrets are masked.
#pragma once

#include <functional>
#include <vector>

#include "engine/api/json_file.hpp"
#include "engine/plan/plan.hpp"

namespace dovetail {

// `wanted` says which entries are listed, and so which operations; empty: all.
Json plan_json(const PlanInput& input, const Plan& plan, const std::function<bool(const Entry&)>& wanted = {});
Json parts_json(const PlanInput& input, ir::Side side, const std::vector<PartValue>& parts, bool secret);
// Whether a member, or the whole entry, must not be shown.
bool is_secret(const PlanInput& input, ir::Side side, ir::MemberId member, bool entry_is_secret);
Json place_json(const ir::Origin& origin);  // null: no rule

}  // namespace dovetail

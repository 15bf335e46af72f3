// A plan as JSON: docs/formats.md, "Plan". Secrets are masked.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/api/json_file.hpp"
#include "engine/plan/plan.hpp"

namespace dovetail {

// Which entries are listed, and so which operations; empty: all.
using Wanted = std::function<bool(PersonIndex, const Entry&)>;
Json plan_json(const PlanInput& input, const Plan& plan, const Wanted& wanted = {});
// The same as text, with the members of `more` behind, to the byte as dump(1) gives it: piece by piece to `write`,
// since as a whole it is larger than the plan.
void write_plan_json(const PlanInput& input, const Plan& plan, const Wanted& wanted, const Json& more,
                     const std::function<void(std::string_view)>& write);
Json parts_json(const PlanInput& input, ir::Side side, std::span<const PartValue> parts, bool secret);
// Whether a member, or the whole entry, must not be shown.
bool is_secret(const PlanInput& input, ir::Side side, ir::MemberId member, bool entry_is_secret);
Json place_json(const ir::Origin& origin);  // null: no rule

}  // namespace dovetail

// Values that go back and forth: two who write one field in turn.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/plan/plan.hpp"
#include "engine/runtime/means.hpp"

namespace dovetail {

// A value as it is counted by: equal for values that the member's type takes for the same.
std::string flip_hash(const ir::Member& member, const Value& value, const SecretHasher& hasher);

// The labels of fields that the plan would flip once too often within a day, with how often they did. An Error of the
// store.
Result<std::vector<std::pair<std::string, unsigned>>> find_flips(const Means& means, const Opened& opened,
                                                                 std::string_view hub_id, const Plan& plan);

}  // namespace dovetail

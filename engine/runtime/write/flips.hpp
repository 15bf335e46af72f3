// Values that go back and forth: two who write one field in turn.
#pragma once

#include <string>
#include <vector>

#include "engine/plan/plan.hpp"
#include "engine/runtime/means.hpp"

namespace dovetail {

// A value as it is counted by: equal for values that the member's type takes for the same.
std::string flip_hash(const ir::Member& member, const Value& value, const SecretHasher& hasher);

struct Flip {
  std::string label;   // of the field
  std::string name;    // the same, with the list element that it is about: "Job title [2025-09-20]"
  unsigned count = 0;  // times within a day
};

// Fields that the plan, which was made of `input`, would flip once too often within a day; each name once. An Error of
// the store.
Result<std::vector<Flip>> find_flips(const Means& means, const Opened& opened, const PlanInput& input,
                                     const Plan& plan);

}  // namespace dovetail

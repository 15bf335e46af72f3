// Values that may stand only once on a side: against everybody there, and against the plan's other writes.
#pragma once

#include <utility>
#include <vector>

#include "engine/plan/plan.hpp"

namespace dovetail {

// What uniqueness makes of a plan's entries.
struct UniquenessOrder {
  // Of two entries, the first must be carried out before the second: it releases what the second takes.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> before;
  // Entries that are parts of a swap and whose value is cleared first.
  std::vector<std::uint32_t> clear_first;
};

// Holds the entries whose value somebody else has or takes (reason uniqueness); returns the order of the rest. Of open
// entries it withdraws the offers that would be held whatever else is decided (what has no other is held), and the
// preselection of what would be held if everything went as preselected; what a decision depends on is said in `why`.
UniquenessOrder check_uniqueness(const PlanInput& input, Plan& plan);

}  // namespace dovetail

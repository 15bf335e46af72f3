// How people are named in lists, and found by what somebody types.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/plan.hpp"

namespace dovetail {

// What that side's snapshot is.
inline const Snapshot& snapshot_of(const PlanInput& input, ir::Side side) {
  return side == ir::Side::hub ? input.hub : input.provider;
}

// "aino.virta@example.com", else a name, else the ids: what a reader recognises. Made printable.
std::string person_title(const PlanInput& input, const Person& person);

// "Huma 5638a674-…, Netvisor 19"
std::string person_ids(const PlanInput& input, const Person& person);

// "Aino Virta, aino.virta@example.com", as that side has them; empty: that side has not.
std::string person_on(const PlanInput& input, const Person& person, ir::Side side);

// The person with this id or e-mail; else everybody whose name fields contain it, ignoring case.
std::vector<PersonIndex> people_like(const PlanInput& input, const Plan& plan, std::string_view wanted);

}  // namespace dovetail

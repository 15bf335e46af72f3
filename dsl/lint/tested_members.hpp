// What the tests of a map look at.
#pragma once

#include <array>
#include <unordered_set>

#include "dsl/check/draft.hpp"

namespace dovetail::dsl {

using MemberSets = std::array<std::unordered_set<ir::MemberId>, 2>;  // by Side

struct TestedMembers {
  MemberSets named;    // in what is given of a side, or expected
  MemberSets cleared;  // expected to be cleared, or not to be: `clear`, `blocked unset`
};

// A test that names an object names everything in it. Paths that mean nothing have been reported.
TestedMembers tested_members(const MapDraft& draft);

}  // namespace dovetail::dsl

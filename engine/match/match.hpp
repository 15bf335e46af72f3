// Who is who: links first, then the match key, then what other fields suggest. Nobody's fields are compared here.
#pragma once

#include <vector>

#include "engine/plan/plan.hpp"

namespace dovetail {

// The evidence of a link that a person's decision made.
inline constexpr std::string_view by_hand = "by hand";

struct Matched {
  std::vector<Person> people;         // every record of both sides in exactly one; by hub id, then provider id
  std::vector<std::string> evidence;  // by person: the label that found or proposes the link; empty: none
  std::vector<std::string> why;       // by person: where the reason needs words; empty: the reason says it all
};

// What the snapshot says of itself, but nothing at all where somebody was known is never the whole.
Completeness completeness_of(const PlanInput& input, ir::Side side);

// Person::reason is no_change where the person's fields are to be compared, or the person is on one side only and may
// be offered for creation (`unlinked`). Deterministic for any order of records and links.
Matched match(const PlanInput& input);

}  // namespace dovetail

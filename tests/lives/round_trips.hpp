// One person under a rule set, edited on one side and carried to the other, again and again: what was pushed must read
// back the same, and what was read must not be pushed back.
#pragma once

#include <array>
#include <map>
#include <string>

#include "tests/lives/life.hpp"

namespace dovetail::test {

struct RoundTrips {
  std::string broken;                                         // what did not hold, and where; empty: nothing
  std::map<std::string, std::array<std::size_t, 2>> crossed;  // how often, by the field's label and the side written to
};

RoundTrips make_round_trips(const ir::RuleSet& rules, const ReferenceTables& tables, Draw& draw, std::size_t edits);

}  // namespace dovetail::test

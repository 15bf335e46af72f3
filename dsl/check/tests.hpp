// `test` blocks: names and values resolved, for the runner in dsl/test.
#pragma once

#include <vector>

#include "dsl/check/draft.hpp"
#include "dsl/test/test_case.hpp"

namespace dovetail::dsl {

// Every test of the map, in file order. Those that are not understood are reported and left out.
std::vector<TestCase> take_tests(MapDraft& draft, Report& report);

}  // namespace dovetail::dsl

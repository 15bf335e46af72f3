// The values of a test, held to their members' types where these depend on the person's country.
#pragma once

#include "dsl/test/test_case.hpp"

namespace dovetail::dsl {

// What the checker could not judge alone, as a telephone number without its country code: in its sent form by the
// country that the test gives the record, or invalid, as a system's value would be.
TestCase with_typed_values(const ir::RuleSet& rules, TestCase test);

}  // namespace dovetail::dsl

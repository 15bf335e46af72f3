#include "tests/fuzz/types.hpp"

DOVETAIL_FUZZ_TYPES("phone")

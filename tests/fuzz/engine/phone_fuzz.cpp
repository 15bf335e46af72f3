#include "tests/fuzz/engine/types.hpp"

DOVETAIL_FUZZ_TYPES("phone")

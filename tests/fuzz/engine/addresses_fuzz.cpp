#include "tests/fuzz/engine/types.hpp"

DOVETAIL_FUZZ_TYPES("email", "email_equal", "name_equal")

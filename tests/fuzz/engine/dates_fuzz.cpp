#include "tests/fuzz/engine/types.hpp"

DOVETAIL_FUZZ_TYPES("iso_date", "iso_datetime")

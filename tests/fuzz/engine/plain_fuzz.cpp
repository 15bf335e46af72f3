#include "tests/fuzz/engine/types.hpp"

DOVETAIL_FUZZ_TYPES("text", "integer", "decimal", "boolean", "postal_text")

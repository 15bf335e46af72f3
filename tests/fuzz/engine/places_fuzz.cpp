#include "tests/fuzz/engine/types.hpp"

DOVETAIL_FUZZ_TYPES("country_alpha2", "country_alpha3", "postal_code")

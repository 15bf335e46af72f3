#include "tests/fuzz/engine/types.hpp"

DOVETAIL_FUZZ_TYPES("no_fnr", "no_fnr_2032", "no_fnr_synthetic", "se_personnummer", "dk_cpr", "fi_hetu",
                    "fi_hetu_synthetic")

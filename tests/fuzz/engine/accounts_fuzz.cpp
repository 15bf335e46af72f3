#include "tests/fuzz/engine/types.hpp"

DOVETAIL_FUZZ_TYPES("no_account", "se_bank_account", "iban", "bic", "bank_account")

// From the draft to the rules, once everything has been said.
#pragma once

#include "dsl/check/draft.hpp"

namespace dovetail::dsl {

// The rules of a map. Meaningful only where no error has been reported.
ir::RuleSet finish(MapDraft&& draft);

}  // namespace dovetail::dsl

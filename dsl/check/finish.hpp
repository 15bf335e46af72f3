// From the draft to the rules, once everything has been said.
#pragma once

#include <span>
#include <utility>

#include "dsl/check/draft.hpp"

namespace dovetail::dsl {

// The rules of a map. Meaningful only where no error has been reported. Takes the schemas out of the vocabularies.
ir::RuleSet finish(MapDraft&& draft, std::span<std::pair<const Unit*, Vocabulary>> vocabularies);

}  // namespace dovetail::dsl

// The documentation of an integration, drawn from its rules alone: what administrators read before they set it up.
#pragma once

#include "dsl/docs/document.hpp"
#include "engine/ir/rules.hpp"

namespace dovetail::dsl {

// Title, how to use it, set-up, supported features and fields, what is asked, and the map's own sections.
Document describe(const ir::RuleSet& rules);

}  // namespace dovetail::dsl

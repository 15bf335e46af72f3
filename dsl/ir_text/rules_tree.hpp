// The checked rules as a tree of names and values: what `mapcheck ir` prints. The format: docs/formats.md, "IR".
#pragma once

#include "dsl/ir_text/tree.hpp"
#include "engine/ir/rules.hpp"

namespace dovetail::dsl {

Tree rules_tree(const ir::RuleSet& rules);
Tree schema_tree(const ir::Schema& schema);

}  // namespace dovetail::dsl

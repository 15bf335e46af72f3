// What an integration does besides single fields, as sentences: matching, directions, life cycle, lists, fills.
#pragma once

#include <vector>

#include "dsl/docs/document.hpp"
#include "engine/ir/rules.hpp"

namespace dovetail::dsl {

std::vector<Line> feature_sentences(const ir::RuleSet& rules);
std::vector<Line> fill_sentences(const ir::RuleSet& rules);
Line list_sentence(const ir::RuleSet& rules, const ir::ListRule& list);
Line group_sentence(const ir::RuleSet& rules, const ir::Group& group);

}  // namespace dovetail::dsl

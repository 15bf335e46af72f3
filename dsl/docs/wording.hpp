// The sentences of the documentation: how a rule is said to people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dsl/docs/document.hpp"
#include "engine/ir/rules.hpp"

namespace dovetail::dsl {

// "Netvisor", "Netvisor and Huma".
std::string side_titles(const ir::RuleSet& rules, ir::Sides sides);

// "homeAddress.city", "identifications[type = national].value", "positions[latest].contractEndDate".
std::string path_text(const ir::RuleSet& rules, ir::Side side, const ir::Path& path);

// "(clearingno, account)"; a literal in quotes.
std::string end_text(const ir::RuleSet& rules, ir::Side side, const ir::End& end);

// "<->", "->", "<-"
std::string_view arrow_text(ir::Direction direction);

// "male", "any other value", "keeps its value", "no value": one side of a row of a values table.
std::string cell_title(ir::ValueRow::Cell cell, const std::string& word);

// "unique in Huma", "can't unset or update in Netvisor", …
Line clause_sentence(const ir::RuleSet& rules, const ir::Clause& clause);

// What a values table does, a line each: "only these values: male, female", "any other value in Huma becomes …".
std::vector<Line> table_sentences(const ir::RuleSet& rules, const ir::ValuesTable& table);

}  // namespace dovetail::dsl

// The tables of supported fields, drawn from the rules: a row for each field, and for each shape of a field.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dsl/docs/document.hpp"
#include "engine/ir/rules.hpp"

namespace dovetail::dsl {

struct FieldRow {
  struct Paths {
    std::string hub, provider;  // of a literal: in quotation marks
    ir::Direction direction = ir::Direction::both;
  };
  std::string label;
  bool required = false;
  std::vector<Paths> pairs;
  std::vector<Line> rules;  // a sentence for each clause, table and transform
};

struct FieldTable {
  std::optional<std::uint32_t> group;  // an index into RuleSet::groups; nullopt: the fields outside groups
  std::vector<FieldRow> rows;
};

// Fields outside groups first, then a table for each group, in file order.
std::vector<FieldTable> field_tables(const ir::RuleSet& rules);

}  // namespace dovetail::dsl

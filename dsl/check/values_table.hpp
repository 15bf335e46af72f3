// `values` tables: what is wrong in one by itself, and where it is used.
#pragma once

#include "dsl/check/draft.hpp"

namespace dovetail::dsl {

// Every table of the map itself, also those that nothing uses.
void take_tables(MapDraft& draft, Report& report);

// The table's index; checks it the first time. `shown` is how the map calls it: "nordic.gender".
std::uint32_t add_table(MapDraft& draft, const Unit& unit, const ast::Values& values, std::string_view shown,
                        Report& report);

// What a library holds by itself, without a map that uses it.
void check_library_tables(const Unit& unit, Report& report);

// Every pair's table against the enumerations at its two ends, and against itself read backwards.
void check_table_uses(MapDraft& draft, Report& report);

// The rows of a table by the word that they take from one side.
class RowsBySource {
 public:
  RowsBySource(const ir::ValuesTable& table, ir::Side source);

  const ir::ValueRow* of_word(std::string_view word) const;  // also the one with `otherwise`; nullptr: none
  const ir::ValueRow* of_unset() const { return unset_; }

 private:
  std::unordered_map<std::string_view, const ir::ValueRow*> words_;  // into the table
  const ir::ValueRow* otherwise_ = nullptr;
  const ir::ValueRow* unset_ = nullptr;
};

}  // namespace dovetail::dsl

// Reads the tables' texts: columns between tabs, `#` begins a comment line, the source and its date stand at the top.
#pragma once

#include <functional>
#include <span>

#include "engine/values/reference_tables.hpp"

namespace dovetail {

// Collects everything that is wrong; the tables are whole only if nothing is.
class TableReader {
 public:
  void read_countries(const TableTexts::File& file);
  void read_iban(const TableTexts::File& file);
  void read_clearing(const TableTexts::File& file);
  void read_banks(const TableTexts::File& file);

  const std::vector<TableFault>& faults() const { return faults_; }
  const ReferenceTables& tables() const { return tables_; }

 private:
  using Columns = std::span<const std::string_view>;

  // Calls `row` with every line's columns; a text it returns is what is wrong with the line.
  void read(const TableTexts::File& file, std::size_t columns, const std::function<std::string(Columns)>& row);
  std::string country_row(Columns columns);
  std::string iban_row(Columns columns);
  std::string clearing_row(Columns columns);
  std::string bank_row(Columns columns);

  ReferenceTables tables_;
  std::vector<TableFault> faults_;
};

}  // namespace dovetail

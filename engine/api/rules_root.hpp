// Where the rules and tables that came with the product are, and the tables read from there.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/error.hpp"
#include "engine/values/reference_tables.hpp"

namespace dovetail {

// The folder that the environment variable DOVETAIL_RULES names, else share/dovetail/rules in the prefix that the
// running program, or the library that this is part of, is installed in. The error says where was looked.
Result<std::filesystem::path> find_rules_root();

// The folder that the tables for `map` (as find_rule_file takes it) are read from: the rule file's own or the one above
// it, where that has tables/countries.tsv; else, and for a map that is named, find_rules_root().
Result<std::filesystem::path> find_tables_root(const std::string& map);

// The files that load_reference_tables reads, be they there or not.
std::vector<std::filesystem::path> reference_table_files(const std::filesystem::path& root);

// The four tables below ROOT/tables. The error says what is wrong in which file and line, a line of text for each.
Result<ReferenceTables> load_reference_tables(const std::filesystem::path& root);

}  // namespace dovetail

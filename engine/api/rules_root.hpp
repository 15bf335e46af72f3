// Where the rules and tables that came with the product are, and the tables read from there.
#pragma once

#include <filesystem>

#include "engine/error.hpp"
#include "engine/values/reference_tables.hpp"

namespace dovetail {

// The folder that the environment variable DOVETAIL_RULES names, else share/dovetail/rules in the prefix that the
// running program, or the library that this is part of, is installed in. The error says where was looked.
Result<std::filesystem::path> find_rules_root();

// The four tables below ROOT/tables. The error says what is wrong in which file and line, a line of text for each.
Result<ReferenceTables> load_reference_tables(const std::filesystem::path& root);

}  // namespace dovetail

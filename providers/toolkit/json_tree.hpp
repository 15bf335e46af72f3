// JSON documents: one with many records, or a record a line (NDJSON).
#pragma once

#include <memory>
#include <string>

#include "providers/toolkit/tree.hpp"

namespace dovetail::providers {

// `records`: the path to the array of records, as in "items" or "data/items"; empty: the document is the array.
// An array in place of that whole document is taken for the records, too. `file` is how messages name the text.
// Refuses what is not well-formed UTF-8 JSON, an object with the same name twice, and more than 100 levels.
Result<std::unique_ptr<Tree>> parse_json(std::string file, std::string text, std::string_view records);

// Each line that is not blank is a record.
Result<std::unique_ptr<Tree>> parse_ndjson(std::string file, std::string text);

}  // namespace dovetail::providers

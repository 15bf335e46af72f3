// JSON documents: one with many records, or a record a line (NDJSON).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "providers/toolkit/tree.hpp"

namespace dovetail::providers {

// `records`: the path to the array of records, as in "items" or "data/items"; empty: the document is the array.
// An array in place of that whole document is taken for the records, too. `file` is how messages name the text.
// Refuses what is not well-formed UTF-8 JSON, an object with the same name twice, and more than 100 levels.
Result<std::unique_ptr<Tree>> parse_json(std::string file, std::string text, std::string_view records);

// The same where the records may stand at one of several paths: the first that is there is taken. `which` is nullopt
// for an array alone, and for an object with one array of another name: what that holds is for the caller to find out.
struct JsonDocument {
  std::unique_ptr<Tree> tree;
  std::optional<std::size_t> which;
};
Result<JsonDocument> parse_json(std::string file, std::string text, std::span<const std::string> places);

// Each line that is not blank is a record.
Result<std::unique_ptr<Tree>> parse_ndjson(std::string file, std::string text);

}  // namespace dovetail::providers

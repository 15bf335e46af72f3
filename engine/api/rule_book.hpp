// A map that came through all checks, compiled, with everything that it refers to.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/compile.hpp"
#include "dsl/load.hpp"
#include "engine/error.hpp"
#include "engine/ir/program.hpp"
#include "engine/values/reference_tables.hpp"

namespace dovetail {

struct RuleBook {
  ReferenceTables tables;
  dsl::Loaded sources;
  ir::RuleSet rules;
  ir::Program program;                       // refers into `rules`
  std::vector<dsl::Diagnostic> diagnostics;  // warnings and hints; places refer into `sources`
  std::string hash;                          // of what the rules say, not of how the file is laid out; hexadecimal

  RuleBook() = default;
  RuleBook(const RuleBook&) = delete;
  RuleBook& operator=(const RuleBook&) = delete;
};

// `map` as find_rule_file takes it. An Error of kind input says that there is no such file, that it is a schema, or
// that it has mistakes; these are in `into.diagnostics`, all of them.
Result<void> open_rule_book(const std::string& map, RuleBook& into);

// The sources as one text, from which the same book can be opened when the files are others by then.
std::string rule_bundle(const RuleBook& book);
// As open_rule_book, with the reference tables of `map`; Error::data: not made by rule_bundle, or by a later version.
Result<void> open_rule_bundle(std::string_view bundle, const std::string& map, RuleBook& into);

}  // namespace dovetail

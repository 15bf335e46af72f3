// From loaded files to checked rules: the one checker that engine, linter, editor, docs and tests share.
#pragma once

#include <optional>
#include <vector>

#include "dsl/diagnostic.hpp"
#include "dsl/load.hpp"
#include "dsl/test/test_case.hpp"
#include "engine/ir/rules.hpp"

namespace dovetail::dsl {

struct CompileOptions {
  const ReferenceTables* tables = nullptr;  // nullptr: literals whose type needs the tables are not judged
  bool pedantic = false;                    // the pedantic checks too
};

struct CompileResult {
  std::optional<ir::RuleSet> rules;     // of a map without errors
  std::optional<ir::Schema> schema;     // of a lone schema without errors
  std::vector<TestCase> tests;          // of a map without errors, in file order
  std::vector<Diagnostic> diagnostics;  // all, sorted; what the files suppress is left out
};

// Checks a map, a schema or a library, with what it imports. `found` is what load() appended. The diagnostics look
// into `loaded`, which must outlive them; the rules own everything they name.
CompileResult compile(const Loaded& loaded, std::vector<Diagnostic> found, const CompileOptions& options = {});

}  // namespace dovetail::dsl

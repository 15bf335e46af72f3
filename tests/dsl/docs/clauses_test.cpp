#include <catch2/catch.hpp>

#include <algorithm>

#include "dsl/docs/describe.hpp"
#include "tests/dsl/docs/printed_tables.hpp"
#include "tests/dsl/map_edits.hpp"
#include "tests/dsl/rule_files.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

std::string rows_of(const std::string& markdown, const std::string& label) {
  std::string rows;
  for (const PrintedRow& row : printed_rows(markdown))
    if (row.label == label) rows += shown(row) + "\n";
  return rows;
}

bool all_errors_are(const std::vector<dsl::Diagnostic>& diagnostics, dsl::DiagnosticId id) {
  return dsl::has_errors(diagnostics) && std::ranges::all_of(diagnostics, [&](const dsl::Diagnostic& found) {
           return found.severity != dsl::Severity::error || found.id == id;
         });
}

}  // namespace

TEST_CASE("deleting any clause of any map changes its row in the documentation", "[docs][rules]") {
  const std::string name = GENERATE(from_range(all_maps));
  const auto map = compile_map(name);
  REQUIRE(map->compiled.rules.has_value());
  const std::string whole = dsl::to_markdown(dsl::describe(map->rules()));
  const dsl::Unit& unit = map->loaded.main();
  const auto clauses = clauses_in(unit.tree);
  CHECK(clauses.empty() == (name == "poweroffice"));  // whose table has no rules
  for (const ClauseInText& clause : clauses) {
    INFO(name << ": without `" << unit.source->text(clause.span) << "` of \"" << clause.label << "\" in line "
              << unit.source->place(clause.span.begin).line);
    const std::string text = without(unit.source->text(), clause.span);
    const auto changed = compile_map(name, &text);
    if (!changed->compiled.rules) {
      // Without it the checker can't tell two shapes apart: nobody could read such a row.
      CHECK(all_errors_are(changed->compiled.diagnostics, dsl::DiagnosticId::undistinguishable_shapes));
      continue;
    }
    const std::string left = dsl::to_markdown(dsl::describe(changed->rules()));
    if (clause.label.empty()) {
      CHECK(left != whole);
    } else {
      CHECK(rows_of(left, clause.label) != rows_of(whole, clause.label));
    }
  }
}

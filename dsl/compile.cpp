#include "dsl/compile.hpp"

#include "dsl/check/checks.hpp"
#include "dsl/check/fields.hpp"
#include "dsl/check/finish.hpp"
#include "dsl/check/map_items.hpp"
#include "dsl/check/suppressions.hpp"
#include "dsl/check/tests.hpp"
#include "dsl/check/values_table.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using Kind = ast::Header::Kind;
using Vocabularies = std::vector<std::pair<const Unit*, Vocabulary>>;

Vocabularies check_imported_schemas(const Loaded& loaded, Report& report) {
  Vocabularies vocabularies;
  for (const std::unique_ptr<Unit>& unit : loaded.units) {
    const bool is_schema = unit->tree.header && unit->tree.header->kind == Kind::schema;
    if (is_schema) vocabularies.emplace_back(unit.get(), check_schema(*unit, report));
  }
  return vocabularies;
}

void check_map(const Loaded& loaded, const CompileOptions& options, Report& report, CompileResult& result) {
  Vocabularies vocabularies = check_imported_schemas(loaded, report);
  MapDraft draft;
  draft.unit = &loaded.main();
  draft.loaded = &loaded;
  draft.reference_tables = options.tables;

  refuse_foreign_items(draft, report);
  take_header(draft);
  take_imports(draft, vocabularies, report);
  take_setup(draft, report);
  take_settings(draft, report);
  take_sections(draft);
  take_tables(draft, report);
  take_table_of_fields(draft, report);
  take_matching(draft, report);
  take_conflict_rule(draft, report);
  take_life_cycle(draft, report);
  take_guards(draft, report);
  check_table_uses(draft, report);
  for (MapCheck* check : map_checks) check(draft, report);
  result.tests = take_tests(draft, report);
  for (const Lint& lint : map_lints) {
    if (options.pedantic || kind(lint.id).severity != Severity::pedantic) lint.run(draft, report);
  }
  result.rules = finish(std::move(draft), vocabularies);
}

void check_lone_schema(const Unit& unit, Report& report, CompileResult& result) {
  result.schema = check_schema(unit, report).schema;
}

}  // namespace

CompileResult compile(const Loaded& loaded, std::vector<Diagnostic> found, const CompileOptions& options) {
  CompileResult result;
  result.diagnostics = std::move(found);
  Suppressions suppressions(loaded);
  Report report(result.diagnostics, &suppressions);
  const Unit& unit = loaded.main();
  check_every_file(loaded, report);
  if (unit.tree.header) {
    switch (unit.tree.header->kind) {
      case Kind::map:
        check_map(loaded, options, report, result);
        break;
      case Kind::schema:
        check_lone_schema(unit, report, result);
        break;
      case Kind::library:
        check_library_tables(unit, report);
        break;
    }
  }
  if (has_errors(result.diagnostics)) {
    result.rules.reset();
    result.schema.reset();
    result.tests.clear();
  }
  suppressions.check(has_errors(result.diagnostics), report);
  sort(result.diagnostics);
  report.finish();
  return result;
}

}  // namespace dovetail::dsl

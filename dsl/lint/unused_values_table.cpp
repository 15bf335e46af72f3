#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {

void lint_unused_values_table(const MapDraft& draft, Report& report) {
  if (draft.unit->tree.broken || !draft.tables_known) return;
  for (const TableDraft& table : draft.tables) {
    if (table.used) continue;
    report.add(Diagnostic::of(DiagnosticId::unused_values_table, draft.file(), table.written->name.span,
                              "values table " + quoted(table.written->name.text) + " is never used")
                   .helped("use it by `using " + std::string(table.written->name.text) + "`, or remove it")
                   .fixed({{table.written->span, ""}}));
  }
}

}  // namespace dovetail::dsl

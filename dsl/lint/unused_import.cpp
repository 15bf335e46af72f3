#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {

void lint_unused_import(const MapDraft& draft, Report& report) {
  if (draft.unit->tree.broken || !draft.tables_known) return;
  for (const Loaded::Import& import : draft.loaded->imports) {
    if (import.written == nullptr || import.written->kind != ast::Import::Kind::library || import.unit == nullptr)
      continue;
    if (draft.library_used.contains(import.written->alias.text)) continue;
    report.add(Diagnostic::of(DiagnosticId::unused_import, draft.file(), import.written->alias.span,
                              "library " + quoted(import.written->alias.text) + " is never used")
                   .helped("remove the import")
                   .fixed({{import.written->span, ""}}));
  }
}

}  // namespace dovetail::dsl

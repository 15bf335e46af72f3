// A map with fields and without `match`: nobody's records would ever be found to be one person's.
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {

void lint_missing_match(const MapDraft& draft, Report& report) {
  if (draft.match != nullptr || draft.fields.empty() || draft.unit->tree.broken || !draft.unit->tree.header) return;
  if (draft.side(ir::Side::hub).written == nullptr || draft.side(ir::Side::provider).written == nullptr) return;
  report.add(Diagnostic::of(DiagnosticId::missing_match, draft.file(), draft.unit->tree.header->span,
                            "the map does not say how people are matched: nobody in " +
                                quoted(draft.alias(ir::Side::hub)) + " is ever found in " +
                                quoted(draft.alias(ir::Side::provider)))
                 .helped("add `match by` and the label of a field that both systems have, as in `match by \"" +
                         draft.fields.front().rule.label + "\"`"));
}

}  // namespace dovetail::dsl

#include "dsl/check/clauses.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

bool flows_into(const FieldDraft& field, ir::Sides sides) {
  for (const ShapeDraft& shape : field.shapes) {
    for (const PairDraft& pair : shape.pairs) {
      for (const Side side : {Side::hub, Side::provider}) {
        if (ir::includes(sides, side) && ir::flows_to(pair.rule.direction, side)) return true;
      }
    }
  }
  return false;
}

}  // namespace

void lint_pointless_cannot_unset(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    if (!field.sound) continue;
    for (const ir::Clause& clause : field.rule.clauses) {
      const bool cannot =
          clause.kind == ir::Clause::Kind::cannot_unset || clause.kind == ir::Clause::Kind::cannot_unset_or_update;
      if (!cannot || flows_into(field, clause.sides)) continue;
      report.add(Diagnostic::of(DiagnosticId::pointless_cannot_unset, draft.file(), clause_span(draft, field, clause),
                                quoted(clause_text(draft, clause)) + ", and field \"" + field.rule.label +
                                    "\" is never written there")
                     .helped("leave the clause out"));
    }
  }
}

}  // namespace dovetail::dsl

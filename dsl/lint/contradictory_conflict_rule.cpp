#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

bool flows_to(const FieldDraft& field, ir::Side side) {
  for (const ShapeDraft& shape : field.shapes) {
    for (const PairDraft& pair : shape.pairs) {
      if (ir::flows_to(pair.rule.direction, side)) return true;
    }
  }
  return false;
}

// Where the rule is written.
Span rule_span(const FieldDraft& field) {
  for (const ast::Clause& clause : field.written->clauses) {
    if (clause.kind == ast::Clause::Kind::conflict_prefer) return clause.span;
  }
  const PairDraft* pair = field.single_pair();
  if (pair == nullptr) return field.written->label.span;
  for (const ast::Clause& clause : pair->written->clauses) {
    if (clause.kind == ast::Clause::Kind::conflict_prefer) return clause.span;
  }
  return field.written->label.span;
}

}  // namespace

void lint_contradictory_conflict_rule(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    if (!field.sound || !field.rule.conflict || *field.rule.conflict == ir::ConflictRule::ask) continue;
    const ir::Side preferred =
        *field.rule.conflict == ir::ConflictRule::prefer_hub ? ir::Side::hub : ir::Side::provider;
    if (flows_to(field, other(preferred))) continue;
    report.add(Diagnostic::of(DiagnosticId::contradictory_conflict_rule, draft.file(), rule_span(field),
                              "field \"" + field.rule.label + "\" prefers " + quoted(draft.alias(preferred)) +
                                  ", and nothing is ever read from there")
                   .helped("leave the rule out, or use `<->`"));
  }
}

}  // namespace dovetail::dsl

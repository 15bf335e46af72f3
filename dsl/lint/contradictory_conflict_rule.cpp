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

}  // namespace

void lint_contradictory_conflict_rule(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    if (!field.sound || !field.rule.conflict || *field.rule.conflict == ir::ConflictRule::ask) continue;
    const ir::Side preferred =
        *field.rule.conflict == ir::ConflictRule::prefer_hub ? ir::Side::hub : ir::Side::provider;
    if (flows_to(field, other(preferred))) continue;
    report.add(Diagnostic::of(DiagnosticId::contradictory_conflict_rule, draft.file(), field.written->label.span,
                              "field \"" + field.rule.label + "\" prefers " + quoted(draft.alias(preferred)) +
                                  ", and nothing is ever read from there")
                   .helped("leave the rule out, or use `<->`"));
  }
}

}  // namespace dovetail::dsl

#include "dsl/check/pairs.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

// A pair that only says which member must have which value moves nothing by itself.
bool moves_something(const FieldDraft& field) {
  for (const ShapeDraft& shape : field.shapes) {
    for (const PairDraft& pair : shape.pairs) {
      const bool has_literal = pair.rule.ends[0].literal || pair.rule.ends[1].literal;
      if (!has_literal) return true;
      const ir::Side literal = pair.rule.ends[0].literal ? ir::Side::hub : ir::Side::provider;
      if (ir::flows_to(pair.rule.direction, other(literal))) return true;
    }
  }
  return false;
}

}  // namespace

void lint_never_synced_field(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    if (!field.sound || moves_something(field)) continue;
    const bool is_empty = field.shapes.front().pairs.empty();
    report.add(Diagnostic::of(DiagnosticId::never_synced_field, draft.file(), field.written->label.span,
                              "field \"" + field.rule.label + "\" " +
                                  (is_empty ? "has no pair" : "has only conditions") +
                                  ": nothing of it is ever written")
                   .helped("add a pair, or remove the field"));
  }
}

}  // namespace dovetail::dsl

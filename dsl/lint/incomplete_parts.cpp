#include "dsl/check/clauses.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

// How many pairs are read from that side, of those that have a path there.
std::size_t parts_read(const FieldDraft& field, Side side) {
  std::size_t count = 0;
  for (const ShapeDraft& shape : field.shapes) {
    for (const PairDraft& pair : shape.pairs) {
      if (ir::flows_to(pair.rule.direction, other(side)) && !pair.rule.end(side).paths.empty()) ++count;
    }
  }
  return count;
}

}  // namespace

void lint_incomplete_parts(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    if (!field.sound || field.single_pair() != nullptr) continue;
    for (const ir::Clause& clause : field.rule.clauses) {
      if (clause.kind != ir::Clause::Kind::all_parts_filled) continue;
      for (const Side side : {Side::hub, Side::provider}) {
        if (!ir::includes(clause.sides, side) || parts_read(field, side) > 1) continue;
        const bool none = parts_read(field, side) == 0;
        report.add(Diagnostic::of(DiagnosticId::incomplete_parts, draft.file(), clause_span(draft, field, clause),
                                  quoted(clause_text(draft, clause)) + ", and " + (none ? "nothing" : "one part only") +
                                      " of field \"" + field.rule.label + "\" is read from " +
                                      quoted(draft.alias(side)))
                       .helped("the parts are the pairs that are read from that side: use `<->` for them"));
        break;
      }
    }
  }
}

}  // namespace dovetail::dsl

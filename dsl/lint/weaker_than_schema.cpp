#include "dsl/check/clauses.hpp"
#include "dsl/check/pairs.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;
using Kind = ir::Clause::Kind;

std::string why_weaker(const ir::Clause& clause, const ir::Member& member) {
  if (clause.kind == Kind::max_length && member.max_length && clause.length > *member.max_length) {
    return "max length " + std::to_string(*member.max_length);
  }
  if (clause.kind == Kind::cannot_unset && member.set_once) return "set once";
  return {};
}

void check_pair(const MapDraft& draft, const FieldDraft& field, const PairDraft& pair, Report& report) {
  for (const ir::Clause* clause : clauses_of(field, pair)) {
    for (const Side side : {Side::hub, Side::provider}) {
      const ir::Member* member = single_member(draft, pair, side);
      if (member == nullptr || !ir::includes(clause->sides, side)) continue;
      const std::string schema_says = why_weaker(*clause, *member);
      if (schema_says.empty()) continue;
      const Vocabulary& vocabulary = *draft.vocabulary(side);
      report.add(Diagnostic::of(DiagnosticId::weaker_than_schema, draft.file(), clause_span(draft, field, *clause),
                                quoted(clause_text(draft, *clause)) + " allows more than " +
                                    quoted(end_text(draft, pair, side)) + " does")
                     .with(vocabulary.label(vocabulary.schema.id(*member), schema_says))
                     .helped(clause->kind == Kind::max_length ? "write " + quoted(schema_says)
                                                              : "write `cannot unset or update`"));
      break;
    }
  }
}

}  // namespace

void lint_weaker_than_schema(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    for (const ShapeDraft& shape : field.shapes) {
      for (const PairDraft& pair : shape.pairs) {
        if (pair.sound()) check_pair(draft, field, pair, report);
      }
    }
  }
}

}  // namespace dovetail::dsl

#include "dsl/check/clauses.hpp"
#include "dsl/check/pairs.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

bool is_said_unique(const MapDraft& draft, const FieldDraft& field, const PairDraft& pair) {
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    const ir::Member* member = single_member(draft, pair, side);
    if (member != nullptr && member->unique) return true;
  }
  for (const ir::Clause* clause : clauses_of(field, pair)) {
    if (clause->kind == ir::Clause::Kind::unique) return true;
  }
  return false;
}

}  // namespace

void lint_missing_unique(const MapDraft& draft, Report& report) {
  if (!draft.rules.match || !draft.rules.match->field) return;
  const FieldDraft& field = draft.fields[*draft.rules.match->field];
  const PairDraft* pair = field.single_pair();
  if (pair == nullptr || !field.clauses_known || !pair->sound() || is_said_unique(draft, field, *pair)) return;
  report.add(
      Diagnostic::of(DiagnosticId::missing_unique, draft.file(), field.written->label.span,
                     "people are matched by field \"" + field.rule.label + "\", and nothing says that it is unique")
          .with(draft.label(draft.match->span, "matched here"))
          .helped("add `unique in " + std::string(draft.alias(ir::Side::hub)) + "` or `unique in both`"));
}

}  // namespace dovetail::dsl

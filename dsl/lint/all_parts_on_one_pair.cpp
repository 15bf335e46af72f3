#include "dsl/check/clauses.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

const ast::Clause* all_parts(const FieldDraft& field) {
  for (const ast::Clause& clause : field.written->clauses) {
    if (clause.kind == ast::Clause::Kind::all_parts_filled) return &clause;
  }
  return nullptr;
}

}  // namespace

void lint_all_parts_on_one_pair(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    const ast::Clause* clause = all_parts(field);
    const PairDraft* pair = field.single_pair();
    if (clause == nullptr || pair == nullptr || field.written->broken) continue;
    if (pair->rule.ends[0].paths.size() > 1 || pair->rule.ends[1].paths.size() > 1) continue;
    report.add(Diagnostic::of(
                   DiagnosticId::all_parts_on_one_pair, draft.file(), clause->span,
                   quoted(clause_text(draft, *clause)) + ", and field \"" + field.rule.label + "\" has a single part")
                   .helped("leave it out: a part that is unset is never read as a value")
                   .fixed({{clause->span, ""}}));
  }
}

}  // namespace dovetail::dsl

#include "dsl/check/paths.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

void check_given(const MapDraft& draft, const ast::Given& given, Report& report) {
  if (given.kind != ast::Given::Kind::side) return;
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    if (draft.alias(side) != given.subject.text || draft.vocabulary(side) == nullptr) continue;
    for (const ast::Assignment& assignment : given.assignments) {
      if (assignment.value.kind != ast::Literal::Kind::unset) continue;
      std::vector<Diagnostic> said;  // what is wrong with the path has been reported
      Report silent(said);
      const auto found = find_path(draft, {side, ir::no_member, true}, assignment.path, silent);
      if (!found || !draft.vocabulary(side)->member(found->path.member).not_nullable) continue;
      report.add(Diagnostic::of(DiagnosticId::impossible_unset_test, draft.file(), assignment.value.span,
                                quoted(plain_path(draft.vocabulary(side)->member(found->path.member))) +
                                    " is never without a value in " + quoted(draft.alias(side)))
                     .with(draft.vocabulary(side)->label(found->path.member, "not nullable"))
                     .helped("give it a value"));
    }
  }
}

}  // namespace

void lint_impossible_unset_test(const MapDraft& draft, Report& report) {
  for (const ast::Item& item : draft.unit->tree.items) {
    const auto* test = std::get_if<ast::Test>(&item);
    if (test == nullptr) continue;
    for (const auto& one : test->items) {
      if (const auto* given = std::get_if<ast::Given>(&one)) check_given(draft, *given, report);
    }
  }
}

}  // namespace dovetail::dsl

#include "dsl/check/clauses.hpp"
#include "dsl/check/pairs.hpp"
#include "dsl/lint/lints.hpp"
#include "dsl/lint/tested_members.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

bool is_kept(const FieldDraft& field, const PairDraft& pair, Side target) {
  for (const ir::Clause* clause : clauses_of(field, pair)) {
    const bool cannot =
        clause->kind == ir::Clause::Kind::cannot_unset || clause->kind == ir::Clause::Kind::cannot_unset_or_update;
    if (cannot && ir::includes(clause->sides, target)) return true;
  }
  return false;
}

// The member that a removal in the hub clears in the provider; nullptr: none, or a test shows it.
const ir::Member* untested(const MapDraft& draft, const FieldDraft& field, const TestedMembers& tested) {
  const ir::Member* first = nullptr;
  for (const ShapeDraft& shape : field.shapes) {
    for (const PairDraft& pair : shape.pairs) {
      if (!ir::flows_to(pair.rule.direction, Side::provider)) continue;
      const ir::Member* member = single_member(draft, pair, Side::provider);
      if (member == nullptr || member->not_nullable || is_kept(field, pair, Side::provider)) continue;
      const ir::MemberId id = draft.vocabulary(Side::provider)->schema.id(*member);
      if (tested.cleared[static_cast<std::size_t>(Side::provider)].contains(id)) return nullptr;
      if (first == nullptr) first = member;
    }
  }
  return first;
}

}  // namespace

void lint_untested_clear(const MapDraft& draft, Report& report) {
  const TestedMembers tested = tested_members(draft);
  for (const FieldDraft& field : draft.fields) {
    if (!field.sound || field.rule.required || !field.clauses_known) continue;
    const ir::Member* member = untested(draft, field, tested);
    if (member == nullptr) continue;
    const std::string path = std::string(draft.alias(Side::provider)) + "." + plain_path(*member);
    report.add(Diagnostic::of(DiagnosticId::untested_clear, draft.file(), field.written->label.span,
                              "no test shows what happens to " + quoted(path) + " when field \"" + field.rule.label +
                                  "\" is emptied in " + quoted(draft.alias(Side::hub)))
                   .helped("add a `test` that expects " + quoted("clear " + path)));
  }
}

}  // namespace dovetail::dsl

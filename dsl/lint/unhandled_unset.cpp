#include "dsl/check/clauses.hpp"
#include "dsl/check/pairs.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

bool forbids_clear(const MapDraft& draft, const FieldDraft& field, const PairDraft& pair, Side target) {
  if (field.rule.required) return true;
  for (const ir::Clause* clause : clauses_of(field, pair)) {
    const bool cannot =
        clause->kind == ir::Clause::Kind::cannot_unset || clause->kind == ir::Clause::Kind::cannot_unset_or_update;
    if (cannot && ir::includes(clause->sides, target)) return true;
  }
  if (!pair.rule.table) return false;
  for (const ir::ValueRow& row : draft.tables[*pair.rule.table].rule.rows) {
    const auto source = target == Side::provider ? row.hub : row.provider;
    if (source == ir::ValueRow::Cell::unset && ir::flows_to(row.direction, target)) return true;
  }
  return false;
}

// The member of `target` that needs a value where the other side may have none; nullptr: no such.
const ir::Member* needy_member(const MapDraft& draft, const FieldDraft& field, const PairDraft& pair, Side target) {
  if (!pair.sound() || !ir::flows_to(pair.rule.direction, target)) return nullptr;
  const ir::Member* to = single_member(draft, pair, target);
  const ir::Member* from = single_member(draft, pair, other(target));
  if (to == nullptr || from == nullptr || !to->not_nullable || from->not_nullable) return nullptr;
  return forbids_clear(draft, field, pair, target) ? nullptr : to;
}

void check_field(const MapDraft& draft, const FieldDraft& field, Side target, Report& report) {
  std::vector<std::string> needy;
  const ir::Member* first = nullptr;
  for (const ShapeDraft& shape : field.shapes) {
    for (const PairDraft& pair : shape.pairs) {
      const ir::Member* member = needy_member(draft, field, pair, target);
      if (member == nullptr) continue;
      if (first == nullptr) first = member;
      needy.push_back(plain_path(*member));
    }
  }
  if (first == nullptr) return;
  const Vocabulary& vocabulary = *draft.vocabulary(target);
  const std::vector<std::string_view> names(needy.begin(), needy.end());
  report.add(Diagnostic::of(DiagnosticId::unhandled_unset, draft.file(), field.written->label.span,
                            "field \"" + field.rule.label + "\" can be emptied in " +
                                quoted(draft.alias(other(target))) + ", and " + quoted(draft.alias(target)) +
                                " needs a value in " + listed(names))
                 .with(vocabulary.label(vocabulary.schema.id(*first), "not nullable"))
                 .helped("say what then: `cannot unset in " + std::string(draft.alias(target)) + "`, or `required`"));
}

}  // namespace

void lint_unhandled_unset(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    if (!field.clauses_known) continue;
    for (const Side target : {Side::hub, Side::provider}) check_field(draft, field, target, report);
  }
}

}  // namespace dovetail::dsl

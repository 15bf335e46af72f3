#include "dsl/check/clauses.hpp"
#include "dsl/check/pairs.hpp"
#include "dsl/check/values_table.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using Cell = ir::ValueRow::Cell;
using ir::Side;

Cell cell_of(const ir::ValueRow& row, Side side) { return side == Side::hub ? row.hub : row.provider; }
const std::string& word_of(const ir::ValueRow& row, Side side) {
  return side == Side::hub ? row.hub_word : row.provider_word;
}

bool is_kept(const FieldDraft& field, const PairDraft& pair, Side target) {
  if (field.rule.required) return true;
  for (const ir::Clause* clause : clauses_of(field, pair)) {
    const bool cannot =
        clause->kind == ir::Clause::Kind::cannot_unset || clause->kind == ir::Clause::Kind::cannot_unset_or_update;
    if (cannot && ir::includes(clause->sides, target)) return true;
  }
  return false;
}

// The row that writes a word where the source has no value, and that is not read back as no value.
const ir::ValueRow* hiding_row(const ir::ValuesTable& table, const PairDraft& pair, Side target) {
  const ir::ValueRow* row = RowsBySource(table, other(target)).of_unset();
  if (row == nullptr || cell_of(*row, target) != Cell::word) return nullptr;
  if (!ir::flows_to(pair.rule.direction, other(target))) return row;
  const ir::ValueRow* back = RowsBySource(table, target).of_word(word_of(*row, target));
  return back != nullptr && cell_of(*back, other(target)) == Cell::unset ? nullptr : row;
}

void check(const MapDraft& draft, const FieldDraft& field, const PairDraft& pair, Side target, Report& report) {
  if (!ir::flows_to(pair.rule.direction, target) || is_kept(field, pair, target)) return;
  const ir::Member* to = single_member(draft, pair, target);
  const ir::Member* from = single_member(draft, pair, other(target));
  if (to == nullptr || from == nullptr || to->not_nullable) return;
  const TableDraft& table = draft.tables[*pair.rule.table];
  const ir::ValueRow* row = hiding_row(table.rule, pair, target);
  if (row == nullptr) return;
  const std::string target_name(draft.alias(target));
  const auto index = static_cast<std::size_t>(row - table.rule.rows.data());
  report.add(
      Diagnostic::of(DiagnosticId::default_hides_unset, draft.file(), pair.written->table->span,
                     "where " + quoted(std::string(draft.alias(other(target))) + "." + plain_path(*from)) +
                         " is emptied, " + quoted(target_name + "." + plain_path(*to)) + " becomes " +
                         quoted(word_of(*row, target)) + ": nobody sees that it was removed")
          .with({table.unit->source.get(), table.written->rows[index].span, "by this row"})
          .helped("leave the row out, so that the removal goes through, or say `cannot unset in " + target_name + "`"));
}

}  // namespace

void lint_default_hides_unset(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    if (!field.clauses_known) continue;
    for (const ShapeDraft& shape : field.shapes) {
      for (const PairDraft& pair : shape.pairs) {
        if (!pair.rule.table || !pair.sound() || !draft.tables[*pair.rule.table].sound) continue;
        for (const Side target : {Side::hub, Side::provider}) check(draft, field, pair, target, report);
      }
    }
  }
}

}  // namespace dovetail::dsl

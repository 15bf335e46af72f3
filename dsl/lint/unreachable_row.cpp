#include "dsl/check/values_table.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using Cell = ir::ValueRow::Cell;
using ir::Side;

// Enumerations that a table reads from that side, as long as all uses agree on closed ones; nullptr: something else.
const ir::Member* only_source(const MapDraft& draft, std::uint32_t table, Side side) {
  const ir::Member* source = nullptr;
  for (const FieldDraft& field : draft.fields) {
    for (const ShapeDraft& shape : field.shapes) {
      for (const PairDraft& pair : shape.pairs) {
        if (pair.rule.table != table) continue;
        if (!pair.sound() || pair.rule.end(side).paths.size() != 1 || !pair.rule.transforms.empty()) return nullptr;
        if (!ir::flows_to(pair.rule.direction, other(side))) continue;
        const ir::Member& member = draft.vocabulary(side)->member(pair.rule.end(side).paths.front().member);
        if (member.type != nullptr || member.open_enum || (source != nullptr && source != &member)) return nullptr;
        source = &member;
      }
    }
  }
  return source;
}

void check_side(const MapDraft& draft, const TableDraft& table, std::uint32_t index, Side side, Report& report) {
  for (std::size_t i = 0; i < table.rule.rows.size(); ++i) {
    const ir::ValueRow& row = table.rule.rows[i];
    const Cell cell = side == Side::hub ? row.hub : row.provider;
    if (cell != Cell::otherwise || !ir::flows_to(row.direction, other(side))) continue;
    const ir::Member* source = only_source(draft, index, side);
    if (source == nullptr) return;
    ir::ValuesTable rest = table.rule;
    rest.rows.erase(rest.rows.begin() + static_cast<std::ptrdiff_t>(i));
    for (const ir::EnumWord& word : source->words) {
      if (!translates(rest, side, word.word)) return;
    }
    report.add(Diagnostic::of(DiagnosticId::unreachable_row, *table.unit->source, table.written->rows[i].span,
                              "every word of " + quoted(std::string(draft.alias(side)) + "." + plain_path(*source)) +
                                  " has a row of its own")
                   .helped("remove this row"));
  }
}

}  // namespace

void lint_unreachable_row(const MapDraft& draft, Report& report) {
  for (std::uint32_t i = 0; i < draft.tables.size(); ++i) {
    const TableDraft& table = draft.tables[i];
    if (!table.sound || !table.used || table.unit != draft.unit) continue;  // a library's rows may serve others
    for (const Side side : {Side::hub, Side::provider}) check_side(draft, table, i, side, report);
  }
}

}  // namespace dovetail::dsl

#include <algorithm>

#include "dsl/check/values_table.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using Cell = ir::ValueRow::Cell;
using ir::Side;

// What a table is read from on one side, over all its uses.
struct Source {
  const ir::Member* member = nullptr;  // nullptr: nothing, or more than one closed enumeration
  bool unclear = false;                // something else than a single closed enumeration

  void take(const ir::Member& read) {
    if (read.type != nullptr || read.open_enum || (member != nullptr && member != &read)) unclear = true;
    member = &read;
  }
};
using Sources = std::vector<std::array<Source, 2>>;  // by table, by Side

void take(const MapDraft& draft, const PairDraft& pair, Sources& sources) {
  if (!pair.rule.table) return;
  for (const Side side : {Side::hub, Side::provider}) {
    Source& source = sources[*pair.rule.table][static_cast<std::size_t>(side)];
    if (!pair.sound() || pair.rule.end(side).paths.size() != 1 || !pair.rule.transforms.empty()) {
      source.unclear = true;
    } else if (ir::flows_to(pair.rule.direction, other(side))) {
      source.take(draft.vocabulary(side)->member(pair.rule.end(side).paths.front().member));
    }
  }
}

Sources sources_of(const MapDraft& draft) {
  Sources sources(draft.tables.size());
  for (const FieldDraft& field : draft.fields) {
    for (const ShapeDraft& shape : field.shapes) {
      for (const PairDraft& pair : shape.pairs) take(draft, pair, sources);
    }
  }
  return sources;
}

bool has_rows_for_all(const ir::Member& member, const RowsBySource& rows, const ir::ValueRow& otherwise) {
  return std::ranges::all_of(member.words, [&](const ir::EnumWord& word) {
    const ir::ValueRow* row = rows.of_word(word.word);
    return row != nullptr && row != &otherwise;
  });
}

void check_side(const MapDraft& draft, const TableDraft& table, const Source& source, Side side, Report& report) {
  if (source.member == nullptr || source.unclear) return;
  const RowsBySource rows(table.rule, side);
  for (std::size_t i = 0; i < table.rule.rows.size(); ++i) {
    const ir::ValueRow& row = table.rule.rows[i];
    const Cell cell = side == Side::hub ? row.hub : row.provider;
    if (cell != Cell::otherwise || !ir::flows_to(row.direction, other(side))) continue;
    if (!has_rows_for_all(*source.member, rows, row)) continue;
    report.add(Diagnostic::of(DiagnosticId::unreachable_row, *table.unit->source, table.written->rows[i].span,
                              "every word of " +
                                  quoted(std::string(draft.alias(side)) + "." + plain_path(*source.member)) +
                                  " has a row of its own")
                   .helped("remove this row"));
  }
}

}  // namespace

void lint_unreachable_row(const MapDraft& draft, Report& report) {
  const Sources sources = sources_of(draft);
  for (std::uint32_t i = 0; i < draft.tables.size(); ++i) {
    const TableDraft& table = draft.tables[i];
    if (!table.sound || !table.used || table.unit != draft.unit) continue;  // a library's rows may serve others
    for (const Side side : {Side::hub, Side::provider}) {
      check_side(draft, table, sources[i][static_cast<std::size_t>(side)], side, report);
    }
  }
}

}  // namespace dovetail::dsl

#include "dsl/check/values_table.hpp"

#include "dsl/check/pairs.hpp"

namespace dovetail::dsl {
namespace {

using Cell = ir::ValueRow::Cell;
using ir::Side;

Cell kind_of(const ast::Cell& cell) { return static_cast<Cell>(cell.kind); }

const ast::Cell& cell_at(const ast::ValueRow& row, Side side) { return side == Side::hub ? row.left : row.right; }

class TableCheck {
 public:
  TableCheck(const Unit& unit, const ast::Values& values, Report& report)
      : file_(*unit.source), values_(values), report_(report) {}

  // The rows that are sound. `sound` becomes false if one is not.
  ir::ValuesTable run(std::string_view shown, bool& sound) {
    ir::ValuesTable table;
    table.name = shown;
    table.origin = origin_of(file_, values_.name.span);
    sound = !values_.broken;
    table.rows.reserve(values_.rows.size());
    left_.words.reserve(values_.rows.size());
    right_.words.reserve(values_.rows.size());
    for (const ast::ValueRow& row : values_.rows) {
      if (is_sound(row)) {
        table.rows.push_back(rule_of(row));
      } else {
        sound = false;
      }
    }
    return table;
  }

 private:
  ir::ValueRow rule_of(const ast::ValueRow& row) const {
    ir::ValueRow rule;
    rule.hub = kind_of(row.left);
    rule.provider = kind_of(row.right);
    if (rule.hub == Cell::word) rule.hub_word = row.left.literal.text;
    if (rule.provider == Cell::word) rule.provider_word = row.right.literal.text;
    rule.direction = direction_of(row.arrow);
    rule.origin = origin_of(file_, row.span);
    return rule;
  }

  bool is_sound(const ast::ValueRow& row) {
    const ir::Direction direction = direction_of(row.arrow);
    for (const Side side : {Side::hub, Side::provider}) {
      const bool is_read = ir::flows_to(direction, other(side));
      const bool is_written = ir::flows_to(direction, side);
      const ast::Cell& cell = cell_at(row, side);
      if (cell.kind == ast::Cell::Kind::keep && is_read) return refuse_keep(cell);
      if (cell.kind == ast::Cell::Kind::otherwise && is_written) return refuse_otherwise(cell);
    }
    if (ir::flows_to(direction, Side::provider) && !is_first(row.left, left_, row, Side::hub)) return false;
    return !ir::flows_to(direction, Side::hub) || is_first(row.right, right_, row, Side::provider);
  }

  bool refuse_keep(const ast::Cell& cell) {
    report_.add(
        Diagnostic::of(DiagnosticId::misplaced_keep, file_, cell.literal.span, "`keep` stands on a side that is read")
            .helped("`keep` leaves the receiver as it is: it stands at the point of a `->` or `<-`"));
    return false;
  }

  bool refuse_otherwise(const ast::Cell& cell) {
    report_.add(Diagnostic::of(DiagnosticId::misplaced_otherwise, file_, cell.literal.span,
                               "`otherwise` stands on a side that is written")
                    .helped("`otherwise` means any other value of the source: it stands at the blunt end of a `->` "
                            "or `<-`"));
    return false;
  }

  struct Seen {
    std::unordered_map<std::string_view, const ast::ValueRow*> words;
    std::array<const ast::ValueRow*, 4> others{};  // by ast::Cell::Kind

    // The row that has this cell already; from now on `row` if none does.
    const ast::ValueRow* first(const ast::Cell& cell, const ast::ValueRow& row) {
      if (cell.kind == ast::Cell::Kind::word) return words.emplace(cell.literal.text, &row).first->second;
      const ast::ValueRow*& other = others[static_cast<std::size_t>(cell.kind)];
      if (other == nullptr) other = &row;
      return other;
    }
  };

  bool is_first(const ast::Cell& cell, Seen& seen, const ast::ValueRow& row, Side side) {
    const ast::ValueRow* first = seen.first(cell, row);
    if (first == &row) return true;
    const bool is_left = side == Side::hub;
    Diagnostic found = Diagnostic::of(
        is_left ? DiagnosticId::duplicate_left_value : DiagnosticId::duplicate_right_value, file_, cell.literal.span,
        "two rows of " + quoted(values_.name.text) + " translate " + quoted(file_.text(cell.literal.span)) +
            " to the " + (is_left ? "right" : "left"));
    found.labelled("second row").with({&file_, cell_at(*first, side).literal.span, "first row"});
    if (row.arrow.kind == ast::Arrow::Kind::both) {
      const std::string_view one_way = is_left ? "<-" : "->";
      found.help = "if this row is for the other direction only, write it with " + quoted(one_way);
      if (!is_left) found.fixed({{row.arrow.span, std::string(one_way)}});
    } else {
      found.help = "keep one of the two rows";
    }
    report_.add(std::move(found));
    return false;
  }

  const SourceFile& file_;
  const ast::Values& values_;
  Report& report_;
  Seen left_, right_;
};

void report_twice(const SourceFile& file, const ast::Values& first, const ast::Values& second, Report& report) {
  report.add(Diagnostic::of(DiagnosticId::duplicate_field, file, second.name.span,
                            "values table " + quoted(second.name.text) + " is defined twice")
                 .labelled("second definition")
                 .with({&file, first.name.span, "first definition"})
                 .helped("keep one of the two, or give one another name"));
}

}  // namespace

std::uint32_t add_table(MapDraft& draft, const Unit& unit, const ast::Values& values, std::string_view shown,
                        Report& report) {
  const auto index = static_cast<std::uint32_t>(draft.tables.size());
  const auto [known, is_new] = draft.table_index.emplace(&values, index);
  if (!is_new) return known->second;
  TableDraft table;
  table.written = &values;
  table.unit = &unit;
  table.used = &unit != draft.unit;  // a library's table is added because something uses it
  table.rule = TableCheck(unit, values, report).run(shown, table.sound);
  draft.tables.push_back(std::move(table));
  return index;
}

void take_tables(MapDraft& draft, Report& report) {
  for (const ast::Item& item : draft.unit->tree.items) {
    const auto* values = std::get_if<ast::Values>(&item);
    if (values == nullptr || values->name.text.empty()) continue;
    const auto known = draft.own_tables.find(values->name.text);
    if (known != draft.own_tables.end()) {
      report_twice(draft.file(), *draft.tables[known->second].written, *values, report);
      draft.tables[known->second].sound = false;
      continue;
    }
    draft.own_tables.emplace(values->name.text, add_table(draft, *draft.unit, *values, values->name.text, report));
  }
}

void check_library_tables(const Unit& unit, Report& report) {
  std::unordered_map<std::string_view, const ast::Values*> seen;
  for (const ast::Item& item : unit.tree.items) {
    const auto* values = std::get_if<ast::Values>(&item);
    if (values == nullptr) continue;
    const auto [first, is_new] = seen.emplace(values->name.text, values);
    if (!is_new) report_twice(*unit.source, *first->second, *values, report);
    bool sound = true;
    TableCheck(unit, *values, report).run(values->name.text, sound);
  }
}

RowsBySource::RowsBySource(const ir::ValuesTable& table, Side source) {
  words_.reserve(table.rows.size());
  for (const ir::ValueRow& row : table.rows) {
    if (!ir::flows_to(row.direction, other(source))) continue;
    const Cell cell = source == Side::hub ? row.hub : row.provider;
    if (cell == Cell::word) words_.emplace(source == Side::hub ? row.hub_word : row.provider_word, &row);
    if (cell == Cell::otherwise) otherwise_ = &row;
    if (cell == Cell::unset && unset_ == nullptr) unset_ = &row;
  }
}

const ir::ValueRow* RowsBySource::of_word(std::string_view word) const {
  const auto found = words_.find(word);
  return found != words_.end() ? found->second : otherwise_;
}

}  // namespace dovetail::dsl

#include "dsl/docs/field_table.hpp"

#include <algorithm>

#include "dsl/docs/wording.hpp"

namespace dovetail::dsl {
namespace {

// Paths of list elements are shown with their list: "positions[].title".
FieldRow::Paths paths_of(const ir::RuleSet& rules, const ir::Pair& pair) {
  return {end_text(rules, ir::Side::hub, pair.end(ir::Side::hub)),
          end_text(rules, ir::Side::provider, pair.end(ir::Side::provider)), pair.direction};
}

bool is_literal(const ir::Pair& pair) { return pair.ends[0].paths.empty() || pair.ends[1].paths.empty(); }

Line with_subject(const std::string& subject, Line sentence) {
  if (subject.empty()) return sentence;
  Line line = {code(subject), plain(": ")};
  line.insert(line.end(), sentence.begin(), sentence.end());
  return line;
}

void append_selection(const ir::RuleSet& rules, const ir::Pair& pair, std::vector<Line>& lines) {
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    for (const ir::Path& path : pair.end(side).paths) {
      using Kind = ir::Selector::Kind;
      const char* which = path.selector.kind == Kind::earliest  ? "of the earliest of "
                          : path.selector.kind == Kind::latest  ? "of the latest of "
                          : path.selector.kind == Kind::current ? "of the current one of "
                                                                : nullptr;
      const ir::Schema& schema = rules.schema(side);
      if (which != nullptr)
        lines.push_back({plain(which), code(schema.members[schema.members[path.member].list].path)});
    }
  }
}

void append_pair_rules(const ir::RuleSet& rules, const ir::Pair& pair, bool name_it, std::vector<Line>& lines) {
  const std::string subject = name_it ? end_text(rules, ir::Side::hub, pair.end(ir::Side::hub)) : "";
  append_selection(rules, pair, lines);
  for (const ir::TransformUse& use : pair.transforms) {
    std::string call(use.transform->name);
    for (std::size_t i = 0; i < use.arguments.size(); ++i) call += (i == 0 ? "(" : ", ") + use.arguments[i];
    if (!use.arguments.empty()) call += ")";
    lines.push_back(with_subject(subject, {code(call), plain(": " + std::string(use.transform->summary))}));
  }
  if (pair.table)
    for (Line& sentence : table_sentences(rules, rules.tables[*pair.table]))
      lines.push_back(with_subject(subject, std::move(sentence)));
  for (const ir::Clause& clause : pair.clauses) lines.push_back(with_subject(subject, clause_sentence(rules, clause)));
}

Line setting_sentence(const ir::RuleSet& rules, std::uint32_t setting) {
  return {plain("only while “" + rules.settings[setting].label + "” is on")};
}

Line conflict_sentence(const ir::RuleSet& rules, ir::ConflictRule rule) {
  if (rule == ir::ConflictRule::ask) return {plain("where both differ, you decide")};
  const ir::Side side = rule == ir::ConflictRule::prefer_hub ? ir::Side::hub : ir::Side::provider;
  return {plain("where both differ, the value of " + rules.title(side) + " is suggested")};
}

void append_field_rules(const ir::RuleSet& rules, const ir::Field& field, std::vector<Line>& lines) {
  for (const ir::Clause& clause : field.clauses) lines.push_back(clause_sentence(rules, clause));
  if (field.setting) lines.push_back(setting_sentence(rules, *field.setting));
  if (field.conflict) lines.push_back(conflict_sentence(rules, *field.conflict));
}

FieldRow row_of(const ir::RuleSet& rules, const ir::Field& field, const ir::Shape& shape) {
  FieldRow row{.label = field.label, .required = field.required, .pairs = {}, .rules = {}};
  if (!shape.name.empty()) row.rules.push_back({plain("when it is: " + shape.name)});
  const auto named = std::ranges::count_if(shape.pairs, [](const ir::Pair& pair) { return !is_literal(pair); });
  for (const ir::Pair& pair : shape.pairs) {
    row.pairs.push_back(paths_of(rules, pair));
    append_pair_rules(rules, pair, named > 1, row.rules);
  }
  append_field_rules(rules, field, row.rules);
  return row;
}

// A shape that only says what is left alone when it is read: no row of its own, but a sentence.
bool keeps_all(const ir::RuleSet& rules, const ir::Shape& shape) {
  return std::ranges::all_of(shape.pairs, [&](const ir::Pair& pair) {
    if (pair.direction != ir::Direction::to_hub) return false;
    if (is_literal(pair)) return true;
    return pair.table && std::ranges::all_of(rules.tables[*pair.table].rows, [](const ir::ValueRow& row) {
             return row.hub == ir::ValueRow::Cell::keep;
           });
  });
}

Line keep_sentence(const ir::RuleSet& rules, const ir::Shape& shape) {
  const std::string& provider = rules.title(ir::Side::provider);
  Line line = {plain(shape.name + " in " + provider)};
  for (const ir::Pair& pair : shape.pairs) {
    if (!is_literal(pair)) continue;
    line.push_back(plain(line.size() == 1 ? " (" : ", "));
    line.push_back(code(end_text(rules, ir::Side::provider, pair.end(ir::Side::provider))));
    line.push_back(plain(" is "));
    line.push_back(code(end_text(rules, ir::Side::hub, pair.end(ir::Side::hub))));
  }
  if (line.size() > 1) line.push_back(plain(")"));
  line.push_back(plain(" leaves " + rules.title(ir::Side::hub) + " unchanged"));
  return line;
}

}  // namespace

std::vector<FieldTable> field_tables(const ir::RuleSet& rules) {
  std::vector<FieldTable> tables(1);
  for (std::uint32_t i = 0; i < rules.groups.size(); ++i) tables.push_back({.group = i, .rows = {}});
  for (const ir::Field& field : rules.fields) {
    std::optional<std::uint32_t> group = field.group;
    if (!group && field.each) group = rules.lists[*field.each].group;
    FieldTable& table = tables[group ? *group + 1 : 0];
    const std::size_t first = table.rows.size();
    for (const ir::Shape& shape : field.shapes) {
      if (field.shapes.size() > 1 && keeps_all(rules, shape)) {
        if (table.rows.size() > first) table.rows[first].rules.push_back(keep_sentence(rules, shape));
      } else {
        table.rows.push_back(row_of(rules, field, shape));
      }
    }
  }
  std::erase_if(tables, [](const FieldTable& table) { return table.rows.empty(); });
  return tables;
}

}  // namespace dovetail::dsl

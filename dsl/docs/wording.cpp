#include "dsl/docs/wording.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace dovetail::dsl {
namespace {

// What a valid value is called. A type that is not listed is described by its own rule.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> type_titles = {{
    {"no_account", "Norwegian bank account number"},
    {"no_fnr", "Norwegian personal identification number"},
    {"se_bank_account", "Swedish bank account"},
    {"se_personnummer", "Swedish personal identity number"},
    {"dk_cpr", "Danish CPR number"},
    {"fi_hetu", "Finnish personal identity code"},
    {"iban", "IBAN"},
    {"bic", "BIC"},
    {"email", "e-mail address"},
    {"phone", "phone number"},
    {"country_alpha2", "country code of two letters"},
}};

std::string in(const ir::RuleSet& rules, ir::Sides sides) { return " in " + side_titles(rules, sides); }

Line valid_sentence(const ir::RuleSet& rules, const ir::Clause& clause) {
  const std::string where = clause.sides == ir::Sides::both ? "" : in(rules, clause.sides);
  const auto* title =
      std::ranges::find(type_titles, clause.type->name, &std::pair<std::string_view, std::string_view>::first);
  if (title != type_titles.end()) return {plain("must be a valid " + std::string(title->second) + where)};
  return {plain("must be "), code(std::string(clause.type->name)),
          plain(" (" + std::string(clause.type->rule) + ")" + where)};
}

std::string selector_text(const ir::Schema& schema, const ir::Selector& selector) {
  using Kind = ir::Selector::Kind;
  switch (selector.kind) {
    case Kind::none:
      return "[]";
    case Kind::earliest:
      return "[earliest]";
    case Kind::latest:
      return "[latest]";
    case Kind::current:
      return "[current]";
    case Kind::where:
      break;
  }
  std::string text;
  for (const auto& [member, value] : selector.where) {
    text += text.empty() ? "[" : ", ";
    text += schema.members[member].name + " = " + value;
  }
  return text + "]";
}

std::string cell_text(ir::ValueRow::Cell cell, const std::string& word) {
  return cell == ir::ValueRow::Cell::word ? "“" + word + "”" : cell_title(cell, word);
}

// One row in one direction, as a sentence.
std::string row_sentence(const ir::RuleSet& rules, const ir::ValueRow& row, ir::Side target) {
  const ir::Side source = ir::other(target);
  const bool to_hub = target == ir::Side::hub;
  const auto from = cell_text(to_hub ? row.provider : row.hub, to_hub ? row.provider_word : row.hub_word);
  const auto target_cell = to_hub ? row.hub : row.provider;
  if (target_cell == ir::ValueRow::Cell::keep)
    return from + " in " + rules.title(source) + " leaves " + rules.title(target) + " unchanged";
  const auto to = cell_text(target_cell, to_hub ? row.hub_word : row.provider_word);
  return from + " in " + rules.title(source) + " becomes " + to + " in " + rules.title(target);
}

bool is_plain_word(const ir::ValueRow& row) {
  return row.hub == ir::ValueRow::Cell::word && row.provider == ir::ValueRow::Cell::word &&
         row.direction == ir::Direction::both;
}

}  // namespace

std::string side_titles(const ir::RuleSet& rules, ir::Sides sides) {
  if (sides == ir::Sides::both) return rules.title(ir::Side::provider) + " and in " + rules.title(ir::Side::hub);
  return rules.title(sides == ir::Sides::hub ? ir::Side::hub : ir::Side::provider);
}

std::string path_text(const ir::RuleSet& rules, ir::Side side, const ir::Path& path) {
  const ir::Schema& schema = rules.schema(side);
  std::string text = schema.members[path.member].path;
  const std::size_t brackets = text.rfind("[]");
  if (brackets != std::string::npos) text.replace(brackets, 2, selector_text(schema, path.selector));
  return text;
}

std::string end_text(const ir::RuleSet& rules, ir::Side side, const ir::End& end) {
  if (end.paths.empty()) {
    if (!end.literal || end.literal->state == State::unset) return "no value";
    return "\"" + end.literal->text + "\"";
  }
  if (end.paths.size() == 1) return path_text(rules, side, end.paths.front());
  std::string text;
  for (const ir::Path& path : end.paths) text += (text.empty() ? "(" : ", ") + path_text(rules, side, path);
  return text + ")";
}

std::string_view arrow_text(ir::Direction direction) {
  switch (direction) {
    case ir::Direction::both:
      return "<->";
    case ir::Direction::to_provider:
      return "->";
    case ir::Direction::to_hub:
      return "<-";
  }
  return "<->";
}

std::string cell_title(ir::ValueRow::Cell cell, const std::string& word) {
  using Cell = ir::ValueRow::Cell;
  switch (cell) {
    case Cell::word:
      return word;
    case Cell::otherwise:
      return "any other value";
    case Cell::keep:
      return "keeps its value";
    case Cell::unset:
      return "no value";
  }
  return word;
}

Line clause_sentence(const ir::RuleSet& rules, const ir::Clause& clause) {
  using Kind = ir::Clause::Kind;
  switch (clause.kind) {
    case Kind::unique:
      return {plain("unique" + in(rules, clause.sides))};
    case Kind::cannot_unset:
      return {plain("can't unset" + in(rules, clause.sides))};
    case Kind::cannot_unset_or_update:
      return {plain("can't unset or update" + in(rules, clause.sides))};
    case Kind::hold:
      return {plain("never overwrites what was changed in " + rules.title(ir::Side::provider) +
                    ": held for a person to decide")};
    case Kind::max_length:
      return {plain("at most " + std::to_string(clause.length) + " characters" + in(rules, clause.sides))};
    case Kind::min_length:
      return {plain("at least " + std::to_string(clause.length) + " characters" + in(rules, clause.sides))};
    case Kind::valid:
      return valid_sentence(rules, clause);
    case Kind::all_parts_filled: {
      const ir::Sides other = clause.sides == ir::Sides::hub ? ir::Sides::provider : ir::Sides::hub;
      return {plain("all parts must be filled" + in(rules, clause.sides) + " to be read into " +
                    side_titles(rules, other))};
    }
  }
  return {};
}

std::vector<Line> table_sentences(const ir::RuleSet& rules, const ir::ValuesTable& table) {
  std::string words;
  std::vector<Line> lines;
  for (const ir::ValueRow& row : table.rows) {
    if (!is_plain_word(row)) continue;
    words += words.empty() ? "only these values: " : ", ";
    words += row.hub_word == row.provider_word
                 ? row.hub_word
                 : row.hub_word + " (in " + rules.title(ir::Side::provider) + ": " + row.provider_word + ")";
  }
  if (!words.empty()) lines.push_back({plain(words)});
  for (const ir::ValueRow& row : table.rows) {
    if (is_plain_word(row)) continue;
    if (ir::flows_to(row.direction, ir::Side::provider))
      lines.push_back({plain(row_sentence(rules, row, ir::Side::provider))});
    if (ir::flows_to(row.direction, ir::Side::hub)) lines.push_back({plain(row_sentence(rules, row, ir::Side::hub))});
  }
  return lines;
}

}  // namespace dovetail::dsl

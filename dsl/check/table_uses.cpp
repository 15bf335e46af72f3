// Values tables against what they are used between: every word there is has a row, and every row a word.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_set>

#include "dsl/check/clauses.hpp"
#include "dsl/check/pairs.hpp"
#include "dsl/check/texts.hpp"
#include "dsl/check/types.hpp"
#include "dsl/check/values_table.hpp"

namespace dovetail::dsl {
namespace {

using Cell = ir::ValueRow::Cell;
using ir::Side;

Cell cell_of(const ir::ValueRow& row, Side side) { return side == Side::hub ? row.hub : row.provider; }
const std::string& word_of(const ir::ValueRow& row, Side side) {
  return side == Side::hub ? row.hub_word : row.provider_word;
}

// One use: a table between two members, in some direction.
struct Use {
  std::uint32_t table = 0;
  std::array<const ir::Member*, 2> members = {nullptr, nullptr};  // by Side
  std::array<const Vocabulary*, 2> vocabularies = {nullptr, nullptr};
  ir::Direction direction = ir::Direction::both;
  Span place;             // of the table's name
  bool may_lack = false;  // what has no row is taken from elsewhere (`else …` of a fill)
};

class TableUses {
 public:
  TableUses(MapDraft& draft, Report& report) : draft_(draft), report_(report) {}

  void run() {
    for (const FieldDraft& field : draft_.fields) {
      for (const ShapeDraft& shape : field.shapes) {
        for (const PairDraft& pair : shape.pairs) take(pair);
      }
    }
    if (draft_.match_pair) take(*draft_.match_pair);
    for (const FillDraft& fill : draft_.fills) take(fill);
  }

 private:
  void take(const PairDraft& pair) {
    if (!pair.rule.table || !pair.sound()) return;
    Use use;
    use.table = *pair.rule.table;
    use.direction = pair.rule.direction;
    use.place = pair.written->table->span;
    for (const Side side : {Side::hub, Side::provider}) {
      use.members[static_cast<std::size_t>(side)] = single_member(draft_, pair, side);
      use.vocabularies[static_cast<std::size_t>(side)] = draft_.vocabulary(side);
    }
    if (!pair.rule.transforms.empty()) use.members = {nullptr, nullptr};  // the words are between conversions
    check(use);
  }

  void take(const FillDraft& fill) {
    if (!fill.sound) return;
    for (std::size_t i = 0; i < fill.rule.sources.size(); ++i) {
      const auto* from = std::get_if<ir::FillSource::FromMember>(&fill.rule.sources[i].from);
      if (from == nullptr || !from->table || from->side == fill.rule.side) continue;
      const auto* written = std::get_if<ast::FillSource::FromPath>(&fill.written->sources[i].from);
      Use use;
      use.table = *from->table;
      use.direction = fill.rule.side == Side::provider ? ir::Direction::to_provider : ir::Direction::to_hub;
      use.place = written->table->span;
      use.may_lack = i + 1 < fill.rule.sources.size();
      set_member(use, from->side, from->path.member);
      set_member(use, fill.rule.side, fill.rule.target.member);
      check(use);
    }
  }

  void set_member(Use& use, Side side, ir::MemberId member) const {
    use.vocabularies[static_cast<std::size_t>(side)] = draft_.vocabulary(side);
    use.members[static_cast<std::size_t>(side)] = &draft_.vocabulary(side)->member(member);
  }

  const TableDraft& table(const Use& use) const { return draft_.tables[use.table]; }
  const SourceFile& table_file(const Use& use) const { return *table(use).unit->source; }
  Label used_here(const Use& use) const { return draft_.label(use.place, "used here"); }

  void check(const Use& use) {
    if (refuse_no_enumeration(use)) return;
    bool rows_are_right = true;
    for (const Side side : {Side::hub, Side::provider}) {
      if (use.members[static_cast<std::size_t>(side)] != nullptr) rows_are_right &= check_rows(use, side);
    }
    if (!rows_are_right || !table(use).sound) return;
    for (const Side side : {Side::hub, Side::provider}) {
      const bool is_source = ir::flows_to(use.direction, other(side));
      if (is_source && use.members[static_cast<std::size_t>(side)] != nullptr && !use.may_lack)
        check_covered(use, side);
    }
    if (use.direction == ir::Direction::both) check_round_trip(use);
  }

  // ---- words where there are none ----

  static bool has_no_words(const ir::Member* member) {
    return member != nullptr && member->type != nullptr && is_text_like(*member->type);
  }

  // A table of bare words is between enumerations: of two texts, it would hold every other value.
  bool refuse_no_enumeration(const Use& use) {
    if (!has_no_words(use.members[0]) || !has_no_words(use.members[1]) || table(use).written->broken) return false;
    const auto is_bare = [](const ast::Cell& cell) {
      return cell.kind == ast::Cell::Kind::word && cell.literal.kind == ast::Literal::Kind::word;
    };
    const auto& rows = table(use).written->rows;
    const auto found =
        std::ranges::find_if(rows, [&](const ast::ValueRow& row) { return is_bare(row.left) || is_bare(row.right); });
    if (found == rows.end()) return false;
    const auto described = [&](Side side) {
      return quoted(std::string(draft_.alias(side)) + "." + plain_path(member_of(use, side))) + " is " +
             described_type(member_of(use, side));
    };
    const ast::Literal& word = is_bare(found->left) ? found->left.literal : found->right.literal;
    report_.add(Diagnostic::of(DiagnosticId::unknown_enum_member, draft_.file(), use.place,
                               "values table " + quoted(table(use).rule.name) + " translates words, and " +
                                   described(Side::hub) + " and " + described(Side::provider) + ": neither has words")
                    .with({&table_file(use), word.span, "a word of an enumeration"})
                    .helped("leave out `using`, or write the table's values in quotes if texts are meant"));
    return true;
  }

  // ---- words that the member does not have ----

  bool check_rows(const Use& use, Side side) {
    bool right = true;
    for (std::size_t i = 0; i < table(use).rule.rows.size(); ++i) {
      const ir::ValueRow& row = table(use).rule.rows[i];
      if (cell_of(row, side) == Cell::word && !has_word(use, side, row, i)) {
        right = false;
        refuse_word(use, side, row, i);
      }
    }
    return right;
  }

  static const ir::Member& member_of(const Use& use, Side side) { return *use.members[static_cast<std::size_t>(side)]; }

  bool has_word(const Use& use, Side side, const ir::ValueRow& row, std::size_t index) {
    const ir::Member& member = member_of(use, side);
    if (member.type == nullptr) {
      // What an open enumeration does not list stands in quotes: a bare word is one of its own.
      const bool in_quotes = written_cell(use, side, index).literal.kind == ast::Literal::Kind::text;
      return (member.open_enum && in_quotes) || words_of(member).contains(word_of(row, side));
    }
    const std::string& word = word_of(row, side);
    if (member.max_length && count_characters(word) > *member.max_length) return false;
    if (is_text_like(*member.type) && draft_.reference_tables == nullptr) return true;
    CheckContext context;
    context.tables = draft_.reference_tables;
    context.test_system = true;
    std::string sent;
    const Fault fault = member.type->check(word, context, sent);
    return fault == Fault::none || fault == Fault::region;
  }

  const std::unordered_set<std::string_view>& words_of(const ir::Member& member) {
    const auto [known, is_new] = words_.try_emplace(&member);
    if (is_new) {
      for (const ir::EnumWord& word : member.words) known->second.insert(word.word);
    }
    return known->second;
  }

  // The row as it is written: rows that are not sound are missing in the rule, and then the table is not used.
  const ast::Cell& written_cell(const Use& use, Side side, std::size_t row) const {
    const ast::ValueRow& written = table(use).written->rows[row];
    return side == Side::hub ? written.left : written.right;
  }

  // " of at most 5 characters"; empty: the word is not too long.
  static std::string length_text(const ir::Member& member, std::string_view word) {
    if (!member.max_length || count_characters(word) <= *member.max_length) return {};
    return " of at most " + std::to_string(*member.max_length) + " characters";
  }

  void refuse_word(const Use& use, Side side, const ir::ValueRow& row, std::size_t index) {
    if (!refused_.emplace(use.table, index, side).second) return;
    const ir::Member& member = member_of(use, side);
    const Span span = written_cell(use, side, index).literal.span;
    const std::string path = quoted(std::string(draft_.alias(side)) + "." + plain_path(member));
    Diagnostic found = member.type == nullptr
                           ? Diagnostic::of(DiagnosticId::unknown_enum_member, table_file(use), span,
                                            path + " has no word " + quoted(word_of(row, side)))
                           : Diagnostic::of(DiagnosticId::type_mismatch, table_file(use), span,
                                            quoted(word_of(row, side)) + " is no value of " + path + ", which is " +
                                                described_type(member) + length_text(member, word_of(row, side)));
    report_.add_with_similar(std::move(found).with(used_here(use)), span, word_of(row, side), [&] {
      std::vector<std::string_view> words;
      for (const ir::EnumWord& word : member.words) words.push_back(word.word);
      return words;
    });
  }

  // ---- words without a row ----

  void check_covered(const Use& use, Side source) {
    const ir::Member& member = member_of(use, source);
    std::vector<std::string_view> missing;
    for (const ir::EnumWord& word : member.words) {
      if (rows_from(use, source).of_word(word.word) == nullptr) missing.push_back(word.word);
    }
    if (member.type != nullptr && member.type->name == "boolean") {
      for (const std::string_view word : {"true", "false"}) {
        if (rows_from(use, source).of_word(word) == nullptr) missing.push_back(word);
      }
    }
    if (missing.empty() || !uncovered_.emplace(use.table, &member, source).second) return;
    const std::string row =
        source == Side::hub ? std::string(missing.front()) + " -> …" : "… <- " + std::string(missing.front());
    report_.add(Diagnostic::of(DiagnosticId::uncovered_value, draft_.file(), use.place,
                               "values table " + quoted(table(use).rule.name) + " has no row for " + listed(missing) +
                                   " of " + quoted(std::string(draft_.alias(source)) + "." + plain_path(member)))
                    .with({&table_file(use), table(use).written->name.span, "defined here"})
                    .with(use.vocabularies[static_cast<std::size_t>(source)]->label(
                        use.vocabularies[static_cast<std::size_t>(source)]->schema.id(member), "the words"))
                    .helped("add a row for each, as in " + quoted(row) + ", or one with `otherwise`"));
  }

  // ---- rows that come back as something else ----

  const RowsBySource& rows_from(const Use& use, Side source) {
    return rows_from_.try_emplace({use.table, source}, table(use).rule, source).first->second;
  }

  void check_round_trip(const Use& use) {
    if (!round_trips_.insert(use.table).second) return;
    for (std::size_t i = 0; i < table(use).rule.rows.size(); ++i) {
      const ir::ValueRow& row = table(use).rule.rows[i];
      for (const Side source : {Side::hub, Side::provider}) {
        if (ir::flows_to(row.direction, other(source))) check_row(use, source, row, i);
      }
    }
  }

  void check_row(const Use& use, Side source, const ir::ValueRow& row, std::size_t index) {
    const Cell sent = cell_of(row, other(source));
    if (sent == Cell::keep) return;  // nothing is written, so nothing comes back
    const ir::ValueRow* back = sent == Cell::unset ? rows_from(use, other(source)).of_unset()
                                                   : rows_from(use, other(source)).of_word(word_of(row, other(source)));
    if (back == &row) return;
    const bool comes_back_unset = back == nullptr && sent == Cell::unset;
    if (back == nullptr && (!comes_back_unset || cell_of(row, source) == Cell::unset)) return;
    if (back != nullptr && is_same(*back, row, source)) return;
    refuse_row(use, source, row, index, back);
  }

  // True if reading `back` leaves what `row` was pushed from.
  static bool is_same(const ir::ValueRow& back, const ir::ValueRow& row, Side source) {
    const Cell cell = cell_of(back, source);
    if (cell == Cell::keep) return true;
    return cell == cell_of(row, source) && (cell != Cell::word || word_of(back, source) == word_of(row, source));
  }

  std::string cell_text(const ir::ValueRow& row, Side side) const {
    switch (cell_of(row, side)) {
      case Cell::otherwise:
        return "any other value";
      case Cell::unset:
        return "`unset`";
      case Cell::keep:
        return "`keep`";
      default:
        return quoted(word_of(row, side));
    }
  }

  void refuse_row(const Use& use, Side source, const ir::ValueRow& row, std::size_t index, const ir::ValueRow* back) {
    const std::string receiver(draft_.alias(other(source)));
    const std::string result = back == nullptr ? "`unset`" : cell_text(*back, source);
    Diagnostic found =
        Diagnostic::of(DiagnosticId::unstable_round_trip, table_file(use), table(use).written->rows[index].span,
                       cell_text(row, source) + " becomes " + cell_text(row, other(source)) + " in " +
                           quoted(receiver) + ", and is read back as " + result);
    if (back != nullptr) {
      const auto at = static_cast<std::size_t>(back - table(use).rule.rows.data());
      found.with({&table_file(use), table(use).written->rows[at].span, "read back by this row"});
    }
    const std::string read = cell_of(row, other(source)) == Cell::unset ? "unset" : word_of(row, other(source));
    const std::string keep = source == Side::hub ? "keep <- " + read : read + " -> keep";
    found.with(draft_.label(use.place, "used both ways here"));
    found.help = back == nullptr ? "add " + quoted(keep) + ", so that what was pushed stays as it is"
                                 : "read it back by " + quoted(keep) + ", or use the table one way only";
    report_.add(std::move(found));
  }

  MapDraft& draft_;
  Report& report_;
  std::set<std::tuple<std::uint32_t, std::size_t, Side>> refused_;
  std::set<std::tuple<std::uint32_t, const ir::Member*, Side>> uncovered_;
  std::set<std::uint32_t> round_trips_;
  std::map<std::pair<std::uint32_t, Side>, RowsBySource> rows_from_;
  std::map<const ir::Member*, std::unordered_set<std::string_view>> words_;
};

}  // namespace

void check_table_uses(MapDraft& draft, Report& report) { TableUses(draft, report).run(); }

}  // namespace dovetail::dsl

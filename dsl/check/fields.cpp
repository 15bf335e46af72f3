#include "dsl/check/fields.hpp"

#include <algorithm>

#include "dsl/check/clauses.hpp"
#include "dsl/check/fills.hpp"
#include "dsl/check/pairs.hpp"
#include "dsl/check/paths.hpp"
#include "dsl/check/texts.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

// The direction that a group or `each` prescribes, and where it says so.
struct Prescribed {
  ir::Direction direction = ir::Direction::both;
  Span span;
};

struct FieldPlace {
  PairPlace pairs;
  std::optional<std::uint32_t> each, group;
  std::vector<Prescribed> directions;
};

std::string_view arrow_text(ir::Direction direction) {
  switch (direction) {
    case ir::Direction::to_provider:
      return "->";
    case ir::Direction::to_hub:
      return "<-";
    default:
      return "<->";
  }
}

class TableOfFields {
 public:
  TableOfFields(MapDraft& draft, Report& report) : draft_(draft), report_(report) {}

  void run() {
    draft_.field_by_label.reserve(draft_.unit->tree.items.size());
    draft_.fields.reserve(draft_.unit->tree.items.size());
    for (const ast::Item& item : draft_.unit->tree.items) {
      if (const auto* field = std::get_if<ast::Field>(&item)) take(*field, {});
      if (const auto* each = std::get_if<ast::Each>(&item)) take(*each, {});
      if (const auto* group = std::get_if<ast::Group>(&item)) take(*group);
      if (const auto* fill = std::get_if<ast::Fill>(&item)) take_fill(draft_, *fill, {}, std::nullopt, report_);
    }
    for (std::uint32_t i = 0; i < draft_.lists.size(); ++i) resolve_match(i);
  }

 private:
  std::optional<std::uint32_t> setting_of(const std::optional<ast::When>& when) {
    if (!when) return std::nullopt;
    const auto setting = find_setting(draft_, when->setting, report_);
    if (!setting) return std::nullopt;
    if (draft_.rules.settings[*setting].type == ir::SettingType::boolean) return setting;
    report_.add(Diagnostic::of(DiagnosticId::type_mismatch, draft_.file(), when->setting.span,
                               "setting " + quoted(when->setting.text) + " can't be on or off")
                    .with(draft_.label(draft_.settings[*setting].written->name.span, "not `boolean`"))
                    .helped("`when setting` needs a setting of type `boolean`"));
    return std::nullopt;
  }

  // ---- fields ----

  void take(const ast::Field& written, const FieldPlace& place) {
    FieldDraft field;
    field.written = &written;
    field.rule.label = written.label.text;
    field.rule.required = written.required.has_value();
    field.rule.each = place.each;
    field.rule.group = place.group;
    field.rule.setting = setting_of(written.when);
    field.rule.doc = doc_text(written.doc);
    field.rule.origin = draft_.origin(written.label.span);
    take_shapes(field, place);
    field.sound = !written.broken;
    for (const ShapeDraft& shape : field.shapes) {
      for (const PairDraft& pair : shape.pairs) field.sound &= pair.sound();
    }
    take_clauses(draft_, field, report_);
    const auto is_broken = [](const ast::Pair& pair) { return pair.broken; };
    const bool is_understood = !written.broken && std::ranges::none_of(written.pairs, is_broken);
    field.clauses_known = field.clauses_known && is_understood;
    if (!written.label.text.empty()) {
      draft_.field_by_label.emplace(written.label.text, static_cast<std::uint32_t>(draft_.fields.size()));
    }
    draft_.fields.push_back(std::move(field));
  }

  void take_shapes(FieldDraft& field, const FieldPlace& place) {
    if (field.written->shapes.empty()) {
      field.shapes.emplace_back();
      take_pairs(field.written->pairs, place, field.shapes.back().pairs);
      return;
    }
    if (!field.written->pairs.empty()) {
      report_.add(Diagnostic::of(DiagnosticId::unexpected_token, draft_.file(), field.written->pairs.front().span,
                                 "a pair stands beside the shapes of its field")
                      .with(draft_.label(field.written->shapes.front().name.span, "the first shape"))
                      .helped("put it into each shape that it belongs to, or into a field of its own"));
    }
    for (const ast::Shape& shape : field.written->shapes) {
      if (&shape != &field.written->shapes.front()) refuse_second_either(shape);
      ShapeDraft& made = field.shapes.emplace_back();
      made.written = &shape;
      take_pairs(shape.pairs, place, made.pairs);
    }
  }

  void refuse_second_either(const ast::Shape& shape) {
    static constexpr std::string_view word = "either";
    if (!draft_.file().text(shape.span).starts_with(word)) return;
    const Span place{shape.span.begin, shape.span.begin + static_cast<Offset>(word.size())};
    report_.add(
        Diagnostic::of(DiagnosticId::unexpected_token, draft_.file(), place, "`either` stands before a later shape")
            .helped("only the first shape starts with it: write `or`")
            .fixed({{place, "or"}}));
  }

  void take_pairs(const std::vector<ast::Pair>& written, const FieldPlace& place, std::vector<PairDraft>& into) {
    for (const ast::Pair& pair : written) {
      std::vector<PairDraft> made = take_pair(draft_, place.pairs, pair, report_);
      check_direction(pair, place);
      if (pair.broken) made.front().conversion_known = false;
      std::ranges::move(made, std::back_inserter(into));
    }
  }

  void check_direction(const ast::Pair& pair, const FieldPlace& place) {
    for (const Prescribed& prescribed : place.directions) {
      if (prescribed.direction == ir::Direction::both || prescribed.direction == direction_of(pair.arrow)) continue;
      const std::string arrow(arrow_text(prescribed.direction));
      report_.add(Diagnostic::of(DiagnosticId::direction_conflict, draft_.file(), pair.arrow.span,
                                 quoted(draft_.file().text(pair.arrow.span)) + " contradicts the direction around it")
                      .with(draft_.label(prescribed.span, "this says " + quoted(arrow)))
                      .helped("use " + quoted(arrow) + ", or move the field out")
                      .fixed({{pair.arrow.span, arrow}}));
      return;
    }
  }

  // ---- each ----

  ir::MemberId list_of(Side side, const ast::Path& path) {
    const auto found = find_path(draft_, {side, ir::no_member, false, true}, path, report_);
    return found ? found->path.member : ir::no_member;
  }

  void take(const ast::Each& written, FieldPlace place) {
    const auto index = static_cast<std::uint32_t>(draft_.lists.size());
    EachDraft each;
    each.written = &written;
    each.rule.lists = {list_of(Side::hub, written.left), list_of(Side::provider, written.right)};
    each.rule.group = place.group;
    each.rule.setting = setting_of(written.when);
    each.rule.doc = doc_text(written.doc);
    each.rule.origin = draft_.origin(written.span);
    for (const std::size_t side : {0U, 1U}) each.known[side] = each.rule.lists[side] != ir::no_member;
    place.each = index;
    place.pairs = {each.rule.lists, each.known};
    if (written.arrow.kind != ast::Arrow::Kind::both) {
      place.directions.push_back({direction_of(written.arrow), written.arrow.span});
    }
    draft_.lists.push_back(std::move(each));
    for (const auto& item : written.items) take_item(item, place);
  }

  void take_item(const std::variant<ast::EachMatch, ast::AddMissing, ast::NeverRemove, ast::Field, ast::Fill>& item,
                 const FieldPlace& place) {
    EachDraft& each = draft_.lists[*place.each];
    if (const auto* field = std::get_if<ast::Field>(&item)) take(*field, place);
    if (const auto* fill = std::get_if<ast::Fill>(&item)) take_fill(draft_, *fill, place.pairs, place.each, report_);
    if (const auto* add = std::get_if<ast::AddMissing>(&item)) take_add_missing(each, *add);
    if (std::holds_alternative<ast::NeverRemove>(item)) each.rule.never_remove = true;
  }

  void take_add_missing(EachDraft& each, const ast::AddMissing& add) {
    const auto sides = find_sides(draft_, add.sides, report_);
    if (!sides) return;
    for (const Side side : {Side::hub, Side::provider}) {
      if (ir::includes(*sides, side) && each.known[static_cast<std::size_t>(side)]) refuse_unwritable(each, add, side);
    }
    if (each.rule.add_missing) {
      report_.add(
          Diagnostic::of(DiagnosticId::repeated_constraint, draft_.file(), add.span, "`add missing` stands twice")
              .helped("keep one, with `in both` if both systems are meant"));
      return;
    }
    each.rule.add_missing = sides;
  }

  void refuse_unwritable(const EachDraft& each, const ast::AddMissing& add, Side side) {
    const Vocabulary& vocabulary = *draft_.vocabulary(side);
    const ir::MemberId list = each.rule.lists[static_cast<std::size_t>(side)];
    if (!vocabulary.member(list).read_only) return;
    report_.add(Diagnostic::of(
                    DiagnosticId::capability_missing, draft_.file(), add.span,
                    quoted(draft_.alias(side)) + " lets nobody add to " + quoted(plain_path(vocabulary.member(list))))
                    .with(vocabulary.label(list, "read only")));
  }

  void resolve_match(std::uint32_t index) {
    EachDraft& each = draft_.lists[index];
    const ast::EachMatch* first = nullptr;
    for (const auto& item : each.written->items) {
      const auto* match = std::get_if<ast::EachMatch>(&item);
      if (match == nullptr) continue;
      if (first != nullptr) {
        report_.add(
            Diagnostic::of(DiagnosticId::duplicate_field, draft_.file(), match->span, "the elements are matched twice")
                .with(draft_.label(first->span, "first"))
                .helped("keep one `match by`"));
        continue;
      }
      first = match;
      resolve_match(each, index, *match);
    }
    if (first == nullptr && !each.written->broken) {
      report_.add(Diagnostic::of(DiagnosticId::missing_item, draft_.file(), each.written->span,
                                 "this `each` does not say how an element finds its partner")
                      .helped("add `match by` and the label of one of its fields"));
    }
  }

  void resolve_match(EachDraft& each, std::uint32_t index, const ast::EachMatch& match) {
    const auto field = find_field(draft_, match.label, report_);
    if (!field) return;
    each.rule.match = *field;
    each.has_match = true;
    if (draft_.fields[*field].rule.each != index) {
      report_.add(Diagnostic::of(DiagnosticId::unknown_field, draft_.file(), match.label.span,
                                 "field \"" + std::string(match.label.text) + "\" is none of this `each`")
                      .with(draft_.label(draft_.fields[*field].written->label.span, "defined here"))
                      .helped("elements are matched by a field of their own"));
    } else if (draft_.fields[*field].single_pair() == nullptr && draft_.fields[*field].sound) {
      report_.add(Diagnostic::of(
          DiagnosticId::capability_missing, draft_.file(), match.label.span,
          "elements are matched by one value, and field \"" + std::string(match.label.text) + "\" has several"));
    }
  }

  // ---- groups ----

  void take(const ast::Group& written) {
    FieldPlace place;
    place.group = static_cast<std::uint32_t>(draft_.rules.groups.size());
    ir::Group rule;
    rule.title = written.title.text;
    rule.setting = setting_of(written.when);
    rule.doc = doc_text(written.doc);
    rule.origin = draft_.origin(written.title.span);
    draft_.rules.groups.push_back(std::move(rule));
    draft_.groups.push_back({&written, true});
    for (const auto& item : written.items) {
      if (const auto* direction = std::get_if<ast::GroupDirection>(&item)) take_direction(*direction, place);
      if (std::holds_alternative<ast::OnlyAfterActivation>(item)) {
        draft_.rules.groups[*place.group].only_after_activation = true;
      }
    }
    check_whole_direction(written, place);
    for (const auto& item : written.items) {
      if (const auto* field = std::get_if<ast::Field>(&item)) take(*field, place);
      if (const auto* each = std::get_if<ast::Each>(&item)) take(*each, place);
      if (const auto* fill = std::get_if<ast::Fill>(&item)) take_fill(draft_, *fill, {}, std::nullopt, report_);
    }
  }

  // Where every pair contradicts the group's direction, that is the mistake: it is said once.
  void check_whole_direction(const ast::Group& written, FieldPlace& place) {
    if (place.directions.empty() || place.directions.front().direction == ir::Direction::both) return;
    const Prescribed prescribed = place.directions.front();
    std::vector<const ast::Pair*> pairs;
    for (const auto& item : written.items) {
      const auto* field = std::get_if<ast::Field>(&item);
      if (field == nullptr) continue;
      for (const ast::Pair& pair : field->pairs) pairs.push_back(&pair);
      for (const ast::Shape& shape : field->shapes) {
        for (const ast::Pair& pair : shape.pairs) pairs.push_back(&pair);
      }
    }
    const auto contradicts = [&](const ast::Pair* pair) { return direction_of(pair->arrow) != prescribed.direction; };
    if (pairs.size() < 2 || !std::ranges::all_of(pairs, contradicts)) return;
    report_.add(Diagnostic::of(DiagnosticId::direction_conflict, draft_.file(), prescribed.span,
                               "the group's direction is " + quoted(arrow_text(prescribed.direction)) +
                                   ", and every pair in it has another arrow")
                    .with(draft_.label(pairs.front()->arrow.span, "the first of them"))
                    .helped("let the direction say what the pairs do, or turn their arrows"));
    place.directions.clear();
  }

  std::optional<Side> direction_side(const ast::Name& name) {
    for (const Side side : {Side::hub, Side::provider}) {
      if (draft_.side(side).written != nullptr && draft_.alias(side) == name.text) return side;
    }
    const bool imports_are_known = draft_.side(Side::hub).written != nullptr &&
                                   draft_.side(Side::provider).written != nullptr && !draft_.alias(Side::hub).empty() &&
                                   !draft_.alias(Side::provider).empty();
    if (name.text.empty() || !imports_are_known) return std::nullopt;
    report_.add_with_similar(
        Diagnostic::of(DiagnosticId::unknown_direction_side, draft_.file(), name.span,
                       quoted(name.text) + " is neither of the two systems of this map"),
        name.span, name.text,
        [this] { return std::vector<std::string_view>{draft_.alias(Side::hub), draft_.alias(Side::provider)}; });
    return std::nullopt;
  }

  void take_direction(const ast::GroupDirection& written, FieldPlace& place) {
    const auto left = direction_side(written.left);
    const auto right = direction_side(written.right);
    if (!left || !right) return;
    if (*left == *right) {
      report_.add(Diagnostic::of(DiagnosticId::unknown_direction_side, draft_.file(), written.right.span,
                                 "the direction leads from " + quoted(written.left.text) + " to itself")
                      .helped("the other system is " + quoted(draft_.alias(other(*left)))));
      return;
    }
    if (!place.directions.empty()) {
      report_.add(
          Diagnostic::of(DiagnosticId::repeated_constraint, draft_.file(), written.span, "the group has two directions")
              .with(draft_.label(place.directions.front().span, "first"))
              .helped("keep one"));
      return;
    }
    ir::Direction direction = direction_of(written.arrow);
    if (direction != ir::Direction::both) {
      const bool to_right = written.arrow.kind == ast::Arrow::Kind::right;
      const Side target = to_right ? *right : *left;
      direction = target == Side::provider ? ir::Direction::to_provider : ir::Direction::to_hub;
    }
    place.directions.push_back({direction, written.span});
    draft_.rules.groups[*place.group].direction = direction;
  }

  MapDraft& draft_;
  Report& report_;
};

}  // namespace

void take_table_of_fields(MapDraft& draft, Report& report) { TableOfFields(draft, report).run(); }

}  // namespace dovetail::dsl

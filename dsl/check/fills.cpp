#include "dsl/check/fills.hpp"

#include <algorithm>

#include "dsl/check/literals.hpp"
#include "dsl/check/paths.hpp"
#include "dsl/check/types.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

class FillCheck {
 public:
  FillCheck(MapDraft& draft, const ast::Fill& written, const PairPlace& place, Report& report)
      : draft_(draft), place_(place), report_(report) {
    made_.written = &written;
    made_.rule.origin = draft.origin(written.span);
    made_.sound = !written.broken;
  }

  FillDraft run() {
    take_target();
    for (const ast::FillSource& source : made_.written->sources) take_source(source);
    take_moment();
    return std::move(made_);
  }

 private:
  struct Found {
    Side side = Side::hub;
    ir::Path path;
  };

  std::optional<Found> find(const ast::SidePath& written) {
    const auto side = find_side(draft_, written.side, report_);
    if (!side || !place_.known[static_cast<std::size_t>(*side)]) return std::nullopt;
    const PathPlace start{*side, place_.elements[static_cast<std::size_t>(*side)]};
    const auto found = find_path(draft_, start, written.path, report_);
    if (!found) return std::nullopt;
    const ir::Member& member = draft_.vocabulary(*side)->member(found->path.member);
    if (member.kind == ir::MemberKind::scalar) return Found{*side, found->path};
    report_.add(
        Diagnostic::of(DiagnosticId::shape_mismatch, draft_.file(), written.path.span,
                       quoted(plain_path(member)) + " is " + described_type(member) + ", and a fill gives one value")
            .with(draft_.vocabulary(*side)->label(found->path.member, "defined here")));
    return std::nullopt;
  }

  const ir::Member* target() const {
    return target_known_ ? &draft_.vocabulary(made_.rule.side)->member(made_.rule.target.member) : nullptr;
  }

  void take_target() {
    const auto found = find(made_.written->target);
    target_known_ = found.has_value();
    made_.sound &= target_known_;
    if (!found) return;
    made_.rule.side = found->side;
    made_.rule.target = found->path;
    if (!target()->read_only) return;
    made_.sound = false;
    report_.add(
        Diagnostic::of(DiagnosticId::read_only_write, draft_.file(), made_.written->target.span,
                       quoted(std::string(draft_.alias(found->side)) + "." + plain_path(*target())) + " is read only")
            .with(draft_.vocabulary(found->side)->label(found->path.member, "read only")));
  }

  void take_source(const ast::FillSource& source) {
    std::optional<ir::FillSource> made =
        std::visit([this, &source](const auto& from) { return take(from, source); }, source.from);
    if (made) {
      made_.rule.sources.push_back(std::move(*made));
    } else {
      made_.sound = false;
    }
  }

  std::optional<ir::FillSource> take(const ast::Literal& literal, const ast::FillSource&) {
    if (literal.kind == ast::Literal::Kind::unset) {
      report_.add(Diagnostic::of(DiagnosticId::type_mismatch, draft_.file(), literal.span, "`unset` fills nothing")
                      .helped("name a value, `setting …`, a path of the other system or `ask \"…\"`"));
      return std::nullopt;
    }
    if (!target_known_) return std::nullopt;
    const auto value = literal_value(*draft_.vocabulary(made_.rule.side), made_.rule.target.member, literal,
                                     draft_.file(), {false, draft_.reference_tables}, report_);
    if (!value) return std::nullopt;
    return ir::FillSource{ir::FillSource::Literal{*value}};
  }

  std::optional<ir::FillSource> take(const ast::FillSource::FromSetting& from, const ast::FillSource&) {
    const auto setting = find_setting(draft_, from.setting, report_);
    if (!setting || !fits(*setting, from.setting)) return std::nullopt;
    return ir::FillSource{ir::FillSource::FromSetting{*setting}};
  }

  // What is entered for the setting has to be a value of the member.
  bool fits(std::uint32_t setting, const ast::Name& name) {
    const ir::Member* member = target();
    if (member == nullptr) return true;
    const ir::SettingType type = draft_.rules.settings[setting].type;
    bool right = true;
    if (member->type == nullptr || is_text_like(*member->type)) {
      right = type == ir::SettingType::text || (type == ir::SettingType::integer && member->type != nullptr);
    } else {
      const bool is_day = member->type->name == "date" || member->type->name == "iso_date";
      const bool is_boolean = member->type->name == "boolean";
      right = type == (is_day       ? ir::SettingType::date
                       : is_boolean ? ir::SettingType::boolean
                                    : ir::SettingType::integer);
    }
    if (right) return true;
    report_.add(Diagnostic::of(DiagnosticId::type_mismatch, draft_.file(), name.span,
                               "setting " + quoted(name.text) + " is no value for " + quoted(plain_path(*member)) +
                                   ", which is " + described_type(*member))
                    .with(draft_.label(draft_.settings[setting].written->name.span, "the setting")));
    return false;
  }

  std::optional<ir::FillSource> take(const ast::FillSource::FromPath& from, const ast::FillSource& source) {
    if (!from.via.empty()) {
      report_.add(Diagnostic::of(DiagnosticId::unexpected_token, draft_.file(), from.via.front().span,
                                 "a fill is converted by a transform")
                      .helped("a fill takes a value as it is, or `using` a values table"));
      return std::nullopt;
    }
    const auto found = find(from.path);
    std::optional<std::uint32_t> table;
    if (from.table) {
      table = find_table(draft_, *from.table, report_);
      if (!table || !draft_.tables[*table].sound) return std::nullopt;
    }
    if (!found || refuse_own_side(*found, from)) return std::nullopt;
    if (target_known_ && !table && !goes_into_target(*found, source)) return std::nullopt;
    return ir::FillSource{ir::FillSource::FromMember{found->side, found->path, table}};
  }

  // What the system has already is nothing that it lacks; on creation it has nothing.
  bool refuse_own_side(const Found& found, const ast::FillSource::FromPath& from) {
    if (!target_known_ || found.side != made_.rule.side) return false;
    const std::string_view opposite = draft_.alias(ir::other(found.side));
    report_.add(Diagnostic::of(DiagnosticId::unknown_side, draft_.file(), from.path.side.span,
                               "a member of " + quoted(draft_.alias(found.side)) + " is filled from " +
                                   quoted(draft_.alias(found.side)) + " itself")
                    .helped("name a path of " + quoted(opposite)));
    return true;
  }

  bool goes_into_target(const Found& found, const ast::FillSource& source) {
    const ir::Member& from = draft_.vocabulary(found.side)->member(found.path.member);
    const ir::Member& to = *target();
    const bool enums = from.type == nullptr || to.type == nullptr;
    const bool same_words = from.type == nullptr && to.type == nullptr && have_words(from, to);
    if (enums ? same_words : go_together(*from.type, *to.type)) return true;
    const DiagnosticId id = enums ? DiagnosticId::missing_value_table : DiagnosticId::type_mismatch;
    Diagnostic wrong =
        Diagnostic::of(id, draft_.file(), source.span,
                       quoted(plain_path(from)) + ", which is " + described_type(from) + ", can't fill " +
                           quoted(plain_path(to)) + ", which is " + described_type(to));
    if (enums) wrong.help = "add `using` and a values table that has a row for each word";
    report_.add(std::move(wrong));
    return false;
  }

  static bool have_words(const ir::Member& from, const ir::Member& to) {
    if (to.open_enum) return true;
    return std::ranges::all_of(from.words, [&](const ir::EnumWord& word) {
      return std::ranges::find(to.words, word.word, &ir::EnumWord::word) != to.words.end();
    });
  }

  std::optional<ir::FillSource> take(const ast::FillSource::Ask& from, const ast::FillSource&) {
    ir::FillSource::Ask ask;
    ask.question = from.question.text;
    if (const auto* setting = std::get_if<ast::FillSource::FromSetting>(&from.suggest)) {
      const auto found = find_setting(draft_, setting->setting, report_);
      if (!found || !fits(*found, setting->setting)) return std::nullopt;
      ask.suggest_setting = found;
    }
    if (const auto* literal = std::get_if<ast::Literal>(&from.suggest); literal != nullptr && target_known_) {
      const auto value = literal_value(*draft_.vocabulary(made_.rule.side), made_.rule.target.member, *literal,
                                       draft_.file(), {false, draft_.reference_tables}, report_);
      if (!value) return std::nullopt;
      ask.suggest_literal = value->text;
    }
    return ir::FillSource{ask};
  }

  void take_moment() {
    made_.rule.on_create = made_.written->on_create.has_value();
    if (!made_.written->whenever) {
      if (made_.rule.on_create || made_.written->broken) return;
      made_.sound = false;
      report_.add(Diagnostic::of(DiagnosticId::missing_item, draft_.file(), made_.written->target.span,
                                 "this fill does not say when")
                      .helped("add `on create`, or `whenever` and a path and `is written`"));
      return;
    }
    const auto found = find(*made_.written->whenever);
    made_.sound &= found.has_value();
    if (!found) return;
    if (target_known_ && found->side != made_.rule.side) {
      made_.sound = false;
      report_.add(Diagnostic::of(DiagnosticId::unknown_side, draft_.file(), made_.written->whenever->side.span,
                                 "a member of " + quoted(draft_.alias(found->side)) +
                                     " is no occasion to fill one of " + quoted(draft_.alias(made_.rule.side)))
                      .helped("name the member of " + quoted(draft_.alias(made_.rule.side)) +
                              " with which the value is written"));
      return;
    }
    made_.rule.trigger = found->path;
  }

  MapDraft& draft_;
  const PairPlace& place_;
  Report& report_;
  FillDraft made_;
  bool target_known_ = false;
};

}  // namespace

void take_fill(MapDraft& draft, const ast::Fill& written, const PairPlace& place, std::optional<std::uint32_t> each,
               Report& report) {
  FillDraft fill = FillCheck(draft, written, place, report).run();
  fill.rule.each = each;
  draft.fills.push_back(std::move(fill));
}

}  // namespace dovetail::dsl

// What is put into the tree of a map: see actions.hpp.
#pragma once

#include "dsl/grammar/actions.hpp"

namespace dovetail::dsl::grammar {

// ---- Imports, set-up

template <ast::Import::Kind Kind>
inline constexpr auto begins_import = [](Builder& b) {
  b.start(b.import, b.token_begin);
  b.import.kind = Kind;
};
template <>
inline constexpr auto begin<hub> = begins_import<ast::Import::Kind::hub>;
template <>
inline constexpr auto begin<provider> = begins_import<ast::Import::Kind::provider>;
template <>
inline constexpr auto begin<library> = begins_import<ast::Import::Kind::library>;
template <>
struct action<import_alias> {
  static void apply0(Builder& b) {
    b.import.alias = b.name();
    b.check_alias();
  }
};
template <>
struct action<import_title> {
  static void apply0(Builder& b) { b.import.title = b.text(); }
};
template <>
struct action<import_path> {
  static void apply0(Builder& b) { b.import.path = b.text(); }
};
inline constexpr auto end_import = [](Builder& b) { b.finish(b.import); };
template <>
struct action<hub> : does<end_import> {};
template <>
struct action<provider> : does<end_import> {};
template <>
struct action<library> : does<end_import> {};

template <>
struct action<step> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    if (b.whole()) b.setup.items.push_back(ast::Step{b.text(), b.item_span(b.offset(text_of(in).data()))});
  }
};
template <>
struct action<support> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    if (b.whole()) b.setup.items.push_back(ast::Support{b.text(), b.item_span(b.offset(text_of(in).data()))});
  }
};
template <>
inline constexpr auto begin<credential> = [](Builder& b) {
  b.start(b.credential, b.token_begin);
  b.in_setup = true;
};
template <>
inline constexpr auto begin<setting> = [](Builder& b) {
  b.start(b.setting, b.token_begin);
  b.in_setup = false;
};
template <>
struct action<asked_name> {
  static void apply0(Builder& b) { (b.in_setup ? b.credential.name : b.setting.name) = b.name(); }
};
template <>
struct action<asked_label> {
  static void apply0(Builder& b) { (b.in_setup ? b.credential.label : b.setting.label) = b.text(); }
};
template <>
struct action<secret> {
  static void apply0(Builder& b) { (b.in_setup ? b.credential.secret : b.setting.secret) = b.last_token(); }
};
template <>
struct action<required> {
  static void apply0(Builder& b) { (b.in_setup ? b.credential.required : b.setting.required) = b.last_token(); }
};
template <>
struct action<credential> {
  static void apply0(Builder& b) { b.finish(b.credential, b.setup.items); }
};
template <>
inline constexpr auto begin<setup> = begins<&Builder::setup>;
template <>
struct action<setup> {
  static void apply0(Builder& b) { b.finish(b.setup); }
};
template <>
struct action<setting_type> {
  static void apply0(Builder& b) { b.setting.type = b.name(); }
};
template <>
struct action<default_literal> {
  static void apply0(Builder& b) { b.setting.default_value = b.last_literal; }
};
template <>
struct action<setting> {
  static void apply0(Builder& b) { b.finish(b.setting); }
};

// ---- Matching, conflicts

template <>
inline constexpr auto begin<match_rule> = begins<&Builder::match>;
template <>
struct action<match_label> {
  static void apply0(Builder& b) { b.match.by = b.text(); }
};
template <>
struct action<match_pair> {
  static void apply0(Builder& b) {
    b.finish_pair();
    b.match.by = std::move(b.pair);
  }
};
template <>
struct action<proposal_label> {
  static void apply0(Builder& b) { b.proposal.labels.push_back(b.text()); }
};
template <>
struct action<proposal> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    b.proposal.span = b.item_span(b.offset(text_of(in).data()));
    ast::Proposal done = std::exchange(b.proposal, {});
    if (!b.panic) b.match.proposals.push_back(std::move(done));
  }
};
template <>
struct action<match_rule> {
  static void apply0(Builder& b) { b.finish(b.match); }
};
template <>
inline constexpr auto begin<conflict_rule> = begins<&Builder::conflict>;
template <>
struct action<conflict_rule> {
  static void apply0(Builder& b) {
    b.conflict.prefer = std::exchange(b.preferred, {});
    b.finish(b.conflict);
  }
};

// ---- Fields

template <>
struct action<inner_pair> {
  static void apply0(Builder& b) {
    b.finish_pair();
    b.pair_understood = !b.panic;
  }
};
template <>
struct action<part> {
  static void apply0(Builder& b) {
    // Of a pair that is not understood nothing is kept: what could be said of it would follow from the mistake.
    if (!b.whole() || !b.pair_understood) return;
    (b.contexts.back() == Context::shape ? b.shape.pairs : b.field.pairs).push_back(std::move(b.pair));
  }
};
template <>
inline constexpr auto begin<either> = begins<&Builder::shape>;
template <>
inline constexpr auto begin<or_shape> = begins<&Builder::shape>;
template <>
struct action<shape_name> {
  static void apply0(Builder& b) { b.shape.name = b.text(); }
};
template <>
struct action<either> {
  static void apply0(Builder& b) { b.finish(b.shape, b.field.shapes); }
};
template <>
struct action<unled> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    const char* at = text_of(in).data();
    const std::string word = b.field.shapes.empty() ? "either" : "or";
    b.reporter.add(DiagnosticId::unexpected_token, b.reporter.found_span(at),
                   "found " + b.reporter.found(at) + " instead of `" + word + "`",
                   "a field's shapes stand together: either \"…\" { … } or \"…\" { … }",
                   {{{b.offset(at), b.offset(at)}, word + " "}});
    b.start(b.shape, at);
  }
};
template <>
struct action<unled_shape> {
  static void apply0(Builder& b) { b.finish(b.shape, b.field.shapes); }
};
template <>
struct action<or_shape> {
  static void apply0(Builder& b) { b.finish(b.shape, b.field.shapes); }
};

template <>
struct action<lone_shape> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    if (b.retry || b.field.broken) return;
    const Offset at = b.offset(text_of(in).data());
    b.reporter.add(DiagnosticId::unexpected_token, {at, at + 2}, "`or` does not follow the shape before it",
                   "a field's shapes stand together: either \"…\" { … } or \"…\" { … }");
    b.field.broken = true;
    b.mark_broken();
  }
};

template <>
inline constexpr auto begin<field> = [](Builder& b) {
  b.start(b.field, b.token_begin);
  b.pair_in_line = false;
};
template <>
struct action<field_label> {
  static void apply0(Builder& b) { b.field.label = b.text(); }
};
template <>
struct action<field_required> {
  static void apply0(Builder& b) { b.field.required = b.last_token(); }
};
template <>
struct action<field_pair> {
  static void apply0(Builder& b) {
    b.finish_pair();
    b.pair_in_line = true;
    if (!b.panic) b.field.pairs.push_back(std::move(b.pair));
  }
};
template <>
struct action<field_when> {
  static void apply0(Builder& b) { b.field.when = b.take_when(); }
};
template <>
struct action<field> {
  static void apply0(Builder& b) {
    b.field.block = !b.pair_in_line;
    b.finish_nested(b.field);
  }
};

// ---- Fills

template <>
inline constexpr auto begin<fill> = begins<&Builder::fill>;
template <>
struct action<fill_target> {
  static void apply0(Builder& b) { b.fill.target = std::move(b.side_path); }
};
template <>
struct action<fill_literal> {
  static void apply0(Builder& b) { b.source.from = b.last_literal; }
};
template <>
struct action<from_setting_name> {
  static void apply0(Builder& b) { b.source.from = ast::FillSource::FromSetting{b.name()}; }
};
template <>
struct action<question> {
  static void apply0(Builder& b) { b.question = {b.text(), {}}; }
};
template <>
struct action<suggest_setting_name> {
  static void apply0(Builder& b) { b.question.suggest = ast::FillSource::FromSetting{b.name()}; }
};
template <>
struct action<suggest_literal> {
  static void apply0(Builder& b) { b.question.suggest = b.last_literal; }
};
template <>
struct action<from_question> {
  static void apply0(Builder& b) { b.source.from = std::exchange(b.question, {}); }
};
template <>
struct action<from_path> {
  static void apply0(Builder& b) {
    b.via.clear();
    b.table.reset();
  }
};
template <>
struct action<from_member> {
  static void apply0(Builder& b) {
    if (b.side_path.path.segments.empty()) {
      b.name_text = b.side_path.side.text;
      b.source.from = ast::Literal{ast::Literal::Kind::word, b.side_path.side.text, b.side_path.side.span};
    } else {
      b.source.from = ast::FillSource::FromPath{std::move(b.side_path), std::move(b.via), std::exchange(b.table, {})};
    }
  }
};
inline constexpr auto end_source = [](Builder& b, std::string_view matched) {
  b.source.span = b.item_span(b.offset(matched.data()));
  ast::FillSource done = std::exchange(b.source, {});
  if (!b.panic) b.fill.sources.push_back(std::move(done));
};
template <>
struct action<fill_source> : does_with<end_source> {};
template <>
struct action<else_source> : does_with<end_source> {};
template <>
struct action<on_create> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    b.fill.on_create = b.item_span(b.offset(text_of(in).data()));
  }
};
template <>
struct action<trigger> {
  static void apply0(Builder& b) { b.fill.whenever = std::move(b.side_path); }
};
template <>
struct action<fill> {
  static void apply0(Builder& b) { b.finish_nested(b.fill); }
};

// ---- Lists, groups

template <>
struct action<each_match> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    if (b.whole()) b.each.items.push_back(ast::EachMatch{b.text(), b.item_span(b.offset(text_of(in).data()))});
  }
};
template <>
struct action<add_missing> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    const ast::Name sides = std::exchange(b.sides, {});
    if (b.whole()) b.each.items.push_back(ast::AddMissing{sides, b.item_span(b.offset(text_of(in).data()))});
  }
};
template <>
struct action<never_remove> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    if (b.whole()) b.each.items.push_back(ast::NeverRemove{b.item_span(b.offset(text_of(in).data()))});
  }
};
template <>
inline constexpr auto begin<each> = [](Builder& b) {
  b.start(b.each, b.token_begin);
  b.in_each = true;
};
template <>
struct action<each_left> {
  static void apply0(Builder& b) { b.each.left = std::move(b.path); }
};
template <>
struct action<each_right> {
  static void apply0(Builder& b) {
    b.each.right = std::move(b.path);
    b.each.arrow = b.last_arrow;
  }
};
template <>
struct action<each_when> {
  static void apply0(Builder& b) { b.each.when = b.take_when(); }
};
template <>
struct action<each> {
  static void apply0(Builder& b) {
    b.in_each = false;
    b.finish_nested(b.each);
  }
};

template <>
struct action<direction_left> {
  static void apply0(Builder& b) { b.direction.left = b.name(); }
};
template <>
struct action<direction_right> {
  static void apply0(Builder& b) { b.direction.right = b.name(); }
};
template <>
struct action<direction> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    b.direction.arrow = b.last_arrow;
    b.direction.span = b.item_span(b.offset(text_of(in).data()));
    if (b.whole()) b.group.items.push_back(b.direction);
  }
};
template <>
struct action<only_changes> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    if (b.whole()) b.group.items.push_back(ast::OnlyAfterActivation{b.item_span(b.offset(text_of(in).data()))});
  }
};
template <>
inline constexpr auto begin<group> = [](Builder& b) {
  b.start(b.group, b.token_begin);
  b.in_group = true;
};
template <>
struct action<group_title> {
  static void apply0(Builder& b) { b.group.title = b.text(); }
};
template <>
struct action<group_when> {
  static void apply0(Builder& b) { b.group.when = b.take_when(); }
};
template <>
struct action<group> {
  static void apply0(Builder& b) {
    b.in_group = false;
    b.finish(b.group);
  }
};

// ---- Tables, life cycle, limits, documentation

template <ast::Cell::Kind Kind>
inline constexpr auto cell_of =
    [](Builder& b) { b.cell = {Kind, b.literal(ast::Literal::Kind::word, b.word(b.token_begin))}; };
template <>
struct action<otherwise_word> : does<cell_of<ast::Cell::Kind::otherwise>> {};
template <>
struct action<keep_word> : does<cell_of<ast::Cell::Kind::keep>> {};
template <>
struct action<unset_word> : does<cell_of<ast::Cell::Kind::unset>> {};
template <>
struct action<literal_cell> {
  static void apply0(Builder& b) { b.cell = {ast::Cell::Kind::word, b.last_literal}; }
};
template <>
struct action<left_cell> {
  static void apply0(Builder& b) {
    b.row.left = b.cell;
    b.single_name = b.cell.kind == ast::Cell::Kind::word && b.cell.literal.kind == ast::Literal::Kind::word;
  }
};
template <>
struct action<right_cell> {
  static void apply0(Builder& b) { b.row.right = b.cell; }
};
template <>
struct action<row> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    b.row.arrow = b.last_arrow;
    b.row.span = b.item_span(b.offset(text_of(in).data()));
    if (b.whole()) b.values.rows.push_back(b.row);
  }
};
template <>
inline constexpr auto begin<values> = begins<&Builder::values>;
template <>
struct action<values_name> {
  static void apply0(Builder& b) { b.values.name = b.name(); }
};
template <>
struct action<values> {
  static void apply0(Builder& b) { b.finish(b.values); }
};

template <>
struct action<action_side> {
  static void apply0(Builder& b) { b.action.side = b.name(); }
};
template <>
struct action<action_when> {
  static void apply0(Builder& b) { b.action.when = b.take_when(); }
};
template <ast::LifeCycleAction::Kind Kind>
inline constexpr auto action_of = [](Builder& b, std::string_view matched) {
  b.action.kind = Kind;
  b.action.span = b.item_span(b.offset(matched.data()));
  const ast::LifeCycleAction done = std::exchange(b.action, {});
  if (b.whole()) b.life_cycle.actions.push_back(done);
};
template <>
struct action<create_action> : does_with<action_of<ast::LifeCycleAction::Kind::create>> {};
template <>
struct action<stay_action> : does_with<action_of<ast::LifeCycleAction::Kind::stay>> {};
template <>
struct action<lock_action> : does_with<action_of<ast::LifeCycleAction::Kind::lock>> {};
template <>
struct action<refuse_action> : does_with<action_of<ast::LifeCycleAction::Kind::refuse_if_changed>> {};
template <>
inline constexpr auto begin<life_cycle> = begins<&Builder::life_cycle>;
template <>
struct action<on_add> {
  static void apply0(Builder& b) { b.life_cycle.event = ast::LifeCycle::Event::add; }
};
template <>
struct action<on_deactivate> {
  static void apply0(Builder& b) { b.life_cycle.event = ast::LifeCycle::Event::deactivate; }
};
template <>
struct action<on_delete> {
  static void apply0(Builder& b) { b.life_cycle.event = ast::LifeCycle::Event::remove; }
};
template <>
struct action<event_side> {
  static void apply0(Builder& b) { b.life_cycle.side = b.name(); }
};
template <>
struct action<life_cycle> {
  static void apply0(Builder& b) { b.finish(b.life_cycle); }
};

template <>
inline constexpr auto begin<guard> = begins<&Builder::guard>;
template <>
struct action<guard_what> {
  static void apply0(Builder& b) { b.guard.what = b.name(); }
};
template <>
struct action<guard_count> {
  static void apply0(Builder& b) { b.guard.count = b.number(); }
};
template <>
struct action<guard_percent> {
  static void apply0(Builder& b) { b.guard.percent = b.number(); }
};
template <>
struct action<guard> {
  static void apply0(Builder& b) { b.finish(b.guard); }
};

template <>
inline constexpr auto begin<section> = begins<&Builder::section>;
template <>
struct action<section_title> {
  static void apply0(Builder& b) { b.section.title = b.text(); }
};
template <>
struct action<section_text> {
  static void apply0(Builder& b) { b.section.text = b.text(); }
};
template <>
struct action<section> {
  static void apply0(Builder& b) { b.finish(b.section); }
};

template <>
struct action<replacement> {
  static void apply0(Builder& b) { b.deprecated.replacement = b.name(); }
};
template <>
struct action<deprecated> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    b.deprecated.span = b.item_span(b.offset(text_of(in).data()));
    if (!b.panic && b.file.header) b.file.header->deprecated = b.deprecated;
    if (!b.panic) b.header.deprecated = b.deprecated;
  }
};

// ---- Tests

template <>
struct action<assigned_path> {
  static void apply0(Builder& b) { b.assignment.path = std::move(b.path); }
};
template <>
struct action<assigned_value> {
  static void apply0(Builder& b) { b.assignment.value = b.last_literal; }
};
template <>
struct action<assignment> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    b.assignment.span = b.item_span(b.offset(text_of(in).data()));
    ast::Assignment done = std::exchange(b.assignment, {});
    if (b.whole()) b.given.assignments.push_back(std::move(done));
  }
};
template <>
inline constexpr auto begin<given> = begins<&Builder::given>;
template <ast::Given::Kind Kind>
inline constexpr auto given_of = [](Builder& b) {
  b.given.kind = Kind;
  b.given.subject = {b.word(b.token_begin), b.last_token()};
};
template <>
struct action<given_base> : does<given_of<ast::Given::Kind::base>> {};
template <>
struct action<given_others> : does<given_of<ast::Given::Kind::others>> {};
template <>
struct action<given_setting> : does<given_of<ast::Given::Kind::setting>> {};
template <>
struct action<given_side> {
  static void apply0(Builder& b) { b.given.subject = b.name(); }
};
template <>
struct action<given_absent> {
  static void apply0(Builder& b) { b.given.absent = b.last_token(); }
};
template <>
struct action<given> {
  static void apply0(Builder& b) { b.finish(b.given, b.test.items); }
};

inline constexpr auto date_literal = [](Builder& b) {
  b.last_literal =
      b.literal(b.figures_are_date ? ast::Literal::Kind::date : ast::Literal::Kind::number, b.figures_text);
};
template <>
struct action<today_date> : does<date_literal> {};
template <>
struct action<today> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    if (b.whole()) b.test.items.push_back(ast::Today{b.last_literal, b.item_span(b.offset(text_of(in).data()))});
  }
};
template <>
struct action<activated_date> {
  static void apply0(Builder& b) {
    date_literal(b);
    b.activated.date = b.last_literal;
  }
};
template <>
struct action<activated> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    b.activated.span = b.item_span(b.offset(text_of(in).data()));
    const ast::Activated done = std::exchange(b.activated, {});
    if (b.whole()) b.test.items.push_back(done);
  }
};
template <>
struct action<run_side> {
  static void apply0(Builder& b) { b.run_side = b.name(); }
};
template <ast::Action::Kind Kind>
inline constexpr auto run_of = [](Builder& b, std::string_view matched) {
  const ast::Name side = std::exchange(b.run_side, {});
  if (b.whole()) b.test.items.push_back(ast::Action{Kind, side, b.item_span(b.offset(matched.data()))});
};
template <>
struct action<push> : does_with<run_of<ast::Action::Kind::push>> {};
template <>
struct action<synchronise> : does_with<run_of<ast::Action::Kind::synchronise>> {};
template <>
struct action<create_in> : does_with<run_of<ast::Action::Kind::create>> {};
template <>
struct action<deactivate> : does_with<run_of<ast::Action::Kind::deactivate>> {};
template <>
struct action<remove_person> : does_with<run_of<ast::Action::Kind::remove>> {};

template <>
inline constexpr auto begin<expect> = [](Builder& b) { b.expect = {}; };
template <ast::Expect::Kind Kind>
inline constexpr auto expects = [](Builder& b) { b.expect.kind = Kind; };
template <>
struct action<because_text> {
  static void apply0(Builder& b) { b.expect.because = b.text(); }
};
template <>
struct action<expected_path> {
  static void apply0(Builder& b) { b.expect.path = std::move(b.side_path); }
};
template <>
struct action<expected_place> {
  static void apply0(Builder& b) { b.expect.path = std::move(b.side_path); }
};
template <>
struct action<expected_literal> {
  static void apply0(Builder& b) { b.expect.value = b.last_literal; }
};
template <>
struct action<expect_value> : does<expects<ast::Expect::Kind::value>> {};
template <>
struct action<expect_clear> : does<expects<ast::Expect::Kind::clear>> {};
template <>
struct action<expect_no_change> : does<expects<ast::Expect::Kind::no_change>> {};
template <>
struct action<blocked_unset> : does<expects<ast::Expect::Kind::blocked_unset>> {};
template <>
struct action<blocked_update> : does<expects<ast::Expect::Kind::blocked_update>> {};
template <>
struct action<held_reason> {
  static void apply0(Builder& b) {
    b.expect.reason = {b.rest(b.token_begin).substr(0, static_cast<std::size_t>(b.last_end - b.token_begin)),
                       b.last_token()};
  }
};
template <>
struct action<expect_held> : does<expects<ast::Expect::Kind::held>> {};
template <>
struct action<expect> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    b.expect.span = b.item_span(b.offset(text_of(in).data()));
    if (b.whole()) b.test.items.push_back(std::move(b.expect));
  }
};
template <>
inline constexpr auto begin<test> = begins<&Builder::test>;
template <>
struct action<test_name> {
  static void apply0(Builder& b) { b.test.name = b.text(); }
};
template <>
struct action<test> {
  static void apply0(Builder& b) { b.finish(b.test); }
};

}  // namespace dovetail::dsl::grammar

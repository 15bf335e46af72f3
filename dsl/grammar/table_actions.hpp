// What is put into the tree of a map's value tables, life cycle, limits and documentation: see actions.hpp.
#pragma once

#include "dsl/grammar/actions.hpp"

namespace dovetail::dsl::grammar {

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

}  // namespace dovetail::dsl::grammar

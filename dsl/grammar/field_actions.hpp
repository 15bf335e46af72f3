// What is put into the tree of a map's fields, fills, lists and groups: see actions.hpp.
#pragma once

#include "dsl/grammar/actions.hpp"

namespace dovetail::dsl::grammar {

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

}  // namespace dovetail::dsl::grammar

// What is put into the tree when a rule has matched. A rule without an action here needs none.
#pragma once

#include "dsl/grammar/builder.hpp"
#include "dsl/grammar/schemas.hpp"

namespace dovetail::dsl::grammar {

template <typename Rule>
struct action : p::nothing<Rule> {};

template <typename Input>
std::string_view text_of(const Input& in) {
  return {in.begin(), in.size()};
}

// An action as a function of the builder.
template <auto Do>
struct does {
  static void apply0(Builder& b) { Do(b); }
};
// One that also gets the text that the rule matched.
template <auto Do>
struct does_with {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    Do(b, text_of(in));
  }
};

// Starts an item in its register. Items without one need nothing.
template <typename Item>
inline constexpr auto begin = [](Builder&) {};
template <typename Item, Word W>
struct action<starts<Item, W>> : does<begin<Item>> {};

template <auto Register>
inline constexpr auto begins = [](Builder& b) { b.start(b.*Register, b.token_begin); };

// Marks a word of an item: `required`, `secret`.
template <auto Register, auto Mark>
inline constexpr auto marks = [](Builder& b) { (b.*Register).*Mark = b.last_token(); };

// ---- Literals, paths

template <>
struct action<text_literal> {
  static void apply0(Builder& b) { b.last_literal = b.literal(ast::Literal::Kind::text, b.text_value); }
};
template <>
struct action<figures_literal> {
  static void apply0(Builder& b) {
    b.last_literal =
        b.literal(b.figures_are_date ? ast::Literal::Kind::date : ast::Literal::Kind::number, b.figures_text);
  }
};
template <>
struct action<word_literal> {
  static void apply0(Builder& b) { b.read_word_literal(); }
};
template <>
struct action<fixed_word> {
  static void apply0(Builder& b) {
    const std::string_view word = b.word(b.token_begin);
    b.last_literal = b.literal(word == "unset" ? ast::Literal::Kind::unset : ast::Literal::Kind::boolean, word);
  }
};

template <>
struct action<condition_member> {
  static void apply0(Builder& b) { b.condition.member = b.name(); }
};
template <>
struct action<condition_value> {
  static void apply0(Builder& b) {
    b.condition.value = b.last_literal;
    if (!b.panic) b.selector.where.push_back(b.condition);
    b.selector.kind = ast::Selector::Kind::where;
  }
};
template <>
struct action<earliest> {
  static void apply0(Builder& b) { b.selector.kind = ast::Selector::Kind::earliest; }
};
template <>
struct action<latest> {
  static void apply0(Builder& b) { b.selector.kind = ast::Selector::Kind::latest; }
};
template <>
struct action<current> {
  static void apply0(Builder& b) { b.selector.kind = ast::Selector::Kind::current; }
};
template <>
struct action<index> {
  static void apply0(Builder& b) {
    b.selector.kind = ast::Selector::Kind::index;
    b.selector.index = b.number_value;
  }
};
template <>
struct action<selector> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    b.selector.span = b.span(text_of(in));
    b.path.segments.back().selector = std::exchange(b.selector, {});
  }
};

template <>
struct action<segment_name> {
  static void apply0(Builder& b) {
    b.path.segments.clear();
    b.path.segments.reserve(2);
    b.path.segments.push_back({b.name(), {}});
    b.check_first_word();
  }
};
template <>
struct action<next_segment_name> {
  static void apply0(Builder& b) { b.path.segments.push_back({b.name(), {}}); }
};
template <>
struct action<path_letters> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    b.path.span = b.span(text_of(in));
    b.single_name = b.path.segments.size() == 1 && b.path.segments[0].selector.kind == ast::Selector::Kind::none;
  }
};
template <>
struct action<side_of_path> {
  static void apply0(Builder& b) {
    b.side_path = {};
    b.side_path.side = b.name();
    b.path.segments.clear();
  }
};

// The last step: the path after the side, and the whole.
inline constexpr auto end_side_path = [](Builder& b, std::string_view matched) {
  b.side_path.span = b.span(matched);
  b.side_path.path = std::exchange(b.path, {});
  const auto& segments = b.side_path.path.segments;
  const Offset from = segments.empty() ? b.side_path.span.end : segments.front().name.span.begin;
  b.side_path.path.span = {from, b.side_path.span.end};
};
template <>
struct action<side_path_letters> : does_with<end_side_path> {};
template <>
struct action<side_or_path_letters> : does_with<end_side_path> {};

// ---- Pairs

template <>
struct action<tuple_path> {
  static void apply0(Builder& b) { b.tuple.paths.push_back(std::move(b.path)); }
};
template <>
struct action<tuple> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    b.tuple.span = {b.offset(text_of(in).data()), b.offset(b.last_end)};
    b.end_node = std::exchange(b.tuple, {});
  }
};
template <>
struct action<end_literal> {
  static void apply0(Builder& b) { b.end_node = b.last_literal; }
};
template <>
struct action<end_path> {
  static void apply0(Builder& b) { b.end_node = std::move(b.path); }
};
template <>
struct action<left_end> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    b.start_pair(text_of(in).data());
    b.pair.left = std::move(b.end_node);
  }
};
template <>
struct action<arrow> {
  static void apply0(Builder& b) { b.pair.arrow = b.last_arrow = b.arrow(); }
};
template <>
struct action<right_end> {
  static void apply0(Builder& b) { b.pair.right = std::move(b.end_node); }
};
template <>
struct action<transform_name> {
  static void apply0(Builder& b) { b.via.push_back({b.name(), {}, b.name().span}); }
};
template <>
struct action<argument> {
  static void apply0(Builder& b) {
    if (!b.panic) b.via.back().arguments.push_back(b.last_literal);
  }
};
template <>
struct action<arguments> {
  static void apply0(Builder& b) { b.via.back().span.end = b.offset(b.last_end); }
};
template <>
struct action<table_name> {
  static void apply0(Builder& b) { b.table = b.name(); }
};
template <>
struct action<when_setting> {
  static void apply0(Builder& b) { b.when.setting = b.name(); }
};
template <>
struct action<when> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    b.when.span = {b.offset(text_of(in).data()), b.offset(b.last_end)};
  }
};

// ---- Clauses

template <>
struct action<sides> {
  static void apply0(Builder& b) { b.sides = b.name(); }
};
template <>
struct action<or_update> {
  static void apply0(Builder& b) { b.clause.kind = ast::Clause::Kind::cannot_unset_or_update; }
};
template <>
struct action<length> {
  static void apply0(Builder& b) { b.clause.length = b.number(); }
};
template <>
struct action<valid_type> {
  static void apply0(Builder& b) { b.clause.type = b.name(); }
};
template <>
struct action<ask> {
  static void apply0(Builder& b) { b.preferred.reset(); }
};
template <>
struct action<preferred_side> {
  static void apply0(Builder& b) { b.preferred = b.name(); }
};

template <ast::Clause::Kind Kind>
inline constexpr auto clause_of = [](Builder& b, std::string_view matched) { b.finish_clause(Kind, matched.data()); };
using ClauseKind = ast::Clause::Kind;
template <>
struct action<unique> : does_with<clause_of<ClauseKind::unique>> {};
template <>
struct action<hold> : does_with<clause_of<ClauseKind::hold>> {};
template <>
struct action<max_length> : does_with<clause_of<ClauseKind::max_length>> {};
template <>
struct action<min_length> : does_with<clause_of<ClauseKind::min_length>> {};
template <>
struct action<valid> : does_with<clause_of<ClauseKind::valid>> {};
template <>
struct action<all_parts> : does_with<clause_of<ClauseKind::all_parts_filled>> {};
template <>
struct action<cannot> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    const bool update = b.clause.kind == ClauseKind::cannot_unset_or_update;
    b.finish_clause(update ? ClauseKind::cannot_unset_or_update : ClauseKind::cannot_unset, text_of(in).data());
  }
};
template <>
struct action<conflict> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    if (b.preferred) b.sides = *b.preferred;
    b.finish_clause(b.preferred ? ClauseKind::conflict_prefer : ClauseKind::conflict_ask, text_of(in).data());
    b.preferred.reset();
  }
};

}  // namespace dovetail::dsl::grammar

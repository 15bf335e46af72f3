// What is put into the tree of a map's tests: see actions.hpp.
#pragma once

#include "dsl/grammar/actions.hpp"

namespace dovetail::dsl::grammar {

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

// What is put into the tree of a map's imports, set-up, matching and conflicts: see actions.hpp.
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

}  // namespace dovetail::dsl::grammar

// What is put into the tree of a schema, and of every file's header: see actions.hpp.
#pragma once

#include "dsl/grammar/actions.hpp"

namespace dovetail::dsl::grammar {

template <>
inline constexpr auto begin<adapter> = begins<&Builder::adapter>;
template <>
struct action<adapter_name> {
  static void apply0(Builder& b) { b.adapter.name = b.name(); }
};
template <>
struct action<adapter> {
  static void apply0(Builder& b) { b.finish(b.adapter); }
};
template <>
inline constexpr auto begin<identity> = begins<&Builder::identity>;
template <>
struct action<identity_path> {
  static void apply0(Builder& b) { b.identity.path = std::move(b.path); }
};
template <>
struct action<identity> {
  static void apply0(Builder& b) { b.finish(b.identity); }
};
template <>
inline constexpr auto begin<active> = begins<&Builder::active>;
template <>
struct action<active_path> {
  static void apply0(Builder& b) { b.active.path = std::move(b.path); }
};
template <>
struct action<active_literal> {
  static void apply0(Builder& b) { b.active.value = b.last_literal; }
};
template <>
struct action<in_force> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    b.active.in_force = b.item_span(b.offset(text_of(in).data()));
  }
};
template <>
struct action<active> {
  static void apply0(Builder& b) { b.finish(b.active); }
};
template <>
inline constexpr auto begin<region> = begins<&Builder::region>;
template <>
struct action<region_path> {
  static void apply0(Builder& b) { b.region.path = std::move(b.path); }
};
template <>
struct action<region> {
  static void apply0(Builder& b) { b.finish(b.region); }
};
template <>
inline constexpr auto begin<document> = begins<&Builder::document>;
template <>
struct action<json_format> {
  static void apply0(Builder& b) { b.document.format = ast::Document::Format::json; }
};
template <>
struct action<xml_format> {
  static void apply0(Builder& b) { b.document.format = ast::Document::Format::xml; }
};
template <>
struct action<document_records> {
  static void apply0(Builder& b) { b.document.records = b.text(); }
};
template <>
struct action<part_as> {
  static void apply0(Builder& b) { b.document.as = b.text(); }
};
template <>
struct action<part_key> {
  static void apply0(Builder& b) { b.document.key = b.text(); }
};
template <>
struct action<part_of> {
  static void apply0(Builder& b) { b.document.of.push_back(b.text()); }
};
template <>
struct action<part_chosen> {
  static void apply0(Builder& b) { b.document.chosen_by = b.text(); }
};
template <>
struct action<document> {
  static void apply0(Builder& b) { b.finish(b.document); }
};
template <>
inline constexpr auto begin<omitted> = begins<&Builder::omitted>;
template <>
struct action<omitted> {
  static void apply0(Builder& b) { b.finish(b.omitted); }
};

// ---- Types

template <>
struct action<enum_word_name> {
  static void apply0(Builder& b) {
    if (!b.panic) b.members.back().type.words.push_back({b.name(), {}});
  }
};
template <>
struct action<enum_wire> {
  static void apply0(Builder& b) {
    if (!b.panic) b.members.back().type.words.back().wire = b.text();
  }
};
template <>
struct action<open_enum> {
  static void apply0(Builder& b) { b.members.back().type.open = b.last_token(); }
};
template <>
struct action<enum_word_itself> {
  static void apply0(Builder& b) { b.members.back().type.name = {b.word(b.token_begin), b.last_token()}; }
};
template <>
struct action<plain_type> {
  static void apply0(Builder& b) { b.members.back().type.name = b.name(); }
};
template <>
struct action<type> {
  template <typename Input>
  static void apply(const Input& in, Builder& b) {
    b.members.back().type.span = b.item_span(b.offset(text_of(in).data()));
  }
};

// ---- Modifiers

template <>
struct action<modifier_number> {
  static void apply0(Builder& b) { b.modifier.number = b.number(); }
};
template <>
struct action<modifier_text> {
  static void apply0(Builder& b) { b.modifier.texts.push_back(b.text()); }
};
template <>
struct action<modifier_path> {
  static void apply0(Builder& b) { b.modifier.path = std::move(b.path); }
};
template <>
struct action<modifier_name> {
  static void apply0(Builder& b) { b.modifier.name = b.name(); }
};
template <>
struct action<modifier_by> {
  static void apply0(Builder& b) { b.modifier.by = b.name(); }
};

using ModifierKind = ast::Modifier::Kind;
template <ModifierKind Kind>
inline constexpr auto modifies = [](Builder& b, std::string_view matched) { b.finish_modifier(Kind, matched.data()); };
// Of modifiers whose kind is known by a later word than the first.
template <ModifierKind Kind>
inline constexpr auto notes_kind = [](Builder& b) { b.modifier.kind = Kind; };
inline constexpr auto modifies_as_noted = [](Builder& b, std::string_view matched) {
  b.finish_modifier(b.modifier.kind, matched.data());
};
template <>
struct action<max_length_modifier> : does_with<modifies<ModifierKind::max_length>> {};
template <>
struct action<unique_modifier> : does_with<modifies<ModifierKind::unique>> {};
template <>
struct action<required_modifier> : does_with<modifies<ModifierKind::required_on_create>> {};
template <>
struct action<read_only> : does<notes_kind<ModifierKind::read_only>> {};
template <>
struct action<read_wire> : does<notes_kind<ModifierKind::read_wire>> {};
template <>
struct action<read> : does_with<modifies_as_noted> {};
template <>
struct action<write_only> : does<notes_kind<ModifierKind::write_only>> {};
template <>
struct action<write_wire> : does<notes_kind<ModifierKind::write_wire>> {};
template <>
struct action<write> : does_with<modifies_as_noted> {};
template <>
struct action<set_once> : does_with<modifies<ModifierKind::set_once>> {};
template <>
struct action<not_nullable> : does_with<modifies<ModifierKind::not_nullable>> {};
template <>
struct action<masked_as> : does_with<modifies<ModifierKind::masked_as>> {};
template <>
struct action<secret_modifier> : does_with<modifies<ModifierKind::secret>> {};
template <>
struct action<empty_unset> : does<notes_kind<ModifierKind::empty_is_unset>> {};
template <>
struct action<empty_value> : does<notes_kind<ModifierKind::empty_is_value>> {};
template <>
struct action<empty_invalid> : does<notes_kind<ModifierKind::empty_is_invalid>> {};
template <>
struct action<empty_is> : does_with<modifies_as_noted> {};
template <>
struct action<derived_from> : does_with<modifies<ModifierKind::derived_from>> {};
template <>
struct action<written_with> : does_with<modifies<ModifierKind::written_with>> {};
template <>
struct action<lookup> : does_with<modifies<ModifierKind::lookup>> {};
template <>
struct action<deprecated_use> : does_with<modifies<ModifierKind::deprecated_use>> {};
template <>
struct action<wire> : does_with<modifies<ModifierKind::wire>> {};
template <>
struct action<attribute> : does_with<modifies<ModifierKind::attribute>> {};
template <>
struct action<resource> : does_with<modifies<ModifierKind::resource>> {};
template <>
struct action<optional_modifier> : does_with<modifies<ModifierKind::optional>> {};
template <>
struct action<key> : does_with<modifies<ModifierKind::key>> {};
template <>
struct action<ordered_by> : does_with<modifies<ModifierKind::ordered_by>> {};
template <>
struct action<until> : does_with<modifies<ModifierKind::until>> {};

// ---- Members

template <>
inline constexpr auto begin<member> = [](Builder& b) { b.start_member(ast::Member::Kind::scalar); };
template <>
inline constexpr auto begin<object> = [](Builder& b) { b.start_member(ast::Member::Kind::object); };
template <>
inline constexpr auto begin<list> = [](Builder& b) { b.start_member(ast::Member::Kind::list); };
inline constexpr auto names_member = [](Builder& b) { b.members.back().name = b.name(); };
template <>
struct action<member_name> : does<names_member> {};
template <>
struct action<object_name> : does<names_member> {};
template <>
struct action<list_name> : does<names_member> {};
inline constexpr auto end_member = [](Builder& b) { b.finish_member(); };
template <>
struct action<member> : does<end_member> {};
template <>
struct action<object> : does<end_member> {};
template <>
struct action<list> : does<end_member> {};

// ---- Headers

template <ast::Header::Kind Kind>
inline constexpr auto begins_file = [](Builder& b) {
  b.start(b.header, b.token_begin);
  b.header.kind = Kind;
};
template <>
struct action<map_word> : does<begins_file<ast::Header::Kind::map>> {};
template <>
struct action<schema_word> : does<begins_file<ast::Header::Kind::schema>> {};
template <>
struct action<library_word> : does<begins_file<ast::Header::Kind::library>> {};
template <>
struct action<file_name> {
  static void apply0(Builder& b) { b.header.name = b.name(); }
};
template <>
struct action<file_version> {
  static void apply0(Builder& b) { b.header.version = b.number(); }
};
template <>
struct action<file_syntax> {
  static void apply0(Builder& b) { b.header.syntax = b.number(); }
};
template <>
struct action<header> {
  static void apply0(Builder& b) {
    b.header.span.end = b.offset(b.last_end);
    b.file.header = std::move(b.header);
  }
};

}  // namespace dovetail::dsl::grammar

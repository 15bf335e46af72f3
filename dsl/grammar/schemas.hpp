// The grammar of schemas.
#pragma once

#include "dsl/grammar/maps.hpp"

// NOLINTBEGIN(readability-identifier-naming): rules are named as in docs/grammar.ebnf.
namespace dovetail::dsl::grammar {

struct adapter_name : name {};
// adapter = "adapter" word
struct adapter : after<starts<adapter, "adapter">, adapter_name> {};
struct identity_path : path {};
// identity = "identity" path
struct identity : after<starts<identity, "identity">, identity_path> {};
struct active_path : path {};
struct active_literal : literal {};
struct active_value : after<sym<'='>, active_literal> {};
struct in_force : after<kw<"in">, need<"force">> {};
// active = "active" path ( "=" literal | "in" "force" )
struct active : after<starts<active, "active">, active_path, p::sor<active_value, in_force>> {};
struct region_path : path {};
// region = "region" path
struct region : after<starts<region, "region">, region_path> {};
struct json_format : kw<"json"> {};
struct xml_format : kw<"xml"> {};
struct document_format : p::sor<json_format, xml_format> {};
struct document_records : text {};
struct part_as : text {};
struct part_key : text {};
struct part_of : text {};
struct part_chosen : text {};
// part_rows = "as" text [ "key" text ] "of" text { "or" text } [ "chosen" "by" text ]
struct part_rows : p::seq<after<kw<"as">, part_as>, p::opt<after<kw<"key">, part_key>>, p::must<need<"of">, part_of>,
                          p::star<after<kw<"or">, part_of>>, p::opt<after<kw<"chosen">, need<"by">, part_chosen>>> {};
// document = "document" ( "json" | "xml" ) "records" text [ part_rows ]
struct document : p::seq<after<starts<document, "document">, document_format, need<"records">, document_records>,
                         p::opt<part_rows>> {};
// omitted = "omitted" "is" "unset"
struct omitted : after<starts<omitted, "omitted">, need<"is">, need<"unset">> {};

// ---- Types

struct enum_word_name : name {};
struct enum_wire : text {};
// enum_word = word [ "=" text ]
struct enum_word : p::seq<enum_word_name, p::opt<after<sym<'='>, enum_wire>>> {};
struct close_enum : closing<')'> {};
struct enum_words : after<opening<'('>, enum_word, p::star<after<comma, enum_word>>, close_enum> {};
struct open_enum : kw<"open"> {};
struct enum_word_itself : kw<"enum"> {};
struct enum_type
    : p::seq<p::opt<p::seq<p::at<kw<"open">, kw<"enum">>, open_enum>>, after<enum_word_itself, enum_words>> {};
// A modifier in its place: the type is missing.
struct wire_modifier : p::seq<letters<"wire">, p::plus<p::blank>, p::one<'"'>> {};
struct plain_type : p::seq<p::not_at<wire_modifier>, struct name> {};
// type = [ "open" ] "enum" "(" enum_word { "," enum_word } ")" | word
struct type : p::sor<enum_type, plain_type> {};

// ---- Modifiers

struct modifier_number : number {};
struct modifier_text : text {};
struct modifier_path : path {};
struct modifier_name : dotted_name {};
struct modifier_by : name {};
struct max_length_modifier : after<kw<"max">, need<"length">, modifier_number> {};
struct unique_modifier : kw<"unique"> {};
struct required_modifier : after<kw<"required">, need<"on">, need<"create">> {};
struct read_only : kw<"only"> {};
struct read_wire : after<kw<"wire">, modifier_text> {};
struct read_what : p::sor<read_only, read_wire> {};
struct read : after<kw<"read">, read_what> {};
struct write_only : kw<"only"> {};
struct write_wire : p::seq<after<kw<"wire">, modifier_text>, p::star<after<kw<"and">, modifier_text>>> {};
struct write_what : p::sor<write_only, write_wire> {};
struct write : after<kw<"write">, write_what> {};
struct set_once : after<kw<"set">, need<"once">> {};
struct not_nullable : after<kw<"not">, need<"nullable">> {};
struct masked_as : after<kw<"masked">, need<"as">, modifier_text> {};
struct secret_modifier : kw<"secret"> {};
struct empty_unset : kw<"unset"> {};
struct empty_value : kw<"value"> {};
struct empty_invalid : kw<"invalid"> {};
struct empty_meaning : p::sor<empty_unset, empty_value, empty_invalid> {};
struct empty_is : after<kw<"empty">, need<"is">, empty_meaning> {};
struct derived_from : after<kw<"derived">, need<"from">, modifier_path> {};
struct written_with : after<kw<"with">, modifier_path> {};
struct lookup : after<kw<"lookup">, modifier_name, need<"by">, modifier_by> {};
struct deprecated_use : after<kw<"deprecated">, need<"use">, modifier_path> {};
struct wire : after<kw<"wire">, modifier_text> {};
struct attribute : after<kw<"attribute">, modifier_text> {};
struct resource : after<kw<"resource">, modifier_name> {};
struct optional_modifier : kw<"optional"> {};
struct key : after<kw<"key">, modifier_name> {};
struct ordered_by : after<kw<"ordered">, need<"by">, modifier_name> {};
struct until : after<kw<"until">, modifier_name> {};
// modifier = "max" "length" number | "unique" | "required" "on" "create" | "read" "only" | "write" "only"
//          | "set" "once" | "not" "nullable" | "masked" "as" text | "secret" | "empty" "is" ( "unset" | "value" |
//          "invalid" ) | "derived" "from" path | "with" path | "lookup" dotted_name "by" word | "deprecated" "use" path
//          | "optional" | "wire" text | "read" "wire" text | "write" "wire" text { "and" text } | "attribute" text
//          | "resource" dotted_name | "key" dotted_name | "ordered" "by" dotted_name | "until" dotted_name
struct modifier : p::sor<wire, max_length_modifier, required_modifier, read, write, not_nullable, unique_modifier,
                         secret_modifier, set_once, masked_as, empty_is, derived_from, written_with, lookup,
                         deprecated_use, attribute, resource, optional_modifier, key, ordered_by, until> {};

// ---- Members

struct member_item;
struct member_name : name {};
struct object_name : name {};
struct list_name : name {};
struct members_block : block<Context::members, member_item> {};
// member = "member" word type { modifier }
struct member : p::seq<after<starts<member, "member">, member_name, type>, p::star<modifier>> {};
// object = "object" word { modifier } "{" { member_item } "}"
struct object : p::seq<after<starts<object, "object">, object_name>, p::star<modifier>, mended_head,
                       p::must<body<members_block>>> {};
// list = "list" word { modifier } "{" { member_item } "}"
struct list
    : p::seq<after<starts<list, "list">, list_name>, p::star<modifier>, mended_head, p::must<body<members_block>>> {};
// member_item = member | object | list
struct member_item : p::sor<member, object, list> {};

// schema_item = adapter | identity | active | region | document | omitted | member_item | deprecated
struct schema_item : p::sor<member_item, adapter, identity, active, region, document, omitted, deprecated> {};

// ---- Files

struct file_name : name {};
struct file_version : number {};
struct file_syntax : number {};
struct header_rest
    : p::seq<p::must<file_name, need<"version">, file_version, need<"syntax">, file_syntax>, p::opt<deprecated>> {};
struct map_word : kw<"map"> {};
struct schema_word : kw<"schema"> {};
struct library_word : kw<"library"> {};
// header = ( "map" | "schema" | "library" ) word "version" number "syntax" number [ deprecated ]
struct header : p::seq<p::sor<map_word, schema_word, library_word>, header_rest> {};

struct map_items : items<Context::map, map_item> {};
struct schema_items : items<Context::schema, schema_item> {};
struct library_items : items<Context::library, library_item> {};

}  // namespace dovetail::dsl::grammar
// NOLINTEND(readability-identifier-naming)

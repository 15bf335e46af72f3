// The grammar of what items are made of: literals, paths, pairs and clauses.
// White space and line ends: see tokens.hpp. `must` is where a message may arise; its texts stand in expectations.hpp.
#pragma once

#include "dsl/grammar/words_rules.hpp"

// NOLINTBEGIN(readability-identifier-naming): rules are named as in docs/grammar.ebnf.
namespace dovetail::dsl::grammar {

template <typename Cond, typename... Rules>
using after = p::if_must<Cond, Rules...>;

// A `,` between things in brackets.
struct comma : sym<','> {};

// ---- Literals

struct text_literal : text {};
struct figures_literal : token<figures> {};
struct word_literal : name {};
// literal = text | quantity | date | word
struct literal : p::sor<text_literal, figures_literal, word_literal> {};

// fixed_word = "true" | "false" | "on" | "off" | "unset"
struct fixed_word : p::sor<open_kw<"true">, open_kw<"false">, open_kw<"on">, open_kw<"off">, open_kw<"unset">> {};
// fixed = text | quantity | date | fixed_word
struct fixed : p::sor<text_literal, figures_literal, fixed_word> {};

// ---- Paths

struct condition_member : name {};
struct condition_value : literal {};
// condition = word "=" literal
struct condition : after<condition_member, sym<'='>, condition_value> {};
// conditions = condition { "," condition }
struct conditions : p::seq<condition, p::star<after<comma, condition>>> {};
struct earliest : open_kw<"earliest"> {};
struct latest : open_kw<"latest"> {};
struct current : open_kw<"current"> {};
struct index : number {};
// selection = "earliest" | "latest" | "current" | number | conditions
struct selection : p::sor<earliest, latest, current, index, conditions> {};
struct close_selector : closing<']'> {};
// selector = "[" selection "]"
struct selector : after<opening<'['>, selection, close_selector> {};

struct segment_name : word {};
struct next_segment_name : word {};
struct point : p::one<'.'> {};
// segment = word [ selector ]
struct first_segment : p::seq<segment_name, p::opt<p::at<p::one<'['>>, selector>> {};
struct next_segment : p::seq<p::must<next_segment_name>, p::opt<p::at<p::one<'['>>, selector>> {};
// path = segment { "." segment }
struct path_letters : p::seq<first_segment, p::star<point, next_segment>> {};
struct path : token<path_letters> {};

struct side : name {};
struct sides : name {};
struct side_of_path : word {};
// side = word
// side_path = side "." path
struct side_path_letters : p::seq<side_of_path, p::must<point>, p::seq<next_segment, p::star<point, next_segment>>> {};
struct side_path : token<side_path_letters> {};
// side_or_path = side [ "." path ]
struct side_or_path_letters : p::seq<side_of_path, p::star<point, next_segment>> {};
struct side_or_path : token<side_or_path_letters> {};

// ---- Pairs

struct tuple_path : path {};
struct close_tuple : closing<')'> {};
// tuple = "(" path { "," path } ")"
struct tuple : after<opening<'('>, tuple_path, p::star<after<comma, tuple_path>>, close_tuple> {};
struct end_literal : fixed {};
struct end_path : path {};
// end = tuple | fixed | path
struct end : p::sor<tuple, end_literal, end_path> {};

struct argument : literal {};
struct close_arguments : closing<')'> {};
// arguments = "(" literal { "," literal } ")"
struct arguments : after<opening<'('>, argument, p::star<after<comma, argument>>, close_arguments> {};
struct transform_name : name {};
// transform = word [ arguments ]
struct transform : p::seq<transform_name, p::opt<arguments>> {};
// via = "via" transform { "then" transform }
struct via : after<kw<"via">, transform, p::star<after<kw<"then">, transform>>> {};
struct table_name : dotted_name {};
// using_table = "using" dotted_name
struct using_table : after<kw<"using">, table_name> {};
// conversion = via [ using_table ] | using_table [ via ]
struct conversion : p::sor<p::seq<via, p::opt<using_table>>, p::seq<using_table, p::opt<via>>> {};

struct left_end : end {};
struct right_end : end {};
// pair = end arrow end [ conversion ]
struct pair : p::seq<left_end, p::must<arrow, right_end>, p::opt<conversion>> {};

struct when_setting : name {};
// when = "when" "setting" word
struct when : after<kw<"when">, need<"setting">, when_setting> {};

// ---- Clauses

// in_sides = "in" ( side | "both" )
struct in_sides : after<need<"in">, sides> {};
// unique = "unique" [ in_sides ]
struct unique : p::seq<open_kw<"unique">, p::opt<in_sides>> {};
struct or_update : after<kw<"or">, need<"update">> {};
// cannot = "cannot" "unset" [ "or" "update" ] [ in_sides ]
struct cannot : p::seq<after<open_kw<"cannot">, need<"unset">>, p::opt<or_update>, p::opt<in_sides>> {};
// hold = "hold"
struct hold : open_kw<"hold"> {};
struct length : number {};
// max_length = "max" "length" number [ in_sides ]
struct max_length : p::seq<after<open_kw<"max">, need<"length">, length>, p::opt<in_sides>> {};
// min_length = "min" "length" number [ in_sides ]
struct min_length : p::seq<after<open_kw<"min">, need<"length">, length>, p::opt<in_sides>> {};
struct valid_type : name {};
// valid = "valid" word [ in_sides ]
struct valid : p::seq<after<open_kw<"valid">, valid_type>, p::opt<in_sides>> {};
// all_parts = "all" "parts" "filled" [ in_sides ]
struct all_parts : p::seq<after<open_kw<"all">, need<"parts">, need<"filled">>, p::opt<in_sides>> {};
struct ask : kw<"ask"> {};
struct preferred_side : name {};
struct prefer : after<kw<"prefer">, preferred_side> {};
// conflict = "conflict" ( "ask" | "prefer" side )
struct conflict : after<open_kw<"conflict">, p::sor<ask, prefer>> {};
// clause = unique | cannot | hold | max_length | min_length | valid | all_parts | conflict
struct clause : p::sor<unique, cannot, hold, max_length, min_length, valid, all_parts, conflict> {};
// clauses = "{" { clause } "}"
struct clauses : block<Context::clauses, clause> {};

}  // namespace dovetail::dsl::grammar
// NOLINTEND(readability-identifier-naming)

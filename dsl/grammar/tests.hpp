// The grammar of the tests in maps.
#pragma once

#include "dsl/grammar/paths.hpp"

// NOLINTBEGIN(readability-identifier-naming): rules are named as in docs/grammar.ebnf.
namespace dovetail::dsl::grammar {

struct assigned_path : path {};
struct assigned_value : literal {};
// assignment = path "=" literal
struct assignment : p::seq<assigned_path, p::must<sym<'='>, assigned_value>> {};
struct given_block : block<Context::given, assignment> {};
struct given_base : kw<"base"> {};
struct given_others : kw<"others"> {};
struct given_setting : kw<"setting"> {};
struct given_side : name {};
struct given_absent : kw<"absent"> {};
struct given_what : p::sor<given_base, given_others, given_setting, given_side> {};
struct given_rest : p::sor<given_absent, given_block> {};
// given = "given" ( side "absent" | ( side | "base" | "others" | "setting" ) "{" { assignment } "}" )
struct given : after<starts<given, "given">, given_what, given_rest> {};

struct today_date : token<figures> {};
// today = "today" "=" date
struct today : after<kw<"today">, sym<'='>, today_date> {};
struct activated_date : token<figures> {};
struct activated_on : after<sym<'='>, activated_date> {};
// activated = "activated" [ "=" date ]
struct activated : p::seq<starts<activated, "activated">, p::opt<activated_on>> {};

struct push : kw<"push"> {};
struct run_side : name {};
struct taking : after<kw<"taking">, run_side> {};
// synchronise = "synchronise" [ "taking" side ]
struct synchronise : p::seq<kw<"synchronise">, p::opt<taking>> {};
struct create_in : after<kw<"create">, need<"in">, run_side> {};
struct deactivate : kw<"deactivate"> {};
struct remove_person : kw<"delete"> {};

struct because_text : text {};
// because = "because" text
struct because : after<kw<"because">, because_text> {};
struct expected_path : side_path {};
struct expected_place : side_or_path {};
struct expected_literal : literal {};
struct expect_value : after<expected_path, sym<'='>, expected_literal> {};
struct expect_clear : after<kw<"clear">, expected_path> {};
struct expect_no_change : after<kw<"no">, need<"change">, need<"to">, expected_place> {};
struct blocked_unset : kw<"unset"> {};
struct blocked_update : kw<"update"> {};
struct expect_blocked : after<kw<"blocked">, p::sor<blocked_unset, blocked_update>, expected_path> {};
// reason = letter { letter | digit | "_" | "-" }
struct reason_letters : p::seq<p::identifier_first, p::star<p::sor<p::identifier_other, p::one<'-'>>>> {};
struct held_reason : token<reason_letters> {};
struct held_place : p::seq<p::not_at<kw<"because">>, expected_path> {};
struct expect_held : p::seq<after<kw<"held">, held_reason>, p::opt<held_place>> {};
// expectation = "clear" side_path | "no" "change" "to" side_or_path | "blocked" ( "unset" | "update" ) side_path
//             | "held" reason [ side_path ] | side_path "=" literal
struct expectation : p::sor<expect_clear, expect_no_change, expect_blocked, expect_held, expect_value> {};
// expect = "expect" expectation [ because ]
struct expect : p::seq<after<starts<expect, "expect">, expectation>, p::opt<because>> {};

// test_item = given | today | activated | "push" | synchronise | "create" "in" side | "deactivate" | "delete" | expect
struct test_item : p::sor<given, today, activated, push, synchronise, create_in, deactivate, remove_person, expect> {};
struct test_name : text {};
struct test_block : block<Context::test, test_item> {};
// test = "test" text "{" { test_item } "}"
struct test : p::seq<after<starts<test, "test">, test_name>, mended_head, p::must<test_block>> {};

}  // namespace dovetail::dsl::grammar
// NOLINTEND(readability-identifier-naming)

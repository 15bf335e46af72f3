// What each rule that can't be done without is called in messages: "found X instead of WHAT". A rule in a `must`
// without a line here does not compile.
#pragma once

#include "dsl/grammar/schemas.hpp"
#include "dsl/grammar/state.hpp"

namespace dovetail::dsl::grammar {

template <typename Rule>
inline constexpr Expectation expected = {};
template <Word W>
inline constexpr Expectation expected<need<W>> = {quoted_word<W>.view(), {}};

// These never fail.
template <typename... Rules>
inline constexpr Expectation expected<p::opt<Rules...>> = {"anything", {}};
template <typename... Rules>
inline constexpr Expectation expected<p::star<Rules...>> = {"anything", {}};

template <char C>
inline constexpr char quoted_character[] = {'`', C, '`', '\0'};
template <char C>
inline constexpr Expectation expected<sym<C>> = {quoted_character<C>, {}};

inline constexpr std::string_view pair_help = "a pair is a path, an arrow and a path, as in `email <-> emailAddress`";

template <>
inline constexpr Expectation expected<condition_value> = {"a value", "text stands in quotes"};
template <>
inline constexpr Expectation expected<condition> = {"another condition", "as in [type = national, country = \"FI\"]"};
template <>
inline constexpr Expectation expected<selection> = {
    "a selector", "`earliest`, `latest`, `current`, or conditions as in [type = national]"};
template <>
inline constexpr Expectation expected<close_selector> = {"`]`", {}};
template <>
inline constexpr Expectation expected<next_segment_name> = {"a member's name", {}};
template <>
inline constexpr Expectation expected<point> = {"`.` and a path",
                                                "here a path names its system first, as in `huma.email`"};
template <>
inline constexpr Expectation expected<tuple_path> = {"a path", {}};
template <>
inline constexpr Expectation expected<close_tuple> = {"`)`", {}};
template <>
inline constexpr Expectation expected<arrow> = {"an arrow", pair_help};
template <>
inline constexpr Expectation expected<right_end> = {"a path", pair_help};
template <>
inline constexpr Expectation expected<argument> = {"a value", {}};
template <>
inline constexpr Expectation expected<close_arguments> = {"`)`", {}};
template <>
inline constexpr Expectation expected<transform> = {"a transform", "`mapcheck types` lists them"};
template <>
inline constexpr Expectation expected<table_name> = {"the name of a values table", {}};
template <>
inline constexpr Expectation expected<when_setting> = {"the name of a setting", {}};
template <>
inline constexpr Expectation expected<sides> = {"a system's name or `both`", {}};
template <>
inline constexpr Expectation expected<length> = {"a number of characters", {}};
template <>
inline constexpr Expectation expected<valid_type> = {"a type", "`mapcheck types` lists them"};
template <>
inline constexpr Expectation expected<preferred_side> = {"a system's name", {}};
template <>
inline constexpr Expectation expected<p::sor<ask, prefer>> = {"`ask` or `prefer`", {}};

template <>
inline constexpr Expectation expected<import_alias> = {"a name",
                                                       "as in hub huma \"Huma\" from \"schemas/huma.schema.map\""};
template <>
inline constexpr Expectation expected<import_title> = {"the system's name for people, in quotes", {}};
template <>
inline constexpr Expectation expected<import_path> = {"a file's path, in quotes", {}};
template <>
inline constexpr Expectation expected<step_text> = {"a sentence in quotes", {}};
template <>
inline constexpr Expectation expected<support_text> = {"a sentence in quotes", {}};
template <>
inline constexpr Expectation expected<asked_name> = {"a name", {}};
template <>
inline constexpr Expectation expected<asked_label> = {"a label in quotes", {}};
template <>
inline constexpr Expectation expected<body<block<Context::setup, setup_item>>> = {"`{`", {}};
template <>
inline constexpr Expectation expected<default_literal> = {"a value", {}};
template <>
inline constexpr Expectation expected<match_label> = {"a field's label in quotes", {}};
template <>
inline constexpr Expectation expected<match_what> = {"`by` or a pair", "as in match by \"Email address\""};
template <>
inline constexpr Expectation expected<proposal_label> = {"a field's label in quotes", {}};
template <>
inline constexpr Expectation expected<close_proposal> = {"`)`", {}};
template <>
inline constexpr Expectation expected<labels> = {"a field's label in quotes, or several in parentheses", {}};
template <>
inline constexpr Expectation expected<shape_name> = {"the shape's name in quotes", {}};
template <>
inline constexpr Expectation expected<body<shape_block>> = {"`{`", {}};
template <>
inline constexpr Expectation expected<field_label> = {"the field's label in quotes", {}};
template <>
inline constexpr Expectation expected<field_line> = {"a path or `{`", pair_help};
template <>
inline constexpr Expectation expected<body<field_block>> = {"`{`", {}};
template <>
inline constexpr Expectation expected<fill_target> = {"a path", "as in `fill netvisor.country`"};
template <>
inline constexpr Expectation expected<fill_source> = {"a value, `setting`, `ask` or a path", {}};
template <>
inline constexpr Expectation expected<else_source> = {"a value, `setting`, `ask` or a path", {}};
template <>
inline constexpr Expectation expected<from_setting_name> = {"the name of a setting", {}};
template <>
inline constexpr Expectation expected<question> = {"a question in quotes", {}};
template <>
inline constexpr Expectation expected<suggest_setting_name> = {"the name of a setting", {}};
template <>
inline constexpr Expectation expected<p::sor<suggest_setting, suggest_literal>> = {"`setting` or a value", {}};
template <>
inline constexpr Expectation expected<fill_occasion> = {"`on create` or `whenever`", "a fill says when it is used"};
template <>
inline constexpr Expectation expected<trigger> = {"a path", {}};
template <>
inline constexpr Expectation expected<each_match_label> = {"a field's label in quotes", {}};
template <>
inline constexpr Expectation expected<each_left> = {"a list's path", "as in `each positions <-> employments`"};
template <>
inline constexpr Expectation expected<each_right> = {"a list's path", "as in `each positions <-> employments`"};
template <>
inline constexpr Expectation expected<body<each_block>> = {"`{`", {}};
template <>
inline constexpr Expectation expected<direction_left> = {"a system's name", {}};
template <>
inline constexpr Expectation expected<direction_right> = {"a system's name", {}};
template <>
inline constexpr Expectation expected<group_title> = {"the group's title in quotes", {}};
template <>
inline constexpr Expectation expected<body<group_block>> = {"`{`", {}};
template <>
inline constexpr Expectation expected<right_cell> = {"a word, `keep` or `unset`", {}};
template <>
inline constexpr Expectation expected<values_name> = {"the table's name", {}};
template <>
inline constexpr Expectation expected<body<values_block>> = {"`{`", {}};
template <>
inline constexpr Expectation expected<action_side> = {"a system's name", {}};
template <>
inline constexpr Expectation expected<event> = {"`add`, `deactivate` or `delete`", {}};
template <>
inline constexpr Expectation expected<event_side> = {"a system's name", {}};
template <>
inline constexpr Expectation expected<body<life_cycle_block>> = {"`{`", {}};
template <>
inline constexpr Expectation expected<guard_what> = {"what is limited",
                                                     "overwrites, clears, bank_accounts, national_ids or emails"};
template <>
inline constexpr Expectation expected<guard_count> = {"a number of people", {}};
template <>
inline constexpr Expectation expected<guard_percent> = {"a percentage", "as in `guard overwrites 20 or 20 %`"};
template <>
inline constexpr Expectation expected<section_title> = {"the section's title in quotes", {}};
template <>
inline constexpr Expectation expected<section_text> = {"the section's text in quotes", {}};
template <>
inline constexpr Expectation expected<replacement> = {"the name of the map that replaces this one", {}};

template <>
inline constexpr Expectation expected<assigned_value> = {"a value", "text stands in quotes"};
template <>
inline constexpr Expectation expected<given_what> = {"a system's name, `base`, `others` or `setting`", {}};
template <>
inline constexpr Expectation expected<given_rest> = {"`{` or `absent`", {}};
template <>
inline constexpr Expectation expected<today_date> = {"a date", "as in `today = 2026-03-01`"};
template <>
inline constexpr Expectation expected<activated_date> = {"a date", "as in `activated = 2026-01-01`"};
template <>
inline constexpr Expectation expected<run_side> = {"a system's name", {}};
template <>
inline constexpr Expectation expected<because_text> = {"a reason in quotes", {}};
template <>
inline constexpr Expectation expected<expected_path> = {"a path",
                                                        "here a path names its system first, as in `huma.email`"};
template <>
inline constexpr Expectation expected<expected_place> = {"a system's name or a path", {}};
template <>
inline constexpr Expectation expected<expected_literal> = {"a value", "text stands in quotes"};
template <>
inline constexpr Expectation expected<p::sor<blocked_unset, blocked_update>> = {"`unset` or `update`", {}};
template <>
inline constexpr Expectation expected<held_reason> = {"a reason", "as in `expect held ambiguous`"};
template <>
inline constexpr Expectation expected<expectation> = {
    "an expectation", "a path with its value, `clear`, `no change to`, `blocked` or `held`"};
template <>
inline constexpr Expectation expected<test_name> = {"the test's name in quotes", {}};
template <>
inline constexpr Expectation expected<test_block> = {"`{`", {}};

template <>
inline constexpr Expectation expected<adapter_name> = {"the adapter's name", {}};
template <>
inline constexpr Expectation expected<identity_path> = {"the path of the record's id", {}};
template <>
inline constexpr Expectation expected<active_path> = {"a path", "as in `active isArchived = false`"};
template <>
inline constexpr Expectation expected<active_literal> = {"a value", {}};
template <>
inline constexpr Expectation expected<p::sor<active_value, in_force>> = {"`=` or `in force`", {}};
template <>
inline constexpr Expectation expected<region_path> = {"the path of a country", {}};
template <>
inline constexpr Expectation expected<document_format> = {"`json` or `xml`", {}};
template <>
inline constexpr Expectation expected<document_records> = {"where the records stand, in quotes", {}};
template <>
inline constexpr Expectation expected<part_as> = {"what the rows are in the record, in quotes", {}};
template <>
inline constexpr Expectation expected<part_key> = {"where a row has its own id, in quotes", {}};
template <>
inline constexpr Expectation expected<part_of> = {"where a row names its record, in quotes", {}};
template <>
inline constexpr Expectation expected<part_chosen> = {"where the record names its row, in quotes", {}};
template <>
inline constexpr Expectation expected<enum_wire> = {"the system's own word, in quotes", {}};
template <>
inline constexpr Expectation expected<enum_word> = {"a word of the enumeration", {}};
template <>
inline constexpr Expectation expected<enum_words> = {"`(` and the words",
                                                     "as in enum(male = \"Male\", female = \"Female\")"};
template <>
inline constexpr Expectation expected<close_enum> = {"`)`", {}};
template <>
inline constexpr Expectation expected<modifier_number> = {"a number of characters", {}};
template <>
inline constexpr Expectation expected<modifier_text> = {"a text in quotes", {}};
template <>
inline constexpr Expectation expected<modifier_path> = {"a path", {}};
template <>
inline constexpr Expectation expected<modifier_name> = {"a name", {}};
template <>
inline constexpr Expectation expected<modifier_by> = {"a name", {}};
template <>
inline constexpr Expectation expected<read_what> = {"`only` or `wire`", {}};
template <>
inline constexpr Expectation expected<write_what> = {"`only` or `wire`", {}};
template <>
inline constexpr Expectation expected<empty_meaning> = {"`unset`, `value` or `invalid`", {}};
template <>
inline constexpr Expectation expected<member_name> = {"the member's name", {}};
template <>
inline constexpr Expectation expected<object_name> = {"the object's name", {}};
template <>
inline constexpr Expectation expected<list_name> = {"the list's name", {}};
template <>
inline constexpr Expectation expected<type> = {"a type", "`mapcheck types` lists them"};
template <>
inline constexpr Expectation expected<body<members_block>> = {"`{`", {}};
template <>
inline constexpr Expectation expected<file_name> = {"the name of what the file describes", {}};
template <>
inline constexpr Expectation expected<file_version> = {"a version number", {}};
template <>
inline constexpr Expectation expected<file_syntax> = {"the edition of the language", "`syntax 1`"};

}  // namespace dovetail::dsl::grammar

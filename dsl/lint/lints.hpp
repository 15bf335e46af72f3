// What is right and yet looks wrong: one file a lint. To add one: its file, and a line in each of the two lists here.
#pragma once

#include "dsl/check/draft.hpp"

namespace dovetail::dsl {

using LintCheck = void(const MapDraft& draft, Report& report);

LintCheck lint_unused_import;
LintCheck lint_unused_values_table;
LintCheck lint_unused_setting;
LintCheck lint_missing_unique;
LintCheck lint_optional_match_key;
LintCheck lint_weaker_than_schema;
LintCheck lint_unhandled_unset;
LintCheck lint_never_synced_field;
LintCheck lint_all_parts_on_one_pair;
LintCheck lint_incomplete_parts;
LintCheck lint_contradictory_conflict_rule;
LintCheck lint_pointless_cannot_unset;
LintCheck lint_empty_group;
LintCheck lint_unhandled_deactivation;
LintCheck lint_validator_country_mismatch;
LintCheck lint_ambiguous_selector;
LintCheck lint_near_duplicate_path;
LintCheck lint_redundant_transform;
LintCheck lint_lossy_mapping;
LintCheck lint_unreachable_row;
LintCheck lint_overlapping_shapes;
LintCheck lint_secret_in_text;
LintCheck lint_duplicate_test_name;
LintCheck lint_impossible_unset_test;
LintCheck lint_realistic_personal_data;
LintCheck lint_default_hides_unset;
LintCheck lint_untested_field;
LintCheck lint_untested_clear;
LintCheck lint_missing_match;
LintCheck lint_pointless_fill;
LintCheck lint_near_duplicate_label;
LintCheck lint_invisible_character;
LintCheck lint_open_secret;
LintCheck lint_written_alone;
LintCheck lint_pointless_clause;
LintCheck lint_unread_companion;

struct Lint {
  DiagnosticId id;
  LintCheck* run;
};

inline constexpr Lint map_lints[] = {
    {DiagnosticId::unused_import, lint_unused_import},
    {DiagnosticId::unused_values_table, lint_unused_values_table},
    {DiagnosticId::unused_setting, lint_unused_setting},
    {DiagnosticId::missing_unique, lint_missing_unique},
    {DiagnosticId::optional_match_key, lint_optional_match_key},
    {DiagnosticId::weaker_than_schema, lint_weaker_than_schema},
    {DiagnosticId::unhandled_unset, lint_unhandled_unset},
    {DiagnosticId::never_synced_field, lint_never_synced_field},
    {DiagnosticId::all_parts_on_one_pair, lint_all_parts_on_one_pair},
    {DiagnosticId::incomplete_parts, lint_incomplete_parts},
    {DiagnosticId::contradictory_conflict_rule, lint_contradictory_conflict_rule},
    {DiagnosticId::pointless_cannot_unset, lint_pointless_cannot_unset},
    {DiagnosticId::empty_group, lint_empty_group},
    {DiagnosticId::unhandled_deactivation, lint_unhandled_deactivation},
    {DiagnosticId::validator_country_mismatch, lint_validator_country_mismatch},
    {DiagnosticId::ambiguous_selector, lint_ambiguous_selector},
    {DiagnosticId::near_duplicate_path, lint_near_duplicate_path},
    {DiagnosticId::redundant_transform, lint_redundant_transform},
    {DiagnosticId::lossy_mapping, lint_lossy_mapping},
    {DiagnosticId::unreachable_row, lint_unreachable_row},
    {DiagnosticId::overlapping_shapes, lint_overlapping_shapes},
    {DiagnosticId::secret_in_text, lint_secret_in_text},
    {DiagnosticId::duplicate_test_name, lint_duplicate_test_name},
    {DiagnosticId::impossible_unset_test, lint_impossible_unset_test},
    {DiagnosticId::realistic_personal_data, lint_realistic_personal_data},
    {DiagnosticId::default_hides_unset, lint_default_hides_unset},
    {DiagnosticId::untested_field, lint_untested_field},
    {DiagnosticId::untested_clear, lint_untested_clear},
    {DiagnosticId::missing_match, lint_missing_match},
    {DiagnosticId::pointless_fill, lint_pointless_fill},
    {DiagnosticId::near_duplicate_label, lint_near_duplicate_label},
    {DiagnosticId::invisible_character, lint_invisible_character},
    {DiagnosticId::open_secret, lint_open_secret},
    {DiagnosticId::written_alone, lint_written_alone},
    {DiagnosticId::pointless_clause, lint_pointless_clause},
    {DiagnosticId::unread_companion, lint_unread_companion},
};

}  // namespace dovetail::dsl

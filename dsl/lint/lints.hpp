// What is right and yet looks wrong: one file a lint. To add one: its file, and a line in each of the two lists here.
#pragma once

#include "dsl/check/draft.hpp"

namespace dovetail::dsl {

using LintCheck = void(const MapDraft& draft, Report& report);

LintCheck lint_unused_import;
LintCheck lint_unused_values_table;
LintCheck lint_unused_setting;

struct Lint {
  DiagnosticId id;
  LintCheck* run;
};

inline constexpr Lint map_lints[] = {
    {DiagnosticId::unused_import, lint_unused_import},
    {DiagnosticId::unused_values_table, lint_unused_values_table},
    {DiagnosticId::unused_setting, lint_unused_setting},
};

}  // namespace dovetail::dsl

// `# mapcheck: allow(name) because "…"`, and checks of a file's outside.
#pragma once

#include <vector>

#include "dsl/diagnostic.hpp"
#include "dsl/load.hpp"

namespace dovetail::dsl {

// Drops what the files suppress, and reports suppressions that do nothing, have no reason or name no check.
void suppress(const Loaded& loaded, std::vector<Diagnostic>& diagnostics);

// For findings of a later stage (tests, layout): drops what the files suppress, and says nothing about it.
void drop_suppressed(const Loaded& loaded, std::vector<Diagnostic>& diagnostics);

class Report;
// The file's name against its header, and `##` lines that document nothing.
void check_every_file(const Loaded& loaded, Report& report);

}  // namespace dovetail::dsl

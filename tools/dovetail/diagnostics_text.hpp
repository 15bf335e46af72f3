// What is wrong in a rule file, on standard error.
#pragma once

#include <span>
#include <string_view>

#include "dsl/diagnostic.hpp"

namespace dovetail::tools {

// Errors and warnings; notes are for mapcheck.
void print_diagnostics(std::span<const dsl::Diagnostic> diagnostics, std::string_view color);

}  // namespace dovetail::tools

// Diagnostics as JSON for programs: docs/diagnostics.md describes it.
#pragma once

#include <span>
#include <string>

#include "dsl/diagnostic.hpp"

namespace dovetail::dsl {

// An array, one object a diagnostic and line, in this order. UTF-8, also where a file is not.
std::string to_json(std::span<const Diagnostic> diagnostics);

}  // namespace dovetail::dsl

// From text to tree: the one parser of maps, schemas and libraries.
#pragma once

#include <vector>

#include "dsl/diagnostic.hpp"
#include "dsl/syntax/ast.hpp"

namespace dovetail::dsl {

// The edition of the language that this version reads (`syntax 1`).
inline constexpr std::uint32_t current_syntax = 1;

// Appends everything that is wrong with the file's syntax to `diagnostics`, each once. The tree holds whatever was
// understood, before and after what is wrong; it and the diagnostics look into `source`, which must stay where it is.
// Takes any bytes; linear in their number.
ast::File parse(const SourceFile& source, std::vector<Diagnostic>& diagnostics);

}  // namespace dovetail::dsl

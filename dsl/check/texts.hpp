// Texts in rule files.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "dsl/syntax/ast.hpp"

namespace dovetail::dsl {

// The lines of a `##` block, joined by line breaks.
std::string doc_text(const ast::Doc& doc);

// In code points, as lengths in rule files count.
std::size_t count_characters(std::string_view text);

}  // namespace dovetail::dsl

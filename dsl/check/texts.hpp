// Documentation in rule files.
#pragma once

#include <string>

#include "dsl/syntax/ast.hpp"

namespace dovetail::dsl {

// The lines of a `##` block, joined by line breaks.
std::string doc_text(const ast::Doc& doc);

}  // namespace dovetail::dsl

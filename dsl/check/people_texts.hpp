// The texts of a map that people read: labels, titles, names, questions.
#pragma once

#include <functional>
#include <string_view>

#include "dsl/syntax/ast.hpp"

namespace dovetail::dsl {

// Each of them, in the order of the file, with what it is: "the field's label". Those that the author left out come
// with an empty span.
void for_each_people_text(const ast::File& file,
                          const std::function<void(const ast::Text& text, std::string_view what)>& work);

}  // namespace dovetail::dsl

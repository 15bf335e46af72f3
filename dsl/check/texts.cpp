#include "dsl/check/texts.hpp"

namespace dovetail::dsl {

std::string doc_text(const ast::Doc& doc) {
  std::string text;
  for (const ast::Text& line : doc.lines) {
    if (!text.empty()) text.push_back('\n');
    text += line.text;
  }
  return text;
}

}  // namespace dovetail::dsl

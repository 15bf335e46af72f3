#include "dsl/check/texts.hpp"

#include <algorithm>

namespace dovetail::dsl {

std::string doc_text(const ast::Doc& doc) {
  std::string text;
  for (const ast::Text& line : doc.lines) {
    if (!text.empty()) text.push_back('\n');
    text += line.text;
  }
  return text;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace dovetail::dsl

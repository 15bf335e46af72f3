// Text of unknown origin, one character at a time: its width in a terminal, and what may be printed of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dovetail::dsl {

struct ShownCharacter {
  std::size_t bytes = 1;   // of the text
  std::size_t width = 1;   // columns of a terminal
  std::string_view shown;  // what is printed: the character itself, blanks for a tab, U+FFFD for what can't be
};

// Of the character that starts at `at`, which is inside the text.
ShownCharacter shown_character(std::string_view text, std::size_t at);

// The text with everything replaced that can't be printed on one line.
std::string printable(std::string_view text);

}  // namespace dovetail::dsl

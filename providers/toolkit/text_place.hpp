// Places in a text that came from outside, and whether it is text at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dovetail::providers {

// "people.json:12:5": lines and columns count from 1, columns in characters. Offsets past the end mean the end.
std::string place_in(std::string_view file, std::string_view text, std::size_t offset);

// The offset of the first byte that is not part of well-formed UTF-8; nullopt: all is.
std::optional<std::size_t> find_bad_utf8(std::string_view text);

// What is the matter with the byte that it found, in words: that it is not UTF-8, or that the text ends within the
// character that begins there. Names the byte by its number in its line, from 1.
std::string bad_utf8_text(std::string_view text, std::size_t bad);

// ISO-8859-1 or, with `latin9`, ISO-8859-15 as UTF-8.
std::string utf8_from_latin(std::string_view text, bool latin9);

}  // namespace dovetail::providers

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

// ISO-8859-1 or, with `latin9`, ISO-8859-15 as UTF-8.
std::string utf8_from_latin(std::string_view text, bool latin9);

}  // namespace dovetail::providers

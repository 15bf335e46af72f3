// Values that a line can't hold, written with escapes: \\ \t \n \r \xHH.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dovetail::mapcheck {

// The bytes that `text` spells; nullopt: a backslash that begins none of the escapes.
std::optional<std::string> unescaped(std::string_view text);

// Appends `bytes` so that they stand on a line and `unescaped` gives them back: only backslashes and control
// characters are escaped.
void append_escaped(std::string_view bytes, std::string& out);

}  // namespace dovetail::mapcheck

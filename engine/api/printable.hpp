// Texts of other systems, safe to show.
#pragma once

#include <string>
#include <string_view>

namespace dovetail {

// Control characters made visible, so that no export can write to the terminal.
std::string printable(std::string_view text);
// The same of each line; the lines after the first are indented by that many blanks.
std::string printable_lines(std::string_view text, std::size_t indent);

}  // namespace dovetail

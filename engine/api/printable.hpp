// Texts of other systems, safe to show.
#pragma once

#include <string>
#include <string_view>

namespace dovetail {

// Control characters made visible, so that no export can write to the terminal.
std::string printable(std::string_view text);

}  // namespace dovetail

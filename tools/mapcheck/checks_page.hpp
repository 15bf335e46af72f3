// docs/checks.md, as it was when the program was built.
#pragma once

#include <string_view>

namespace dovetail::mapcheck {

std::string_view checks_page();

}  // namespace dovetail::mapcheck

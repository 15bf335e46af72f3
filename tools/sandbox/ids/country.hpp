// ISO 3166-1 alpha-2.
#pragma once

#include <string_view>

namespace dovetail::sandbox {

bool is_country(std::string_view code);  // in capitals; a code that is assigned

}  // namespace dovetail::sandbox

// Which replaced values can be put back.
#pragma once

#include <string_view>
#include <vector>

#include "engine/api/runtime.hpp"

namespace dovetail {

// Newest first, one for each field of a write; an empty path: the record was added by it, and stays. The values
// themselves are not for showing: they may be secrets. Error::input: there is no such connection.
Result<std::vector<KeptValue>> kept_values(Runtime& runtime, std::string_view connection);

}  // namespace dovetail

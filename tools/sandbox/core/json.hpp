// The one JSON type of the sandbox: members keep the order in which they were written, as the real answers do.
#pragma once

#include <nlohmann/json.hpp>

namespace dovetail::sandbox {

using Json = nlohmann::ordered_json;

}  // namespace dovetail::sandbox

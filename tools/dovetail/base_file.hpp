// The base between runs, as a file: docs/formats.md, "Base".
#pragma once

#include <string>

#include "engine/base.hpp"
#include "engine/error.hpp"

namespace dovetail::tools {

// An empty base if there is no such file: the first run makes it. An Error if it is no base, or another map's.
Result<Base> read_base(const std::string& path, const std::string& map);

std::string base_text(const Base& base, const std::string& map);

}  // namespace dovetail::tools

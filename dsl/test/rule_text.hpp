// The text behind an origin: what `because "…"` in a test is compared with.
#pragma once

#include <string_view>

#include "dsl/load.hpp"
#include "engine/ir/schema.hpp"

namespace dovetail::dsl {

// The file's text from that place on. Empty: the origin is in none of the loaded files.
std::string_view text_from(const Loaded& loaded, const ir::Origin& origin);

}  // namespace dovetail::dsl

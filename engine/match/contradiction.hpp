// Whether what is remembered can be true at all: a base comes from a file, and files are edited.
#pragma once

#include <optional>
#include <string>

#include "engine/base.hpp"

namespace dovetail {

// The first thing that a base says against itself, with its place as in a base file: "/links/3: …". nullopt: nothing.
// Two links that take one record, two partners of one list element, one field agreed on twice, a link of nobody, a
// value of what has none: whichever of the two counted, the other person's values could be written over.
std::optional<std::string> find_contradiction(const Base& base);

}  // namespace dovetail

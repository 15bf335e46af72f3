// "There is … with a similar name": what a person most likely meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dovetail::dsl {

// The candidate that is nearest to `written`: equal but for letter case, `-` and `_`; else within a third of its
// letters in edits (a swap of neighbours is one); else the only one that begins alike or, of dotted paths, has the same
// last segment. nullopt: none is near. The first of equally near ones. At most some thousand comparisons, whatever the
// input.
std::optional<std::string_view> find_similar(std::string_view written, std::span<const std::string_view> candidates);

}  // namespace dovetail::dsl

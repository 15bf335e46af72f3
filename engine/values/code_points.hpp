// How long a text is for a system that counts letters: in code points.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace dovetail {

// Of well-formed UTF-8.
inline std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace dovetail

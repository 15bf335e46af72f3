#include "engine/error_names.hpp"

#include <array>
#include <cstddef>

namespace dovetail {

std::string_view name(Error::Kind kind) {
  static constexpr std::array<std::string_view, 7> names = {"transient", "data",     "auth", "rate",
                                                            "deferred",  "in-doubt", "input"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace dovetail

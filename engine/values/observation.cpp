#include "engine/values/observation.hpp"

#include <array>

namespace dovetail {

std::string_view name(State state) {
  constexpr std::array<std::string_view, 5> names = {"absent", "unset", "value", "masked", "invalid"};
  return names[static_cast<std::size_t>(state)];
}

}  // namespace dovetail

#include <algorithm>
#include <array>

#include "engine/runtime/apply.hpp"

namespace dovetail {

std::string_view name(Outcome::Kind kind) {
  constexpr std::array<std::string_view, 6> names = {"done", "moved", "refused", "failed", "unknown", "skipped"};
  return names[static_cast<std::size_t>(kind)];
}

std::size_t Applied::count(Outcome::Kind kind) const {
  return static_cast<std::size_t>(std::ranges::count(outcomes, kind, &Outcome::kind));
}

}  // namespace dovetail

#include "engine/base.hpp"

#include <array>

namespace dovetail {

std::string_view name(LinkState state) {
  constexpr std::array<std::string_view, 9> names = {
      "linked",   "locked",  "out-of-scope",   "hub-deleted", "missing-in-provider",
      "excluded", "pending", "pending-create", "disputed"};
  return names[static_cast<std::size_t>(state)];
}

}  // namespace dovetail

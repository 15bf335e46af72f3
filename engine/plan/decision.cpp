#include "engine/plan/decision.hpp"

#include <algorithm>

namespace dovetail {
namespace {

constexpr std::array<std::string_view, 5> names = {"undecided", "hub", "provider", "leave", "link"};

}  // namespace

std::string_view name(Choice choice) { return names[static_cast<std::size_t>(choice)]; }

std::optional<Choice> find_choice(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Choice>(found - names.begin());
}

}  // namespace dovetail

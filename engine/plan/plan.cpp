#include "engine/plan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dovetail {

std::string_view name(Kind kind) {
  constexpr std::array<std::string_view, kind_count> names = {
      "link", "create", "change", "conflict", "missing", "drift", "known", "blocked", "held", "invalid", "person"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view name(Action action) {
  constexpr std::array<std::string_view, 9> names = {"none",  "create", "set",     "clear", "link",
                                                     "adopt", "hold",   "blocked", "leave"};
  return names[static_cast<std::size_t>(action)];
}

std::optional<std::chrono::seconds> Plan::age(ir::Side side) const {
  const std::optional<Instant>& then = taken[ir::at(side)];
  if (!then || !made) return std::nullopt;
  return std::max(std::chrono::floor<std::chrono::seconds>(*made - *then), std::chrono::seconds(0));
}

std::string shown(Observation value, bool secret) {
  if (value.state != State::value && value.state != State::invalid) return std::string(name(value.state));
  if (!secret) return std::string(value.text);
  const std::size_t kept = value.text.size() > 6 ? 2 : 0;
  return fmt::format("••••{}", value.text.substr(value.text.size() - kept));
}

}  // namespace dovetail

// The names of what is remembered durably, as command lines and stores write them.
#include <algorithm>
#include <array>
#include <cstddef>

#include "engine/durable/connection.hpp"
#include "engine/durable/lane.hpp"
#include "engine/durable/run.hpp"

namespace dovetail {
namespace {

constexpr std::array<std::string_view, 4> connection_states = {"fresh", "active", "paused", "quarantined"};
constexpr std::array<std::string_view, 4> events = {"changed", "added", "deactivated", "removed"};
constexpr std::array<std::string_view, 6> run_states = {"reading",  "planned", "applying",
                                                        "finished", "failed",  "abandoned"};

template <typename Enum, std::size_t count>
std::optional<Enum> find(const std::array<std::string_view, count>& names, std::string_view name) {
  const auto* found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view name(ConnectionState state) { return connection_states[static_cast<std::size_t>(state)]; }
std::optional<ConnectionState> find_connection_state(std::string_view name) {
  return find<ConnectionState>(connection_states, name);
}

std::string_view name(Event event) { return events[static_cast<std::size_t>(event)]; }
std::optional<Event> find_event(std::string_view name) { return find<Event>(events, name); }

std::string_view name(RunState state) { return run_states[static_cast<std::size_t>(state)]; }
std::optional<RunState> find_run_state(std::string_view name) { return find<RunState>(run_states, name); }

}  // namespace dovetail

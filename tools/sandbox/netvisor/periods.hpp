// Employment periods of one employee row.
#pragma once

#include <optional>

#include "tools/sandbox/netvisor/netvisor.hpp"

namespace dovetail::sandbox::netvisor {

// Adds `period` to the row, with a key; or what is wrong with it.
std::optional<Refusal> add_period(System& system, Json& row, const Json& period);
// Sets and clears members of `present`, one of the row's periods; or what is wrong with the result.
std::optional<Refusal> change_period(System& system, Json& row, std::size_t present, const Json& changes);

}  // namespace dovetail::sandbox::netvisor

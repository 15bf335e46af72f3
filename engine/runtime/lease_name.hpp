// The names of leases, in one place.
#pragma once

#include <string>

#include "engine/durable/connection.hpp"

namespace dovetail {

// Whoever has it may write for the connection: one worker's lanes, or one manual run.
inline std::string connection_lease(ConnectionId id) { return "connection/" + std::to_string(id); }
// A manual run has it while it waits for the other: workers take no more lanes then.
inline std::string wanted_lease(ConnectionId id) { return connection_lease(id) + "/wanted"; }
// Of one transaction only: whoever counts people for the guard, and decides by the count.
inline std::string guard_lease(ConnectionId id) { return "guard/" + std::to_string(id); }
// Of one transaction only: whoever changes what a run is to carry out, or ends it.
inline std::string decide_lease(std::int64_t run) { return "decide/" + std::to_string(run); }
// How the owner of a connection's lease begins that is a run, or an undo.
inline std::string run_owner(std::int64_t run) { return "run/" + std::to_string(run) + "/"; }
inline std::string sweep_lease(ConnectionId id) { return "sweep/" + std::to_string(id); }

// The setting of the store that says when somebody wanted all of a connection to be tried again at once.
inline std::string retried_setting(ConnectionId id) { return "retried/" + std::to_string(id); }

}  // namespace dovetail

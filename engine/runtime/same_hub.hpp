// Connections to one hub: what one of them writes there is news to the others.
#pragma once

#include <string>
#include <vector>

#include "engine/durable/connection.hpp"
#include "engine/instant.hpp"
#include "engine/store.hpp"

namespace dovetail {

// Those of the same tenant with a hub of the same kind that have had their first run. Their addresses may be spelt in
// several ways, and are not compared: a look too many does no harm.
Result<std::vector<ConnectionId>> connections_beside(Transaction& transaction, const Connection& writer);

// The person in the hub was written to: each of them that has the person linked, or has seen them, is to look at them.
Result<void> tell_beside(Transaction& transaction, const std::vector<ConnectionId>& others, const std::string& hub_id,
                         Instant at);

}  // namespace dovetail

// Undos whose process was killed, or lost the connection: nobody carries them on, and another undo puts back the rest.
#pragma once

#include <vector>

#include "engine/runtime/means.hpp"

namespace dovetail {

// As Transaction::runs(), with those undos shown as failed, whatever the store says of them so far.
Result<std::vector<Run>> runs_as_they_are(Transaction& transaction, const Means& means, ConnectionId connection);

// By whoever has the connection, for its run `own`: the others are over in the store, too.
Result<void> end_interrupted(Transaction& transaction, const Means& means, ConnectionId connection, RunId own);

}  // namespace dovetail

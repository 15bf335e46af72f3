// What follows when somebody changes a link, or leaves somebody out, by hand: who is to be looked at, and which lines
// of the error log are over.
#pragma once

#include <string>
#include <string_view>

#include "engine/base.hpp"
#include "engine/durable/connection.hpp"
#include "engine/instant.hpp"
#include "engine/store.hpp"

namespace dovetail {

// The link was made, cut or forgotten. What the log said of its two is over; they are looked at again, and so is
// everybody who waits because of who is linked to whom: a second account, say, of somebody whose link was forgotten.
Result<void> look_at_relinked(Transaction& transaction, const Connection& connection, const Link& changed, Instant at);

// What the log says of a person who was excluded, or of a field of them (a label; empty: all), is over.
Result<void> solve_excluded(Transaction& transaction, ConnectionId connection, const std::string& hub_id,
                            std::string_view field, Instant at);

}  // namespace dovetail

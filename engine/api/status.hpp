// Who is at work for a connection, as the store knows it.
#pragma once

#include <optional>
#include <string>

#include "engine/store.hpp"

namespace dovetail {

struct AtWork {
  std::string who;       // a worker's name, or "run 7"
  Instant until{};       // of the lease
  bool is_over = false;  // it was killed, or stands still: whoever comes next takes the connection over
};

// nullopt: nobody has the connection.
Result<std::optional<AtWork>> at_work(Transaction& transaction, ConnectionId connection, Instant now);

}  // namespace dovetail

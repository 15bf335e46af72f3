// What people are to be told by mail or by the host: spooled in the store, so that nothing is lost while nobody
// listens.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/durable/connection.hpp"

namespace dovetail {

struct Notification {
  std::int64_t id = 0;  // given by the store
  ConnectionId connection = no_connection;
  std::string subject;    // what it is about: "run/12", "quarantine/…"; the same one is told once
  std::string kind;       // "run-finished", "quarantined", "guard"
  std::string content{};  // counts and names of kinds, for people; no personal values
  Instant at{};
  unsigned attempts = 0;          // to tell it, so far
  std::string why{};              // of the last failure
  std::optional<Instant> told{};  // kept for a while, so that the same subject is not told again
};

}  // namespace dovetail

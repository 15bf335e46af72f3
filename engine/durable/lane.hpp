// The durable queue: one lane per person of a connection. An event says only that the person may have changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/durable/connection.hpp"
#include "engine/plan/finding.hpp"

namespace dovetail {

std::string_view name(Event event);  // "changed", "added", "deactivated", "removed"
std::optional<Event> find_event(std::string_view name);

struct PersonEvent {
  std::string id;  // the sender's; the same id twice is one event. Empty: never seen before
  ConnectionId connection = no_connection;
  std::string hub_id;
  Event what = Event::changed;
  Instant at{};   // when it was taken in
  Instant due{};  // not worked on before; for what a plan found "not yet"
  // Found by looking at everybody: what is told as it happens goes first, unless this has waited for an hour longer.
  bool is_bulk = false;
};

enum class LaneState : std::uint8_t {
  idle,    // everything is done
  due,     // waits for a worker, or for its time
  worked,  // a worker has it
  parked,  // tried too often: needs a person (`dovetail retry`), or the next event about the person
};

struct Lane {
  ConnectionId connection = no_connection;
  std::string hub_id;
  LaneState state = LaneState::idle;
  std::int64_t tail = 0, done = 0;  // numbers of the newest event, and of the newest one finished
  Instant run_at{};
  unsigned attempts = 0;
  std::string why;        // of the last failure
  std::string worker;     // who has it; empty: nobody
  Instant lease_until{};  // of that worker
};

// A lane that a worker holds. `fence` grows with each claim: finishing with an old one fails.
struct Claim {
  ConnectionId connection = no_connection;
  std::string hub_id;
  std::int64_t fence = 0;
  std::int64_t upto = 0;  // the newest event's number at the time
  unsigned attempts = 0;  // failures before this
  std::vector<PersonEvent> events;
};

}  // namespace dovetail

// What people are told: posted in the transaction of what it is about, so that nothing is told that did not happen and
// nothing that happened is lost; and handed on to whoever can tell it. Counts only, no personal values.
#pragma once

#include <functional>
#include <string>

#include "engine/runtime/means.hpp"

namespace dovetail {

Notification about_finished(const Run& run, Instant at);
// One a day for each connection, however often it works again for a moment. `why`: in words without values of people.
Notification about_quarantine(ConnectionId connection, std::string why, Instant at);
// One a day for each connection.
Notification about_guard(ConnectionId connection, Instant at);

struct Told {
  std::size_t told = 0, failed = 0;  // who failed is tried again later
  std::string why;                   // of the last failure
};

// An Error is why it could not be told.
using Tell = std::function<Result<void>(const Notification&, const Connection&)>;

// Tells what is due, oldest first; for any number of processes on one store. After an Error of `tell` the rest waits,
// with growing pauses of up to an hour. An Error of this: the store did not answer.
Result<Told> tell_waiting(Store& store, Clock& clock, const Tell& tell);

}  // namespace dovetail

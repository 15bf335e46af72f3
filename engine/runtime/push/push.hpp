// One person, in real time: both records read now, compared against what was agreed, and what the hub changed written.
// An event only says that this may be worth looking at, so lost, doubled and reordered events do no harm.
#pragma once

#include <optional>
#include <string>

#include "engine/runtime/means.hpp"
#include "engine/runtime/push/populations.hpp"

namespace dovetail {

// What logs, lanes and connections say in clear: a refusal's reason, since a system's words about it may quote values.
std::string said_openly(const Error& error);

struct Pushed {
  enum class Kind : std::uint8_t {
    finished,  // also where something is held and needs a person
    again,     // tried again later: a system or the store did not take it
    parked,    // tried too often: needs a person
    lost,      // somebody else has the lane by now; nothing was remembered
  };
  Kind kind = Kind::finished;
  std::size_t writes = 0;        // operations done
  std::size_t needs_you = 0;     // what the error log says that a person is to see to
  std::optional<Error> trouble;  // what went wrong with a system
  std::string why;               // where nothing went wrong, and yet nothing is written: a reason's name
  // It is not about this person: credentials, the network, the system as a whole.
  bool of_connection() const;
  // The trouble, or why nothing is written, as a log may have it.
  std::string said() const { return trouble ? said_openly(*trouble) : why; }
};
std::string_view name(Pushed::Kind kind);

// Everything about the claim's person: open intents first, then reading, planning, writing and remembering, and the
// lane's end in the same transaction as the base.
Pushed push(const Means& means, Opened& opened, Populations& populations, const Claim& claim);

}  // namespace dovetail

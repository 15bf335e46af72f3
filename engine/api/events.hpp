// Events as people and programs give them: somebody may have changed.
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "engine/durable/lane.hpp"
#include "engine/error.hpp"

namespace dovetail {

struct GivenEvent {
  std::string connection, hub_id;
  Event what = Event::changed;
  std::string id{};  // empty: none
};

// How far a list of events was taken in.
struct TakenIn {
  std::size_t read = 0;            // from the front: taken in, or known already
  std::size_t fresh = 0;           // of these, those that were not known
  std::optional<Error> refused{};  // why the next one was not
};

// {"connection": …, "person": …, "what": "changed", "id": …}, one a line, as docs/formats.md has it; what and id may be
// left out, and `kind` is read for `what`, as older versions wrote it.
// Error::input: which line, and what is wrong with it.
Result<std::vector<GivenEvent>> read_events(std::istream& in, const std::string& name, const std::string& connection);

// A person's events stand together, in their order, and what is said twice of somebody, without an id, is said once.
std::vector<GivenEvent> coalesced(std::vector<GivenEvent> events);

}  // namespace dovetail

// Events for a SQLite store that a worker has open: each a file beside the store, durable before it is said to be taken
// in, until the worker takes it into the store.
#pragma once

#include <string>
#include <vector>

#include "engine/api/runtime.hpp"

namespace dovetail::tools {

struct GivenEvent {
  std::string connection, hub_id, id;
  Event what = Event::changed;
};

// The folder beside "sqlite:PATH"; empty: that store needs none.
std::string spool_folder(const std::string& store);

// One file with all of them. An Error: nothing was kept.
Result<void> spool(const std::string& folder, const std::vector<GivenEvent>& events);

// Takes in what is there, and removes it. How many events; what cannot be read is set aside as FILE.bad, and told by
// `complain`.
Result<std::size_t> take_in_spooled(const std::string& folder, Runtime& runtime,
                                    const std::function<void(const std::string&)>& complain);

// {"connection": …, "person": …, "kind": "changed", "id": …}, one a line; kind and id may be left out.
// Error::input: which line, and what is wrong with it.
Result<std::vector<GivenEvent>> read_events(std::istream& in, const std::string& name, const std::string& connection);

}  // namespace dovetail::tools

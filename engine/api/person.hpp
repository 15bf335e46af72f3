// What is remembered of one person, shown and forgotten; and trying again what went wrong with them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/json_file.hpp"
#include "engine/api/runtime.hpp"

namespace dovetail {

// In all three, Error::input: there is no such connection. `person` is the id in the hub.

// {"dovetail": "person", "hub": …, "connections": {NAME: …}}: of that connection, or (empty) of all; no member where
// nothing is remembered.
Result<Json> export_person(Runtime& runtime, std::string_view connection, const std::string& person);

// Whether anything of that id, of either side, is known there: a link, a look at the hub's record, an event, a problem.
Result<bool> is_remembered(Transaction& transaction, ConnectionId connection, const std::string& id);

struct AbandonedRun {
  std::string connection;
  RunId run = no_run;
};

struct Erased {
  std::vector<AbandonedRun> abandoned;
  // Connections in which a change of the person waited, or was on its way: the next run compares the records anew.
  std::vector<std::string> dropped;
  bool was_remembered = false;  // but for plans, which may name anybody
};

// All but a keyed hash of the id; of that connection, or (empty) of all. Records stay in both systems. Plans may name
// the person, so they go, and these runs, which were not finished, are abandoned.
Result<Erased> erase_person(Runtime& runtime, std::string_view connection, const std::string& person);

// At once, also what was given up, and whom the error log names for what may pass; of everybody where `person` is
// empty. What a person decided in a run, and a system refused, only a run offers again. How many people. Error::input:
// nothing is remembered of that person.
Result<std::size_t> try_again(Runtime& runtime, std::string_view connection, const std::string& person);

}  // namespace dovetail

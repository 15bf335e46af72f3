// Lists that a system keeps apart from its people, and that tell nobody's values any more.
#pragma once

#include <string>
#include <vector>

#include "engine/base.hpp"
#include "engine/error.hpp"
#include "engine/ir/program.hpp"
#include "engine/snapshot.hpp"
#include "engine/system.hpp"

namespace dovetail {

// What came of the empty lists, by name.
struct EmptyLists {
  std::vector<std::string> withheld;  // count as not read
  std::vector<std::string> accepted;  // somebody said that they really are empty
};

// An empty list proves nothing where values or elements of it are known: its members become absent in `read`, which is
// incomplete then and says why, unless it is among `accept`: then it is believed, with a note. Where nothing of it was
// ever agreed on it is believed. To be called once after `system` listed everybody into `read`, before anything is
// planned. Adds to `found`.
void withhold_empty_lists(const ir::Program& program, const Base& base, ir::Side side, const System& system,
                          const std::vector<std::string>& accept, Snapshot& read, EmptyLists& found);

// After both sides. Error::input: one of `accept` is no list that would have counted as not read; names those that do.
Result<void> check_accepted(const std::vector<std::string>& accept, const EmptyLists& found);

// What no record of `before` told becomes absent in `read`, too: a later read of the same people and some more.
void withhold_as_before(const Snapshot& before, Snapshot& read);

}  // namespace dovetail

// Carries out a plan: the only writer.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "engine/plan/outcome.hpp"
#include "engine/runtime/write/journal.hpp"
#include "engine/system.hpp"

namespace dovetail {

// What an interrupted attempt at the same plan is known to have done; by Plan::operations.
struct Earlier {
  std::vector<std::optional<Outcome>> outcomes;  // nullopt: to be carried out
  std::vector<bool> partly;                      // some of its writes may stand there already
  // Of creations that are known to have happened: the writes that the new record does not show.
  std::map<std::size_t, std::vector<std::size_t>> missing{};
};

// Takes exactly the plan's operations, in their order. Before a record is written, its pre-images are checked against
// a fresh read, and only that record is held if one moved. After it, what the answer did not show is read back, and
// what shows the value from before is in doubt. A record's failure never stops the others. A refusal that names a
// member drops what writes that, and the rest goes; one that names none is narrowed down, in at most log2(n) + 1
// further calls for n operations. What a new record lacks of that it was to be made of, because one of the calls that
// make it got lost, is written by an update. `journal` is told before and after each call; nullptr: nobody is.
Applied apply(const Plan& plan, const ir::Program& program, System& hub, System& provider, Journal* journal = nullptr,
              const Earlier* earlier = nullptr);

}  // namespace dovetail

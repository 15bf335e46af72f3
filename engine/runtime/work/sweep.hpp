// What events told nothing of: the hub is read fully, and compared with a keyed hash of what was seen of each person.
#pragma once

#include <cstddef>

#include "engine/runtime/means.hpp"

namespace dovetail {

struct Swept {
  std::size_t people = 0;
  std::size_t changed = 0, added = 0, removed = 0;  // events taken in
};

// Takes in an event for everybody who is not as they were seen last. A listing that is not complete is an Error of kind
// transient, and concludes nothing.
Result<Swept> sweep(const Means& means, Opened& opened);

}  // namespace dovetail

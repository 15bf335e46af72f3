// Lists that a system keeps apart from its people, and that tell nobody's values any more.
#pragma once

#include "engine/base.hpp"
#include "engine/ir/program.hpp"
#include "engine/snapshot.hpp"
#include "engine/system.hpp"

namespace dovetail {

// An empty list proves nothing where values or elements of it are known: its members become absent in `read`, which is
// incomplete then and says why. Where nothing of it was ever agreed on it is believed. To be called once after
// `system` listed everybody into `read`, before anything is planned.
void withhold_empty_lists(const ir::Program& program, const Base& base, ir::Side side, const System& system,
                          Snapshot& read);

// What no record of `before` told becomes absent in `read`, too: a later read of the same people and some more.
void withhold_as_before(const Snapshot& before, Snapshot& read);

}  // namespace dovetail

// Whom a complete list lacks although they are linked: looked up by id before anybody says that they are gone.
#pragma once

#include "engine/base.hpp"
#include "engine/ir/program.hpp"
#include "engine/snapshot.hpp"
#include "engine/system.hpp"

namespace dovetail {

// Appends who is found after all to `read`, which is incomplete then and says why: others may be missing from it, too.
// Who cannot be looked up is appended without values, with a note. To be called after `system` listed everybody into
// `read`. Does nothing where the list is incomplete or empty, nor for links that say of themselves that they are gone.
void look_for_missing(const ir::Program& program, const Base& base, ir::Side side, System& system, Snapshot& read);

}  // namespace dovetail

// Effective dates: what rules choose by the day changes without anybody's event.
#pragma once

#include <optional>

#include "engine/instant.hpp"
#include "engine/ir/program.hpp"
#include "engine/snapshot.hpp"
#include "engine/values/civil_day.hpp"

namespace dovetail {

// The first day after `today` on which a dated list element of the record begins, or is over; nullopt: none.
std::optional<CivilDay> next_day_of_change(const ir::Program& program, ir::Side side, const Snapshot& snapshot,
                                           RecordIndex record, CivilDay today);

// The first moment of a day where the machine stands; where clocks go forward at midnight, that is 01:00.
Instant start_of(CivilDay day);

}  // namespace dovetail

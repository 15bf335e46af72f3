// What is said of a run that cannot go on.
#pragma once

#include "engine/durable/run.hpp"
#include "engine/error.hpp"

namespace dovetail {

// Of kind input.
Error over_by_now(const Run& run);

}  // namespace dovetail

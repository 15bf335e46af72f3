// What systems put around a value: {"value": …, "editable": true}.
#pragma once

#include "providers/toolkit/wire_path.hpp"

namespace dovetail::providers {

// Whether an object that has nothing at this step says that there is no value. Any other object says nothing about
// what it leaves out, even where it belongs to one member alone.
inline bool says_none(const WireStep& step) { return step.wrapped && step.name == "value"; }

}  // namespace dovetail::providers

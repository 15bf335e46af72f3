// What systems put around a value: {"value": …, "editable": true}.
#pragma once

#include "providers/toolkit/tree.hpp"

namespace dovetail::providers {

// Whether an object that has nothing at this step says that there is no value. Any other object says nothing about
// what it leaves out, even where it belongs to one member alone.
inline bool says_none(const WireStep& step) { return step.wrapped && step.name == "value"; }

// What it means that an object has nothing at this step.
inline Sight::Kind where_missing(const WireStep& step) {
  if (says_none(step)) return Sight::Kind::none;
  return step.enclosing ? Sight::Kind::unread : Sight::Kind::omitted;
}

}  // namespace dovetail::providers

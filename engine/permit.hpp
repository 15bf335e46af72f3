// Whether calls may still go out: asked right before each one is on the wire.
#pragma once

#include <functional>

#include "engine/error.hpp"

namespace dovetail {

struct Permit {
  // Empty: they may. An Error: this call is not made. From any thread.
  std::function<Result<void>()> ask = {};
  // Whoever waits for a turn, or to try again, gives up. From any thread.
  std::function<bool()> gives_up = {};
};

}  // namespace dovetail

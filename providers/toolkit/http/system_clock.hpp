// The machine's clock.
#pragma once

#include "engine/clock.hpp"

namespace dovetail::providers {

class SystemClock : public Clock {
 public:
  std::chrono::steady_clock::time_point now() override;
  std::chrono::system_clock::time_point wall_time() override;
  void sleep(std::chrono::milliseconds time) override;
};

}  // namespace dovetail::providers

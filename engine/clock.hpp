// The port to time: whoever waits or stamps asks this, so that tests neither wait nor depend on the day.
#pragma once

#include <chrono>

namespace dovetail {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::chrono::steady_clock::time_point now() = 0;        // for measuring; never goes back
  virtual std::chrono::system_clock::time_point wall_time() = 0;  // for stamps that another system reads
  virtual void sleep(std::chrono::milliseconds time) = 0;
};

}  // namespace dovetail

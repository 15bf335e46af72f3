// The sandbox's own clock: the machine's, plus what a test has added.
#pragma once

#include <chrono>
#include <string>

namespace dovetail::sandbox {

using Moment = std::chrono::sys_time<std::chrono::microseconds>;

class Clock {
 public:
  Moment now() const;
  // Negative steps back.
  void advance(std::chrono::milliseconds step) { ahead_ += step; }

 private:
  std::chrono::milliseconds ahead_{0};
};

std::string to_date(Moment moment);     // 2025-06-03, UTC
std::string to_instant(Moment moment);  // 2025-06-03T09:05:07.123456+00:00
// The hours that a wall clock in Western Europe is ahead of UTC is one (winter) or two (summer); Finland adds one.
std::chrono::hours western_europe_offset(Moment moment);

}  // namespace dovetail::sandbox

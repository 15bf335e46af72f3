#pragma once

#include <atomic>

#include "providers/toolkit/http/system_clock.hpp"

namespace dovetail::test {

// Shows another time than the machine, and goes on from there.
class OtherClock : public Clock {
 public:
  std::chrono::steady_clock::time_point now() override { return below_.now() + passed_.load(); }
  std::chrono::system_clock::time_point wall_time() override {
    return below_.wall_time() + passed_.load() + moved_.load();
  }
  void sleep(std::chrono::milliseconds time) override { below_.sleep(time); }
  void pass(std::chrono::milliseconds time) { passed_ = passed_.load() + time; }  // both clocks
  void move(std::chrono::milliseconds time) { moved_ = time; }                    // somebody sets the time of day

 private:
  providers::SystemClock below_;
  std::atomic<std::chrono::milliseconds> passed_{std::chrono::milliseconds(0)}, moved_{std::chrono::milliseconds(0)};
};

}  // namespace dovetail::test

// A clock that a test moves; sleeping moves it, and is written down.
#pragma once

#include <vector>

#include "engine/clock.hpp"

namespace dovetail::test {

class FakeClock : public Clock {
 public:
  std::chrono::steady_clock::time_point now() override { return now_; }
  std::chrono::system_clock::time_point wall_time() override {
    return std::chrono::system_clock::time_point{std::chrono::seconds{1'748'768'887}} + std::chrono::milliseconds{123} +
           std::chrono::duration_cast<std::chrono::system_clock::duration>(now_.time_since_epoch());
  }
  void sleep(std::chrono::milliseconds time) override {
    now_ += time;
    slept.push_back(time);
  }
  void pass(std::chrono::milliseconds time) { now_ += time; }

  std::vector<std::chrono::milliseconds> slept;

 private:
  std::chrono::steady_clock::time_point now_{};
};

}  // namespace dovetail::test

#include "providers/toolkit/http/system_clock.hpp"

#include <thread>

namespace dovetail::providers {

std::chrono::steady_clock::time_point SystemClock::now() { return std::chrono::steady_clock::now(); }

std::chrono::system_clock::time_point SystemClock::wall_time() { return std::chrono::system_clock::now(); }

void SystemClock::sleep(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

}  // namespace dovetail::providers

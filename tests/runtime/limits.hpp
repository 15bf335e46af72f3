// Short times, for tests.
#pragma once

#include "engine/runtime/means.hpp"

namespace dovetail::test {

inline Limits test_limits() {
  Limits limits;
  limits.replica_lag = std::chrono::milliseconds(1500);
  limits.first_retry = std::chrono::milliseconds(50);
  limits.longest_retry = std::chrono::milliseconds(400);
  limits.first_probe = std::chrono::milliseconds(50);
  limits.longest_probe = std::chrono::milliseconds(200);
  limits.lease = std::chrono::seconds(5);
  return limits;
}

}  // namespace dovetail::test

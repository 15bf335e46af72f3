// One attempt of one call, as logs and counts see it. Holds no secrets and no personal data.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace dovetail::providers {

struct Trace {
  std::string operation;    // "getemployee"
  std::string method, url;  // masked
  unsigned attempt = 1;
  int status = 0;  // 0: no answer
  std::chrono::milliseconds took{0};
  std::string request, answer;  // bodies, masked
  std::string failure;          // what was wrong, in the end; empty: nothing
};

// Empty: nobody listens, and nothing is masked.
using TraceSink = std::function<void(const Trace&)>;

}  // namespace dovetail::providers

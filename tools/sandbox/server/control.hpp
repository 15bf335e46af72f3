// The control endpoint `/_sandbox/…`: what a test or a person reads and changes behind the simulated system's back.
#pragma once

#include <mutex>

#include "tools/sandbox/core/fault.hpp"
#include "tools/sandbox/core/recorder.hpp"
#include "tools/sandbox/core/system.hpp"

namespace dovetail::sandbox {

inline constexpr std::string_view control_prefix = "/_sandbox";

// Everything of one running sandbox that calls may touch; `lock` guards all of it.
struct Running {
  explicit Running(System& simulated) : system(simulated) {}
  System& system;
  std::mutex lock;
  Faults faults;
  Recorder recorder;
};

// The caller holds the lock. Wrong requests are answered with 400 or 404 and {"error": "…"}.
Answer answer_control(Running& running, const Call& call);

}  // namespace dovetail::sandbox

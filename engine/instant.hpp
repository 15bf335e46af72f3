// Points in time as plans and stores keep them: milliseconds since 1970, UTC.
#pragma once

#include <chrono>

namespace dovetail {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

}  // namespace dovetail

#include "engine/runtime/write/over_by_now.hpp"

#include <fmt/format.h>

#include <string>

namespace dovetail {

Error over_by_now(const Run& run) {
  const std::string beginning(name(run.state));
  const bool says_why = run.summary.starts_with(beginning + ": ");
  return {.kind = Error::Kind::input,
          .what = fmt::format("run {} is {}; start another one", run.id, says_why ? run.summary : beginning)};
}

}  // namespace dovetail

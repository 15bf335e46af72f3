#include "tools/dovetail/base_keeper.hpp"

namespace dovetail::tools {

void BaseKeeper::settle(PersonIndex, const Applied& applied) {
  const Clock::time_point begin = Clock::now();
  if (failed_ || begin < next_) return;
  failed_ = !keep_(applied);
  const Clock::time_point end = Clock::now();
  next_ = end + 9 * (end - begin);
}

}  // namespace dovetail::tools

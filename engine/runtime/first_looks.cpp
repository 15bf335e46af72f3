#include "engine/runtime/first_looks.hpp"

namespace dovetail {

bool FirstLooks::may_lag(const Intent& intent, Time now, std::chrono::milliseconds lag) const {
  const std::lock_guard lock(mutex_);
  const auto first = first_.find({intent.id, intent.at});
  return first == first_.end() || now - first->second < lag;
}

FirstLooks::Time FirstLooks::note(const Intent& intent, Time now) {
  const std::lock_guard lock(mutex_);
  return first_.try_emplace({intent.id, intent.at}, now).first->second;
}

void FirstLooks::forget(const Intent& intent) {
  const std::lock_guard lock(mutex_);
  first_.erase({intent.id, intent.at});
}

}  // namespace dovetail

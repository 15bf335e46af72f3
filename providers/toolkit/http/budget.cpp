#include "providers/toolkit/http/budget.hpp"

#include <algorithm>

namespace dovetail::providers {

Budgets::Turn::~Turn() {
  if (budgets_ == nullptr) return;
  {
    const std::lock_guard lock(budgets_->mutex_);
    --budgets_->scopes_[scope_].running;
  }
  budgets_->freed_.notify_all();
}

// A bucket as one instant: each call moves it on by a call's share; `burst` calls may lie ahead of the clock.
// Returns how long to wait first, and counts the call where that is nothing.
std::chrono::milliseconds Budgets::reserve(Scope& scope, const Limit& limit, Instant now) {
  using std::chrono::milliseconds;
  Instant ready = std::max(now, scope.paused_until);
  if (limit.per_second > 0) {
    const auto share =
        std::chrono::duration_cast<Instant::duration>(std::chrono::duration<double>(1 / limit.per_second));
    const auto ahead = std::chrono::duration_cast<Instant::duration>(share * std::max(limit.burst - 1, 0.0));
    ready = std::max(ready, scope.filled - ahead);
    if (ready <= now) scope.filled = std::max(scope.filled, now) + share;
  }
  return ready <= now ? milliseconds{0} : std::chrono::ceil<milliseconds>(ready - now);
}

Budgets::Turn Budgets::take(const Limit& limit, Clock& clock) {
  if (limit.scope.empty()) return {nullptr, {}};
  std::unique_lock lock(mutex_);
  while (true) {
    freed_.wait(lock, [&] { return limit.at_once == 0 || scopes_[limit.scope].running < limit.at_once; });
    Scope& scope = scopes_[limit.scope];
    const std::chrono::milliseconds wait = reserve(scope, limit, clock.now());
    if (wait.count() == 0) {
      ++scope.running;
      return {this, limit.scope};
    }
    lock.unlock();
    clock.sleep(wait);
    lock.lock();
  }
}

void Budgets::pause(const Limit& limit, Clock& clock, std::chrono::milliseconds time) {
  if (limit.scope.empty()) return;
  const std::lock_guard lock(mutex_);
  Scope& scope = scopes_[limit.scope];
  scope.paused_until = std::max(scope.paused_until, clock.now() + time);
}

}  // namespace dovetail::providers

#include "providers/toolkit/http/budget.hpp"

#include <algorithm>
#include <cmath>

namespace dovetail::providers {
namespace {

constexpr std::chrono::minutes longest_call{2};  // who is longer at it has stopped, and is waited for no more

constexpr std::chrono::milliseconds longest_sleep{100};  // of somebody who may be told to give up

}  // namespace

bool sleep_patiently(Clock& clock, std::chrono::milliseconds time, const std::function<bool()>& gives_up) {
  if (!gives_up) {
    clock.sleep(time);
    return true;
  }
  for (const auto end = clock.now() + time; clock.now() < end;) {
    if (gives_up()) return false;
    clock.sleep(std::min(longest_sleep, std::chrono::ceil<std::chrono::milliseconds>(end - clock.now())));
  }
  return !gives_up();
}

Budgets::Turn::~Turn() {
  if (budgets_ == nullptr) return;
  if (is_inside_) budgets_->shared_->leave(scope_);
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

Budgets::Turn Budgets::take(const Limit& limit, Clock& clock, const std::function<bool()>& gives_up) {
  if (limit.scope.empty()) return {nullptr, {}};
  Turn turn = take_own(limit, clock, gives_up);
  if (turn.is_given() && shared_ != nullptr) wait_for_others(limit, clock, gives_up, turn);
  return turn;
}

// A store that does not answer stops no call: what is written needs the store besides.
void Budgets::wait_for_others(const Limit& limit, Clock& clock, const std::function<bool()>& gives_up, Turn& turn) {
  using std::chrono::milliseconds;
  if (limit.per_second > 0) {
    const auto wait =
        shared_->take_place(limit.scope, milliseconds(static_cast<int>(std::ceil(1000 / limit.per_second))));
    if (wait && wait->count() > 0) turn.is_given_ = sleep_patiently(clock, *wait, gives_up);
  }
  if (limit.at_once != 1) return;
  const Instant give_up = clock.now() + longest_call;
  while (turn.is_given_ && clock.now() < give_up) {
    const Result<bool> entered = shared_->try_enter(limit.scope);
    turn.is_inside_ = entered && *entered;
    if (turn.is_inside_ || !entered) return;
    turn.is_given_ = sleep_patiently(clock, milliseconds(10), gives_up);
  }
}

Budgets::Turn Budgets::take_own(const Limit& limit, Clock& clock, const std::function<bool()>& gives_up) {
  const auto not_given = [] {
    Turn turn{nullptr, {}};
    turn.is_given_ = false;
    return turn;
  };
  std::unique_lock lock(mutex_);
  while (true) {
    const auto is_free = [&] { return limit.at_once == 0 || scopes_[limit.scope].running < limit.at_once; };
    while (!is_free()) {
      if (gives_up && gives_up()) return not_given();
      freed_.wait_for(lock, longest_sleep, is_free);
    }
    Scope& scope = scopes_[limit.scope];
    const std::chrono::milliseconds wait = reserve(scope, limit, clock.now());
    if (wait.count() == 0) {
      ++scope.running;
      return {this, limit.scope};
    }
    lock.unlock();
    if (!sleep_patiently(clock, wait, gives_up)) return not_given();
    lock.lock();
  }
}

void Budgets::pause(const Limit& limit, Clock& clock, std::chrono::milliseconds time) {
  if (limit.scope.empty()) return;
  if (shared_ != nullptr) static_cast<void>(shared_->pause(limit.scope, time));
  const std::lock_guard lock(mutex_);
  Scope& scope = scopes_[limit.scope];
  scope.paused_until = std::max(scope.paused_until, clock.now() + time);
}

}  // namespace dovetail::providers

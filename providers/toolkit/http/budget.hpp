// How often, and how many at once, a system may be called. One Budgets serves all connections of the process: limits
// are keyed by the scope that the adapter declares, which may span customers.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>

#include "engine/clock.hpp"

namespace dovetail::providers {

struct Limit {
  std::string scope = {};  // may hold a key: never shown. Empty: no limit
  double per_second = 0;   // 0: no limit
  double burst = 1;        // calls that may follow each other without waiting
  unsigned at_once = 0;    // 0: no limit
};

class Budgets {
 public:
  // The right to one call, until destroyed.
  class Turn {
   public:
    Turn(Turn&& other) noexcept : budgets_(other.budgets_), scope_(std::move(other.scope_)) {
      other.budgets_ = nullptr;
    }
    Turn(const Turn&) = delete;
    Turn& operator=(Turn&&) = delete;
    ~Turn();

   private:
    friend class Budgets;
    Turn(Budgets* budgets, std::string scope) : budgets_(budgets), scope_(std::move(scope)) {}
    Budgets* budgets_;
    std::string scope_;
  };

  // Waits for a turn. For any number of threads.
  Turn take(const Limit& limit, Clock& clock);

  // The system said "too many": nobody in this scope calls for so long.
  void pause(const Limit& limit, Clock& clock, std::chrono::milliseconds time);

 private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Scope {
    Instant filled{};  // when the bucket was full, or would have been
    Instant paused_until{};
    unsigned running = 0;
  };
  std::chrono::milliseconds reserve(Scope& scope, const Limit& limit, Instant now);

  std::mutex mutex_;
  std::condition_variable freed_;
  std::map<std::string, Scope> scopes_;
};

}  // namespace dovetail::providers

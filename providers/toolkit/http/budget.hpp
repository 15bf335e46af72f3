// How often, and how many at once, a system may be called. One Budgets serves all connections of the process: limits
// are keyed by the scope that the adapter declares, which may span customers. Processes that work on one store share
// how often, and whose turn it is where one call at a time may be made; other numbers at once are each process's own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "engine/clock.hpp"
#include "engine/rate_scopes.hpp"

namespace dovetail::providers {

struct Limit {
  std::string scope = {};  // may hold a key: never shown. Empty: no limit
  double per_second = 0;   // 0: no limit
  double burst = 1;        // calls that may follow each other without waiting
  unsigned at_once = 0;    // 0: no limit
};

// false: `gives_up` became true meanwhile. Where it is empty, nobody wakes.
bool sleep_patiently(Clock& clock, std::chrono::milliseconds time, const std::function<bool()>& gives_up);

class Budgets {
 public:
  // The right to one call, until destroyed.
  class Turn {
   public:
    Turn(Turn&& other) noexcept
        : budgets_(other.budgets_),
          scope_(std::move(other.scope_)),
          is_inside_(other.is_inside_),
          is_given_(other.is_given_) {
      other.budgets_ = nullptr;
    }
    Turn(const Turn&) = delete;
    Turn& operator=(Turn&&) = delete;
    ~Turn();

    // false: whoever waited for it gave up.
    bool is_given() const { return is_given_; }

   private:
    friend class Budgets;
    Turn(Budgets* budgets, std::string scope) : budgets_(budgets), scope_(std::move(scope)) {}
    Budgets* budgets_;
    std::string scope_;
    bool is_inside_ = false;  // no other process is
    bool is_given_ = true;
  };

  // From now on with the other processes that `with` knows; it must outlive this. Before the first call.
  void share(RateScopes* with) { shared_ = with; }

  // Waits for a turn, until `gives_up` is true (empty: it never is). For any number of threads.
  Turn take(const Limit& limit, Clock& clock, const std::function<bool()>& gives_up = {});

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
  Turn take_own(const Limit& limit, Clock& clock, const std::function<bool()>& gives_up);
  void wait_for_others(const Limit& limit, Clock& clock, const std::function<bool()>& gives_up, Turn& turn);

  std::mutex mutex_;
  std::condition_variable freed_;
  std::map<std::string, Scope> scopes_;
  RateScopes* shared_ = nullptr;
};

}  // namespace dovetail::providers

#include "providers/toolkit/http/budget.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "providers/toolkit/http/system_clock.hpp"
#include "tests/providers/http/fake_clock.hpp"

using namespace dovetail;
using namespace dovetail::providers;
using namespace std::chrono_literals;

TEST_CASE("a bucket spaces calls, and one scope is one bucket for every connection") {
  test::FakeClock clock;
  Budgets budgets;
  const Limit limit{.scope = "subscription", .per_second = 10, .burst = 1};
  const auto begin = clock.now();
  for (int i = 0; i < 21; ++i) {
    const Budgets::Turn turn = budgets.take(limit, clock);
  }
  CHECK(clock.now() - begin == 2s);
  const Limit other{.scope = "another", .per_second = 10};
  const auto before = clock.now();
  const Budgets::Turn turn = budgets.take(other, clock);
  CHECK(clock.now() == before);
}

TEST_CASE("no second has more calls than the limit, burst or not") {
  test::FakeClock clock;
  Budgets budgets;
  const Limit limit{.scope = "s", .per_second = 5, .burst = 5};
  std::vector<std::chrono::steady_clock::time_point> calls;
  for (int i = 0; i < 30; ++i) {
    if (i == 12) clock.pass(10s);
    const Budgets::Turn turn = budgets.take(limit, clock);
    calls.push_back(clock.now());
  }
  // A full bucket may be followed by what drips in meanwhile: never more than burst + rate in a second.
  for (std::size_t i = 0; i + 10 < calls.size(); ++i) CHECK(calls[i + 10] - calls[i] >= 1s);
}

TEST_CASE("a pause holds everybody in the scope") {
  test::FakeClock clock;
  Budgets budgets;
  const Limit limit{.scope = "s"};
  budgets.pause(limit, clock, 3s);
  const auto begin = clock.now();
  const Budgets::Turn turn = budgets.take(limit, clock);
  CHECK(clock.now() - begin == 3s);
}

TEST_CASE("one at a time means one at a time") {
  SystemClock clock;
  Budgets budgets;
  const Limit limit{.scope = "company", .at_once = 1};
  std::atomic<int> inside = 0, most = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 50; ++k) {
        const Budgets::Turn turn = budgets.take(limit, clock);
        const int now = ++inside;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        std::this_thread::yield();
        --inside;
      }
    });
  }
  threads.clear();
  CHECK(most == 1);
}

// Two processes, each with its own store session and budgets, that call one system.
#include <atomic>
#include <thread>

#include "providers/toolkit/http/budget.hpp"
#include "providers/toolkit/http/system_clock.hpp"
#include "tests/engine/store/test_store.hpp"

using namespace dovetail;
using namespace dovetail::test;

TEST_CASE("a system that takes one call at a time is called by one process at a time") {
  TestStore one("postgresql");
  const auto other = open_store(one.where(), one.key());
  REQUIRE(other);
  providers::Budgets here, there;
  here.share(rate_scopes(*one));
  there.share(rate_scopes(**other));
  providers::SystemClock clock;
  const providers::Limit limit{.scope = "netvisor 1234567-8", .at_once = 1};
  std::atomic<int> inside = 0, most = 0, calls = 0;
  const auto call_often = [&](providers::Budgets& budgets) {
    for (int i = 0; i < 20; ++i) {
      const auto turn = budgets.take(limit, clock);
      most = std::max(most.load(), ++inside);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      --inside;
      ++calls;
    }
  };
  std::thread first([&] { call_often(here); }), second([&] { call_often(there); }), third([&] { call_often(here); });
  first.join();
  second.join();
  third.join();
  CHECK(calls == 60);
  CHECK(most == 1);
}

TEST_CASE("without a store that answers, calls go on within the process's own limits") {
  auto server = std::make_unique<PostgresServer>();
  auto opened = open_store("postgresql:" + server->make_database(), test_key(),
                           {.create = true, .patience = std::chrono::milliseconds(100)});
  REQUIRE(opened);
  providers::Budgets budgets;
  budgets.share(rate_scopes(**opened));
  server->kill();
  providers::SystemClock clock;
  const auto turn = budgets.take({.scope = "poweroffice 0123", .per_second = 100, .at_once = 1}, clock);
  SUCCEED("a turn was given");
}

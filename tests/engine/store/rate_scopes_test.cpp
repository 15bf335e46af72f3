// What processes share of a system's limits: each open store stands for a process.
#include <thread>

#include "tests/engine/store/test_store.hpp"

using namespace dovetail;
using namespace dovetail::test;
using std::chrono::milliseconds;

TEST_CASE("a SQLite store has one process at a time, and nothing to share") {
  TestStore store("sqlite");
  CHECK(rate_scopes(*store) == nullptr);
}

TEST_CASE("processes take their places in one row of calls, whoever asks") {
  TestStore one("postgresql");
  const auto other = open_store(one.where(), one.key());
  REQUIRE(other);
  const std::array<RateScopes*, 2> scopes{rate_scopes(*one), rate_scopes(**other)};
  REQUIRE(scopes[0] != nullptr);
  const milliseconds apart(100'000);
  for (int i = 0; i < 6; ++i) {
    const auto wait = scopes[static_cast<std::size_t>(i) % 2]->take_place("poweroffice 0123", apart);
    REQUIRE(wait);
    CHECK(*wait <= i * apart);
    CHECK(*wait > i * apart - milliseconds(90'000));
  }
  CHECK(scopes[1]->take_place("another key", apart) == milliseconds(0));
  REQUIRE(scopes[0]->pause("another key", milliseconds(5'000'000)));
  CHECK(scopes[1]->take_place("another key", apart).value() > milliseconds(4'000'000));
}

TEST_CASE("where one call at a time may be made, one process is inside, and one that dies is outside") {
  TestStore one("postgresql");
  auto other = open_store(one.where(), one.key());
  REQUIRE(other);
  RateScopes &here = *rate_scopes(*one), &there = *rate_scopes(**other);
  CHECK(here.try_enter("netvisor 1234567-8") == true);
  CHECK(there.try_enter("netvisor 1234567-8") == false);
  CHECK(there.try_enter("netvisor 7654321-0") == true);
  here.leave("netvisor 1234567-8");
  CHECK(there.try_enter("netvisor 1234567-8") == true);
  CHECK(here.try_enter("netvisor 1234567-8") == false);
  other->reset();
  Result<bool> entered = false;
  for (int i = 0; i < 500 && entered && !*entered; ++i) {
    entered = here.try_enter("netvisor 1234567-8");
    std::this_thread::sleep_for(milliseconds(10));
  }
  CHECK(entered == true);
}

TEST_CASE("the key that a scope is named by is not in the database") {
  TestStore store("postgresql");
  REQUIRE(rate_scopes(*store)->take_place("poweroffice 0123456789abcdef", milliseconds(100)));
  const auto names =
      PostgresServer::shared().query(store.where().substr(store.where().find(':') + 1), "select name from lease");
  REQUIRE(names.size() == 1);
  CHECK_THAT(names.front(), !Catch::Contains("0123456789"));
}

#include <atomic>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "tests/engine/store/test_store.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

// At its own time: without the head start of what is told as it happens.
PersonEvent event(ConnectionId id, const std::string& hub_id, std::int64_t when, const std::string& event_id = {}) {
  return {event_id, id, hub_id, Event::changed, at(when), at(when), true};
}

bool take_in(TestStore& store, const PersonEvent& of) {
  return store.write([&](Transaction& now) { return now.take_in(of); });
}

std::vector<Claim> claim(TestStore& store, ConnectionId id, std::int64_t now, std::size_t most = 10) {
  return store.write([&](Transaction& each) { return each.claim(id, "worker", most, at(now), at(now + 1000)); });
}

Lane lane(TestStore& store, ConnectionId id, const std::string& hub_id) {
  return store.read([&](Transaction& now) { return now.lane(id, hub_id); }).value();
}

bool finish(TestStore& store, const Claim& claim, std::optional<Instant> again = {}) {
  return store.write([&](Transaction& now) { return now.finish(claim, again); });
}

}  // namespace

TEST_CASE("an event with an id is taken in once per connection, one without an id each time") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store), other = add_connection(store, "other");
  CHECK(take_in(store, event(id, "a", 1, "e1")));
  CHECK_FALSE(take_in(store, event(id, "a", 2, "e1")));
  CHECK(take_in(store, event(other, "a", 2, "e1")));
  CHECK(take_in(store, event(id, "a", 3)));
  CHECK(take_in(store, event(id, "a", 3)));
  CHECK(store.read([&](Transaction& now) { return now.waiting(id); }) == 3);
  store.open_again();
  CHECK_FALSE(take_in(store, event(id, "a", 2, "e1")));
}

TEST_CASE("an event for a connection that is not there is refused") {
  TestStore store(GENERATE(both_stores()));
  const auto refused = store->write([&](Transaction& now) -> Result<void> {
    auto took = now.take_in(event(99, "a", 1));
    if (!took) return std::unexpected(took.error());
    return {};
  });
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Error::Kind::input);
}

TEST_CASE("lanes are claimed longest waiting first, with their events in order, and by one worker only") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  take_in(store, event(id, "late", 50));
  take_in(store, event(id, "early", 10, "e1"));
  take_in(store, event(id, "early", 60, "e2"));
  take_in(store, event(id, "future", 500));
  CHECK(store.read([](Transaction& now) { return now.next_due(); }) == std::optional<Instant>(at(10)));
  CHECK(store.read([](Transaction& now) { return now.due_connections(at(9)); }).empty());
  CHECK(store.read([](Transaction& now) { return now.due_connections(at(10)); }) == std::vector<ConnectionId>{id});
  const auto one = claim(store, id, 100, 1);
  REQUIRE(one.size() == 1);
  CHECK(one[0].hub_id == "early");
  REQUIRE(one[0].events.size() == 2);
  CHECK(one[0].events[0].id == "e1");
  CHECK(one[0].events[1].id == "e2");
  CHECK(one[0].upto == 2);
  const auto two = claim(store, id, 100);
  REQUIRE(two.size() == 1);
  CHECK(two[0].hub_id == "late");
  CHECK(claim(store, id, 100).empty());
  CHECK(lane(store, id, "early").state == LaneState::worked);
  CHECK(finish(store, one[0]));
  CHECK(lane(store, id, "early").state == LaneState::idle);
  CHECK(store.read([](Transaction& now) { return now.next_due(); }) == std::optional<Instant>(at(500)));
}

TEST_CASE("lanes of a connection that is not active wait") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  take_in(store, event(id, "a", 1));
  auto of = *store.read([&](Transaction& now) { return now.connection(id); });
  of.state = ConnectionState::paused;
  store.write([&](Transaction& now) { return now.update(of); });
  CHECK(claim(store, id, 100).empty());
  CHECK(store.read([](Transaction& now) { return now.due_connections(at(100)); }).empty());
  CHECK_FALSE(store.read([](Transaction& now) { return now.next_due(); }));
}

TEST_CASE("an event that comes during the work is worked on after it") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  take_in(store, event(id, "a", 1));
  const auto first = claim(store, id, 10);
  take_in(store, event(id, "a", 20));
  CHECK(claim(store, id, 30).empty());
  CHECK(finish(store, first.at(0)));
  const auto second = claim(store, id, 30);
  REQUIRE(second.size() == 1);
  CHECK(second[0].events.size() == 1);
  CHECK(second[0].fence > first[0].fence);
}

TEST_CASE("what is planned again on its day waits until then, unless something happens before") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  take_in(store, event(id, "a", 1));
  const Claim first = claim(store, id, 10).at(0);
  CHECK(finish(store, first, at(1'000)));
  CHECK(claim(store, id, 999).empty());
  CHECK(lane(store, id, "a").state == LaneState::due);
  take_in(store, event(id, "a", 20));
  const auto both = claim(store, id, 30);
  REQUIRE(both.size() == 1);
  CHECK(both[0].events.size() == 2);
  CHECK(finish(store, both[0], at(2'000)));
  CHECK(claim(store, id, 2'000).size() == 1);
}

TEST_CASE("a failed lane is tried again at its time, or at the next event") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  take_in(store, event(id, "a", 1));
  const Claim first = claim(store, id, 10).at(0);
  CHECK(store.write([&](Transaction& now) { return now.retry(first, at(500), "no answer"); }));
  CHECK(lane(store, id, "a").why == "no answer");
  CHECK(lane(store, id, "a").attempts == 1);
  CHECK(claim(store, id, 499).empty());
  auto again = claim(store, id, 500);
  REQUIRE(again.size() == 1);
  CHECK(again[0].attempts == 1);
  store.write([&](Transaction& now) { return now.retry(again[0], at(5'000), "no answer"); });
  take_in(store, event(id, "a", 600));
  again = claim(store, id, 600);
  REQUIRE(again.size() == 1);
  CHECK(again[0].attempts == 2);
  CHECK(finish(store, again[0]));
  CHECK(lane(store, id, "a").attempts == 0);
}

TEST_CASE("a parked lane waits for a person or for the next event") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  for (const char* hub_id : {"a", "b", "c"}) take_in(store, event(id, hub_id, 1));
  for (const Claim& each : claim(store, id, 10)) {
    CHECK(store.write([&](Transaction& now) { return now.park(each, "ten times in vain"); }));
  }
  CHECK(claim(store, id, 1'000'000).empty());
  CHECK(lane(store, id, "a").state == LaneState::parked);
  CHECK(lane(store, id, "a").why == "ten times in vain");
  CHECK(store.read([&](Transaction& now) { return now.lanes(id); }).size() == 3);
  take_in(store, event(id, "a", 20));
  CHECK(claim(store, id, 20).size() == 1);
  store.write([&](Transaction& now) { return now.unpark(id, "b", at(30)); });
  CHECK(claim(store, id, 30).at(0).attempts == 0);
  store.write([&](Transaction& now) { return now.unpark(id, {}, at(40)); });
  CHECK(claim(store, id, 40).at(0).hub_id == "c");
}

TEST_CASE("an event during the work keeps a lane from being parked") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  take_in(store, event(id, "a", 1));
  const auto mine = claim(store, id, 10);
  take_in(store, event(id, "a", 20));
  CHECK(store.write([&](Transaction& now) { return now.park(mine.at(0), "in vain"); }));
  CHECK(claim(store, id, 20).size() == 1);
}

TEST_CASE("whoever lost a lane can do nothing to it") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  take_in(store, event(id, "a", 1));
  const Claim stale = claim(store, id, 10).at(0);
  CHECK(store.write([](Transaction& now) { return now.reap(at(1'009)); }) == 0);
  CHECK(store.write([&](Transaction& now) { return now.renew(stale, at(3'000)); }));
  CHECK(store.write([](Transaction& now) { return now.reap(at(2'999)); }) == 0);
  CHECK(store.write([](Transaction& now) { return now.reap(at(3'000)); }) == 1);
  const auto refused = [&] {
    CHECK_FALSE(finish(store, stale));
    CHECK_FALSE(store.write([&](Transaction& now) { return now.renew(stale, at(9'000)); }));
    CHECK_FALSE(store.write([&](Transaction& now) { return now.retry(stale, at(9'000), "x"); }));
    CHECK_FALSE(store.write([&](Transaction& now) { return now.park(stale, "x"); }));
  };
  refused();
  const auto mine = claim(store, id, 4'000);
  REQUIRE(mine.size() == 1);
  refused();
  CHECK(finish(store, mine[0]));
  refused();
}

TEST_CASE("a lease has one owner at a time, and its fence grows with each change of owner") {
  TestStore store(GENERATE(both_stores()));
  const auto take = [&](const char* owner, std::int64_t now, std::int64_t until) {
    return store.write([&](Transaction& each) { return each.take_lease("connection/1", owner, at(now), at(until)); });
  };
  const auto first = take("a", 0, 100);
  REQUIRE(first);
  CHECK_FALSE(take("b", 50, 200));
  const auto longer = take("a", 60, 160);
  REQUIRE(longer);
  CHECK(longer->fence == first->fence);
  CHECK_FALSE(take("b", 159, 300));
  const auto second = take("b", 160, 300);
  REQUIRE(second);
  CHECK(second->fence > first->fence);
  CHECK_FALSE(store.write([&](Transaction& now) { return now.give_back(*longer); }));
  CHECK(store.write([&](Transaction& now) { return now.give_back(*second); }));
  const auto third = take("a", 170, 300);
  REQUIRE(third);
  CHECK(third->fence > second->fence);
}

TEST_CASE("four workers and four senders lose nothing, double nothing and keep each person's order") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  constexpr int senders = 4, workers = 4, events_each = 60;
  std::atomic<int> sending = senders;
  std::mutex guard;
  std::map<std::string, std::vector<std::string>> worked;
  std::set<std::string> held;
  std::atomic<bool> is_shared = false, has_failed = false;
  std::vector<std::thread> threads;
  for (int sender = 0; sender < senders; ++sender) {
    threads.emplace_back([&, sender] {
      for (int i = 0; i < events_each; ++i) {
        const std::string name = std::to_string(sender) + "/" + std::to_string(i);
        const auto sent = store->write([&](Transaction& now) -> Result<void> {
          auto took = now.take_in(event(id, "person " + std::to_string(i % 7), 1, name));
          if (!took) return std::unexpected(took.error());
          return {};
        });
        if (!sent) has_failed = true;
      }
      --sending;
    });
  }
  for (int worker = 0; worker < workers; ++worker) {
    threads.emplace_back([&, worker] {
      while (!has_failed) {
        const bool was_last = sending == 0;
        std::vector<Claim> claims;
        const auto claimed = store->write([&](Transaction& now) -> Result<void> {
          auto got = now.claim(id, "worker " + std::to_string(worker), 2, at(10), at(1'000'000));
          if (!got) return std::unexpected(got.error());
          claims = *got;
          return {};
        });
        if (!claimed) has_failed = true;
        for (const Claim& each : claims) {
          {
            const std::lock_guard lock(guard);
            if (!held.insert(each.hub_id).second) is_shared = true;
            for (const PersonEvent& one : each.events) worked[each.hub_id].push_back(one.id);
          }
          std::this_thread::sleep_for(std::chrono::microseconds(200));
          {
            const std::lock_guard lock(guard);
            held.erase(each.hub_id);
          }
          const auto finished = store->write([&](Transaction& now) -> Result<void> {
            auto done = now.finish(each, {});
            if (!done) return std::unexpected(done.error());
            if (!*done) has_failed = true;
            return {};
          });
          if (!finished) has_failed = true;
        }
        if (claims.empty() && was_last) return;
      }
    });
  }
  for (std::thread& each : threads) each.join();
  REQUIRE_FALSE(has_failed);
  CHECK_FALSE(is_shared);
  std::set<std::string> all;
  for (const auto& [person, ids] : worked) {
    std::map<std::string, int> last;
    for (const std::string& each : ids) {
      CHECK(all.insert(each).second);
      const std::string sender = each.substr(0, each.find('/'));
      const int number = std::stoi(each.substr(each.find('/') + 1));
      if (last.contains(sender)) CHECK(number > last[sender]);
      last[sender] = number;
    }
  }
  CHECK(all.size() == senders * events_each);
  CHECK(store.read([&](Transaction& now) { return now.waiting(id); }) == 0);
}

TEST_CASE("after a restart, nobody has lanes or leases any more") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  take_in(store, event(id, "a", 1));
  const Claim lost = claim(store, id, 10).at(0);
  store.write([](Transaction& now) { return now.take_lease("run/1", "me", at(0), at(1'000'000)); });
  store.open_again();
  store.write([](Transaction& now) { return now.reap(at(20)); });  // long before the lease is over
  CHECK_FALSE(finish(store, lost));
  CHECK(claim(store, id, 30).size() == 1);
  CHECK(store.write([](Transaction& now) { return now.take_lease("run/1", "you", at(30), at(40)); }));
}

TEST_CASE("what is told as it happens goes before what a look at everybody found, and that does not wait for ever") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  const std::int64_t minute = 60'000, start = 600 * minute;
  for (const char* person : {"found 1", "found 2", "found 3"}) take_in(store, event(id, person, start));
  const auto tell = [&](const std::string& person, std::int64_t when) {
    take_in(store, {"", id, person, Event::changed, at(when), at(when)});
  };
  tell("told", start + 5 * minute);
  CHECK(claim(store, id, start + 5 * minute, 1).at(0).hub_id == "told");
  tell("found 3", start + 6 * minute);  // in both ways
  CHECK(claim(store, id, start + 6 * minute, 1).at(0).hub_id == "found 3");
  tell("told much later", start + 61 * minute);
  CHECK(claim(store, id, start + 62 * minute, 1).at(0).hub_id == "found 1");
  CHECK(claim(store, id, start + 62 * minute, 1).at(0).hub_id == "found 2");
  CHECK(claim(store, id, start + 62 * minute, 1).at(0).hub_id == "told much later");
}

TEST_CASE("what is told is not worked on before it is due") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  take_in(store, {"", id, "later", Event::changed, at(10'000'000), at(10'001'000)});
  CHECK(claim(store, id, 10'000'999).empty());
  CHECK(claim(store, id, 10'001'000).size() == 1);
}

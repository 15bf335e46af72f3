// A store that cannot have what it needs, or finds it otherwise than it left it: locks, files and clocks.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/engine/store/test_store.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

Instant now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

Result<void> take_in(Store& store, ConnectionId id, const std::string& person, Instant time) {
  return store.write([&](Transaction& transaction) -> Result<void> {
    const auto taken = transaction.take_in({"", id, person, Event::changed, time, time});
    return taken ? Result<void>{} : std::unexpected(taken.error());
  });
}

std::vector<std::string> due(TestStore& store, ConnectionId id) {
  std::vector<std::string> people;
  const auto claims = store.write(
      [&](Transaction& each) { return each.claim(id, "worker", 10, now(), now() + std::chrono::seconds(30)); });
  for (const Claim& claim : claims) people.push_back(claim.hub_id);
  return people;
}

std::string damage(const TestStore& store, std::size_t at, std::size_t count) {
  std::fstream file(store.file(), std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(at));
  file << std::string(count, '\x5a');
  file.close();
  return store.folder().read("test.db");
}

// What opening and reading the links says; empty: nothing.
Error trouble(const TestStore& store, ConnectionId id) {
  const auto opened = open_store(store.where(), store.key());
  if (!opened) return opened.error();
  const auto read = (*opened)->read([&](Transaction& each) -> Result<void> {
    const auto links = each.links(id);
    if (links) CHECK(links->size() == 500);  // all of them, or an error
    return links ? Result<void>{} : std::unexpected(links.error());
  });
  return read ? Error{} : read.error();
}

}  // namespace

TEST_CASE("a database that another program holds is waited for, then said to be held, and nothing is lost") {
  TestStore store("sqlite");
  const ConnectionId id = add_connection(store);
  std::FILE* other = ::popen(("sqlite3 '" + store.file() + "'").c_str(), "w");
  std::fputs(".timeout 10000\nbegin immediate;\n", other);
  std::fflush(other);
  Result<void> taken;
  for (int i = 0; i < 1000 && taken; ++i) {  // until the other one is there
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    taken = take_in(*store, id, "a", now());
  }
  REQUIRE_FALSE(taken);
  CHECK(taken.error().kind == Error::Kind::transient);
  CHECK_THAT(taken.error().what, Catch::Contains("another program holds it"));
  std::fputs("rollback;\n", other);
  ::pclose(other);
  CHECK(take_in(*store, id, "b", now()));
  store.open_again();
  CHECK_FALSE(due(store, id).empty());
}

TEST_CASE(
    "a store's file that is moved, removed or replaced while it is open is written to no more, and that is said") {
  TestStore store("sqlite");
  const ConnectionId id = add_connection(store);
  REQUIRE(take_in(*store, id, "a", now()));
  const std::string away = store.file() + ".away";
  std::filesystem::rename(store.file(), away);
  const auto refused = [&] {
    const Result<void> taken = take_in(*store, id, "b", now());
    REQUIRE_FALSE(taken);
    CHECK(taken.error().kind == Error::Kind::data);
    CHECK_THAT(taken.error().what, Catch::Contains("removed, moved or replaced while it was open"));
  };
  refused();
  std::filesystem::copy_file(away, store.file());
  refused();
  std::filesystem::remove(store.file());
  std::filesystem::rename(away, store.file());
  CHECK(take_in(*store, id, "c", now()));
  store.open_again();
  CHECK(store.read([&](Transaction& each) { return each.waiting(id); }) == 2);
}

TEST_CASE("a lock file of a process that is no more holds nobody up") {
  TestStore store("sqlite");
  store.close();
  for (const char* left : {"1\n", "99999999 lets go\n", "", "what is this"}) {
    store.folder().write("test.db.lock", left);
    const auto opened = open_store(store.where(), store.key());
    if (!opened) FAIL_CHECK(left << ": " << opened.error().what);
  }
}

TEST_CASE("a store whose head or middle was overwritten, or that was cut off, is said to be damaged, and left alone") {
  TestStore store("sqlite");
  const ConnectionId id = add_connection(store);
  Base base;
  for (int i = 0; i < 500; ++i) {
    base.links.emplace_back().hub_id = "h" + std::to_string(i);
    base.links.back().provider_id = std::to_string(i);
  }
  store.write([&](Transaction& each) { return each.replace_links(id, {}, base); });
  store.close();
  const std::string sound = store.folder().read("test.db");
  REQUIRE(sound.size() > 40'000);
  for (std::size_t tenth = 0; tenth < 10; ++tenth) {
    store.folder().write("test.db", sound);
    const std::string damaged = damage(store, tenth * (sound.size() / 10), 6000);
    const Error found = trouble(store, id);
    INFO(tenth << ": " << found.what);
    if (tenth > 0 && found.what.empty()) continue;  // what was hit is not of the links, nor in the way to them
    CHECK((found.kind == Error::Kind::data || found.kind == Error::Kind::input));
    CHECK_THAT(found.what, Catch::Contains("damaged") || Catch::Contains("not a Dovetail store") ||
                               Catch::Contains("not a database"));
    if (tenth == 0) CHECK(store.folder().read("test.db") == damaged);
  }
  store.folder().write("test.db", sound.substr(0, sound.size() / 2));
  CHECK_THAT(trouble(store, id).what, Catch::Contains("damaged"));
  store.folder().write("test.db", sound);
  CHECK(trouble(store, id).what.empty());
}

TEST_CASE("what came in before the clock was put back does not wait for that time to come again") {
  TestStore store("sqlite");
  const ConnectionId id = add_connection(store);
  const Instant later = now() + std::chrono::hours(5);  // what the clock said then
  REQUIRE(take_in(*store, id, "told", later));
  REQUIRE(take_in(*store, id, "dated", now() - std::chrono::seconds(1)));
  store.write([&](Transaction& each) -> Result<bool> {
    const auto claims = each.claim(id, "worker", 10, now(), now() + std::chrono::seconds(30));
    if (!claims) return std::unexpected(claims.error());
    return each.finish(claims->at(0), now() + std::chrono::hours(48));  // to be looked at again in two days
  });
  CHECK(due(store, id).empty());
  store.open_again();
  CHECK(due(store, id) == std::vector<std::string>{"told"});
}

TEST_CASE("a write-ahead log with garbage at its end, as a crash leaves it, has what was acknowledged") {
  TestStore store("sqlite");
  const ConnectionId id = add_connection(store);
  for (int i = 0; i < 50; ++i) REQUIRE(take_in(*store, id, "h" + std::to_string(i), now()));
  const std::string main = store.folder().read("test.db"), log = store.folder().read("test.db-wal");
  REQUIRE(log.size() > 10'000);
  store.close();
  const std::string torn = GENERATE(std::string(5000, '\x5a'), std::string(24, '\0'), std::string("torn"));
  store.folder().write("test.db", main);
  store.folder().write("test.db-wal", log + torn);
  store.open();
  CHECK(store.read([&](Transaction& each) { return each.waiting(id); }) == 50);
  REQUIRE(take_in(*store, id, "after", now()));
  store.open_again();
  CHECK(store.read([&](Transaction& each) { return each.waiting(id); }) == 51);
}

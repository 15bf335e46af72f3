#include "engine/store/care.hpp"
#include "tests/engine/store/test_store.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

Notification about(ConnectionId id, const std::string& subject, std::int64_t when) {
  Notification of;
  of.connection = id;
  of.subject = subject;
  of.kind = "run-finished";
  of.content = "3 people";
  of.at = at(when);
  return of;
}

}  // namespace

TEST_CASE("a notification waits until it is told, once for its subject, also over a restart") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  CHECK(store.write([&](Transaction& now) { return now.post(about(id, "run/1", 5)); }));
  CHECK(store.write([&](Transaction& now) { return now.post(about(id, "run/2", 6)); }));
  CHECK_FALSE(store.write([&](Transaction& now) { return now.post(about(id, "run/1", 7)); }));
  store.open_again();
  const auto first = store.write([&](Transaction& now) { return now.claim_notifications(1, at(10), at(20)); });
  REQUIRE(first.size() == 1);
  CHECK(first[0].subject == "run/1");
  CHECK(first[0].content == "3 people");
  const auto second = store.write([&](Transaction& now) { return now.claim_notifications(9, at(10), at(20)); });
  REQUIRE(second.size() == 1);
  CHECK(second[0].subject == "run/2");
  CHECK(store.write([&](Transaction& now) { return now.claim_notifications(9, at(10), at(20)); }).empty());
  store.write([&](Transaction& now) { return now.told(first[0].id, at(11)); });
  store.write([&](Transaction& now) { return now.tell_later(second[0].id, at(50), "the server is down"); });
  CHECK(store.write([&](Transaction& now) { return now.claim_notifications(9, at(49), at(60)); }).empty());
  const auto again = store.write([&](Transaction& now) { return now.claim_notifications(9, at(50), at(60)); });
  REQUIRE(again.size() == 1);
  CHECK(again[0].attempts == 1);
  CHECK(again[0].why == "the server is down");
  // Told once, it is not told again for as long as it is kept.
  CHECK_FALSE(store.write([&](Transaction& now) { return now.post(about(id, "run/1", 12)); }));
  store.write([&](Transaction& now) { return now.expire(at(100), at(12)); });
  CHECK(store.write([&](Transaction& now) { return now.post(about(id, "run/1", 12)); }));
  CHECK(store.read([&](Transaction& now) { return now.notifications(); }).size() == 2);
}

TEST_CASE("a setting of the store is sealed, and opens after a change of the key") {
  TestStore store(GENERATE(both_stores()));
  CHECK_FALSE(store.read([&](Transaction& now) { return now.setting("mail"); }));
  store.write([&](Transaction& now) { return now.put_setting("mail", "password=hemmelig"); });
  if (store.where().starts_with("sqlite:")) {
    store.close();
    CHECK(run("sqlite3 '" + store.file() + "' .dump").out.find("hemmelig") == std::string::npos);
    store.open();
  }
  store.close();
  const KeyedHash::Key next = test_key(90);
  REQUIRE(rotate_key(store.where(), store.key(), next));
  auto opened = open_store(store.where(), next, {});
  REQUIRE(opened);
  std::optional<std::string> found;
  REQUIRE((*opened)->read([&](Transaction& now) -> Result<void> {
    auto read = now.setting("mail");
    if (!read) return std::unexpected(read.error());
    found = *read;
    return {};
  }));
  CHECK(found == "password=hemmelig");
  opened->reset();
  REQUIRE(rotate_key(store.where(), next, store.key()));
  store.open();
  store.write([&](Transaction& now) { return now.put_setting("mail", ""); });
  CHECK_FALSE(store.read([&](Transaction& now) { return now.setting("mail"); }));
}

TEST_CASE("rules are kept by their hash, with who approved them") {
  TestStore store(GENERATE(both_stores()));
  StoredRules of;
  of.hash = "abc";
  of.content = "version 1 …";
  of.at = at(3);
  store.write([&](Transaction& now) { return now.put_rules(of); });
  of.approved = at(9);
  of.approved_by = "an engineer";
  store.write([&](Transaction& now) { return now.put_rules(of); });
  const auto found = store.read([&](Transaction& now) { return now.rules("abc"); });
  REQUIRE(found);
  CHECK(found->content == of.content);
  CHECK(found->at == at(3));
  CHECK(found->approved == at(9));
  CHECK(found->approved_by == "an engineer");
  CHECK_FALSE(store.read([&](Transaction& now) { return now.rules("abd"); }));
}

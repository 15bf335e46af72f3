#include "engine/store/care.hpp"

#include <algorithm>
#include <fstream>

#include "tests/engine/store/test_store.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

// Made up; a real one would not do in a test.
const std::string national_id = "131052-308T", account = "FI2112345600000785", token = "the-partner-key";

// A document that is kept in three parts.
std::string large() {
  std::string text;
  while (text.size() < (5U << 19U)) text += std::to_string(text.size()) + " " + national_id + "\n";
  return text;
}

void fill(TestStore& store) {
  const ConnectionId id = add_connection(store), other = add_connection(store, "other");
  store.write([&](Transaction& now) -> Result<void> {
    const Connection of = now.connection(id).value().value();
    if (auto put = now.put_credential(of, ir::Side::provider, "Partner key", token); !put) return put;
    StoredLink link;
    link.link.hub_id = "hub-1";
    link.link.provider_id = "17";
    link.link.base = {{"Account", "", {{"bank.account", {State::value, account}}}, {}, {}, {}, {}, {}, "r", "run 1"}};
    if (auto put = now.put_link(id, link); !put) return std::unexpected(put.error());
    link.link.hub_id = "hub-2";
    if (auto put = now.put_link(other, link); !put) return std::unexpected(put.error());
    Run run;
    run.connection = id;
    const auto added = now.add(run);
    if (!added) return std::unexpected(added.error());
    if (auto put = now.put_document(*added, "plan", national_id, at(1'000'000)); !put) return put;
    if (auto put = now.put_document(*added, "inputs", large(), at(1'000'000)); !put) return put;
    Intent intent;
    intent.connection = id;
    intent.hub_id = "hub-1";
    intent.writes = {{"Id", "nin", "", {State::unset, ""}, {State::value, national_id}}};
    const auto begun = now.begin(intent);
    if (!begun) return std::unexpected(begun.error());
    if (auto ended = now.end({*begun, Outcome::Kind::refused, "", "no: " + national_id, at(3)}); !ended) return ended;
    KeptValue kept;
    kept.connection = id;
    kept.hub_id = "hub-1";
    kept.before = {State::value, account};
    kept.expires = at(1'000'000);
    if (auto put = now.keep(kept); !put) return put;
    Problem problem;
    problem.connection = id;
    problem.hub_id = "hub-1";
    problem.what = "refused: " + account;
    if (auto put = now.report(problem); !put) return put;
    auto took = now.take_in({"event-1", id, "hub-1", Event::changed, at(5), at(5)});
    if (!took) return std::unexpected(took.error());
    return {};
  });
}

void check_filled(TestStore& store) {
  store.read([&](Transaction& now) -> Result<void> {
    const Connection of = now.connection("acme").value().value();
    CHECK(now.credentials(of, ir::Side::provider).value().at(0).second == token);
    CHECK(now.base(of.id).value().links.at(0).base.at(0).hub.at(0).value.text == account);
    CHECK(now.document(now.runs(of.id).value().at(0).id, "plan").value() == std::optional<std::string>(national_id));
    CHECK((now.document(now.runs(of.id).value().at(0).id, "inputs").value() == std::optional<std::string>(large())));
    CHECK(now.kept_values(of.id, no_run).value().at(0).before.text == account);
    CHECK(now.problems(of.id, true).value().at(0).what == "refused: " + account);
    CHECK(now.waiting(of.id).value() == 1);
    CHECK(now.link_of_hub(now.connection("other").value()->id, "hub-2").value());
    return {};
  });
}

std::string all_bytes(TestStore& store, const std::string& kind) {
  std::string all;
  if (kind == "sqlite") {
    for (const char* ending : {"", "-wal"}) {
      std::ifstream file(store.file() + ending, std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }
  const std::string conninfo = store.where().substr(store.where().find(':') + 1);
  const PostgresServer& server = PostgresServer::shared();
  for (const std::string& table :
       server.query(conninfo, "select table_name from information_schema.tables where table_schema = 'public'")) {
    for (const std::string& row : server.query(conninfo, "select t::text from " + table + " t")) all += row + "\n";
  }
  return all;
}

}  // namespace

TEST_CASE("no secret stands in the database in clear") {
  const std::string kind = GENERATE(both_stores());
  TestStore store(kind);
  fill(store);
  const std::string bytes = all_bytes(store, kind);
  CHECK(bytes.find("hub-1") != bytes.npos);  // looked at the right place
  for (const std::string& secret : {national_id, account, token}) CHECK(bytes.find(secret) == bytes.npos);
}

TEST_CASE("a sealed value that was moved to another connection does not open") {
  const std::string kind = GENERATE(both_stores());
  TestStore store(kind);
  fill(store);
  const std::string move =
      "update link set content = (select content from link where hub_id = 'hub-1') where hub_id = 'hub-2'";
  store.close();
  if (kind == "sqlite") {
    REQUIRE(run("sqlite3 '" + store.file() + "' \"" + move + "\"").exit == 0);
  } else {
    PostgresServer::shared().query(store.where().substr(store.where().find(':') + 1), move);
  }
  store.open();
  const auto read = store->read([](Transaction& now) -> Result<void> {
    auto links = now.links(now.connection("other").value()->id);
    if (!links) return std::unexpected(links.error());
    return {};
  });
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == Error::Kind::data);
  store.close();
  const auto sound = check_store(store.where(), store.key());
  REQUIRE(sound);
  REQUIRE(sound->damage.size() == 1);
  CHECK_THAT(sound->damage[0], Catch::Contains("does not open"));
}

TEST_CASE("another key is refused, and says which key is which") {
  TestStore store(GENERATE(both_stores()));
  store.close();
  const auto refused = open_store(store.where(), test_key(99));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Error::Kind::input);
  CHECK_THAT(refused.error().what,
             Catch::Contains(KeyedHash(test_key()).key_name()) && Catch::Contains(KeyedHash(test_key(99)).key_name()));
}

TEST_CASE("with another key everything is still there, hashes stay, and the old key opens nothing") {
  TestStore store(GENERATE(both_stores()));
  fill(store);
  const std::string hash = store->hasher().hash("x");
  store.close();
  const KeyedHash::Key next = test_key(99);
  const auto count = rotate_key(store.where(), store.key(), next);
  REQUIRE(count);
  CHECK(*count == 11);
  CHECK_FALSE(open_store(store.where(), store.key()));
  auto opened = open_store(store.where(), next);
  REQUIRE(opened);
  CHECK((*opened)->hasher().hash("x") == hash);
  opened->reset();
  REQUIRE(rotate_key(store.where(), next, store.key()));
  store.open();
  check_filled(store);
}

TEST_CASE("the key of a server's store is not changed while anybody has it open") {
  TestStore store("postgresql");
  fill(store);
  const auto refused = rotate_key(store.where(), store.key(), test_key(99));
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().what, Catch::Contains("1 other program has the store open"));
  check_filled(store);
}

TEST_CASE("whoever has the store open with a key that it no longer has writes nothing") {
  TestStore store("postgresql");
  fill(store);
  const ConnectionId id = store.read([](Transaction& now) { return now.connections(); }).at(0).id;
  const std::string conninfo = store.where().substr(store.where().find(':') + 1);
  PostgresServer::shared().query(conninfo, "update meta set content = 'another' where name = 'key_name'");
  const Result<void> written = store->write([&](Transaction& now) {
    Problem problem;
    problem.connection = id;
    problem.what = "sealed with the old key";
    return now.report(problem);
  });
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == Error::Kind::data);
  CHECK_THAT(written.error().what, Catch::Contains("its key was changed"));
  CHECK(PostgresServer::shared().query(conninfo, "select count(*) from problem").at(0) == "1");
}

TEST_CASE("a backup of either store is restored into either, with every connection paused") {
  const std::string from = GENERATE(both_stores()), to = GENERATE(both_stores());
  TestStore store(from);
  fill(store);
  Folder folder;
  const auto made =
      back_up(store.where(), store.key(), folder.file("copy"), at(1'700'000'000'000));  // while it is open
  if (!made) FAIL(made.error().what);
  CHECK(made->connections == 2);
  CHECK(back_up(store.where(), store.key(), folder.file("copy"), at(0)).error().kind == Error::Kind::input);
  CHECK(restore(store.where(), store.key(), folder.file("copy")).error().kind ==
        (from == "sqlite" ? Error::Kind::transient : Error::Kind::input));  // open; has connections
  TestStore target(to);
  const std::string where = target.where();
  target.close();
  const auto restored = restore(where, store.key(), folder.file("copy"));
  if (!restored) FAIL(restored.error().what);
  CHECK(restored->rows == made->rows);
  target.open();
  check_filled(target);
  CHECK(target->hasher().hash("x") == store->hasher().hash("x"));
  for (const Connection& each : target.read([](Transaction& now) { return now.connections(); })) {
    CHECK(each.state == ConnectionState::paused);
    CHECK(each.why == "restored from the backup of 2023-11-14 22.13 UTC");
  }
  CHECK(add_connection(target, "new") > 2);
  CHECK_FALSE(target.write(
      [](Transaction& now) { return now.take_in({"event-1", 1, "hub-1", Event::changed, at(5), at(5)}); }));
}

TEST_CASE("a backup that is damaged, cut, or of another key restores nothing") {
  TestStore store("sqlite");
  fill(store);
  const Folder& folder = store.folder();
  REQUIRE(back_up(store.where(), store.key(), folder.file("copy"), at(0)));
  const std::string whole = folder.read("copy");
  const auto restored = [&](const std::string& text, const KeyedHash::Key& key) {
    folder.write("broken", text);
    const auto result = restore("sqlite:" + folder.file("target.db"), key, folder.file("broken"));
    CHECK_FALSE(std::filesystem::exists(folder.file("target.db")));
    REQUIRE_FALSE(result);
    return result.error().what;
  };
  CHECK_THAT(restored(whole, test_key(50)), Catch::Contains("another key"));
  CHECK_THAT(restored(whole.substr(0, whole.size() - 1), store.key()), Catch::Contains("cut short"));
  CHECK_THAT(restored(whole.substr(0, 100), store.key()), Catch::Contains("cut short"));
  CHECK_THAT(restored("not a backup", store.key()), Catch::Contains("no backup"));
  for (std::size_t place = 30; place < whole.size(); place += whole.size() / 40) {
    std::string damaged = whole;
    damaged[place] ^= 1;
    restored(damaged, store.key());
  }
}

TEST_CASE("a sound store is found sound, and counted") {
  TestStore store(GENERATE(both_stores()));
  fill(store);
  const auto sound = check_store(store.where(), store.key());  // also while it is open
  REQUIRE(sound);
  CHECK(sound->damage.empty());
  CHECK(sound->sealed == 11);
  CHECK(sound->schema == 5);
  CHECK(std::ranges::count(sound->rows, std::pair<std::string, std::uint64_t>("link", 2)) == 1);
}

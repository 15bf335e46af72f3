// A PostgreSQL server that gives few connections, or none, and says so in its own words.
#include <algorithm>
#include <atomic>
#include <thread>

#include "engine/store/postgres_help.hpp"
#include "tests/engine/store/test_store.hpp"

using namespace dovetail;
using namespace dovetail::test;
using Catch::Contains;
using std::chrono::milliseconds;

namespace {

struct FewConnections {
  explicit FewConnections(int connections) {
    static std::atomic<int> made = 0;
    role = "few" + std::to_string(++made);
    PostgresServer& server = PostgresServer::shared();
    const std::string of_database = server.make_database();
    database = of_database.substr(of_database.rfind('=') + 1);
    as_root("create role " + role + " login connection limit " + std::to_string(connections));
    as_root("alter database " + database + " owner to " + role);
    where = "postgresql:" + of_database + " user=" + role;
  }
  std::vector<std::string> as_root(const std::string& statements) const {
    return PostgresServer::shared().query(PostgresServer::shared().conninfo("postgres"), statements);
  }
  void limit(int connections) const {
    as_root("alter role " + role + " connection limit " + std::to_string(connections));
  }
  int sessions() const {
    return std::stoi(as_root("select count(*) from pg_stat_activity where usename = '" + role + "'").front());
  }

  std::string role, database, where;
};

Result<void> take_in(Store& store, ConnectionId id, const std::string& person) {
  return store.write([&](Transaction& transaction) -> Result<void> {
    const auto taken = transaction.take_in({"", id, person, Event::changed, at(1), at(1)});
    return taken ? Result<void>{} : std::unexpected(taken.error());
  });
}

ConnectionId made_connection(Store& store) {
  ConnectionId id = no_connection;
  const auto done = store.write([&](Transaction& transaction) -> Result<void> {
    const auto added = transaction.add(some_connection());
    if (!added) return std::unexpected(added.error());
    id = *added;
    return {};
  });
  if (!done) FAIL(done.error().what);
  return id;
}

// What threads who write side by side could not.
std::vector<std::string> write_often(Store& store, ConnectionId id, int threads, int times) {
  std::vector<std::string> failed;
  std::mutex mutex;
  {
    std::vector<std::jthread> all;
    for (int i = 0; i < threads; ++i) {
      all.emplace_back([&, i] {
        for (int j = 0; j < times; ++j) {
          const auto done = take_in(store, id, std::to_string(i) + "/" + std::to_string(j));
          const std::lock_guard lock(mutex);
          if (!done) failed.push_back(done.error().what);
        }
      });
    }
  }
  return failed;
}

}  // namespace

TEST_CASE("with two connections everything is done that is done with five, and it is said once whose limit it is") {
  const FewConnections few(2);
  std::vector<std::string> said;
  std::mutex mutex;
  const auto opened = open_store(few.where, test_key(), {.create = true, .say = [&](const std::string& what) {
                                                           const std::lock_guard lock(mutex);
                                                           said.push_back(what);
                                                         }});
  if (!opened) FAIL(opened.error().what);
  const ConnectionId id = made_connection(**opened);
  CHECK(write_often(**opened, id, 6, 40).empty());
  CHECK(few.sessions() == 2);
  CHECK(rate_scopes(**opened)->try_enter("netvisor 1234567-8") == true);
  CHECK(rate_scopes(**opened)->take_place("poweroffice", milliseconds(1)));
  rate_scopes(**opened)->leave("netvisor 1234567-8");
  REQUIRE(said.size() == 1);
  CHECK_THAT(said.front(), Contains("the role's CONNECTION LIMIT is used up: ALTER ROLE " + few.role));
  CHECK_THAT(said.front(), Contains("this process has 2 connections, needs 2 and uses up to 5"));
  CHECK_THAT(said.front(), Contains("the work goes on with what there is"));
  few.limit(10);
  std::this_thread::sleep_for(milliseconds(1200));  // nobody asks again before
  CHECK(write_often(**opened, id, 6, 40).empty());
  CHECK(few.sessions() > 2);
}

TEST_CASE("with one connection a store says at once how many it needs, and goes on when it gets them") {
  const FewConnections few(1);
  const auto opened = open_store(few.where, test_key(), {.create = true, .patience = milliseconds(300)});
  if (!opened) FAIL(opened.error().what);
  const auto begun = std::chrono::steady_clock::now();
  const auto refused = take_in(**opened, 1, "a");
  REQUIRE_FALSE(refused);
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(2));
  CHECK(refused.error().kind == Error::Kind::transient);
  CHECK_THAT(refused.error().what, Contains("this process has 1 connection, needs 2"));
  few.limit(2);
  const ConnectionId id = made_connection(**opened);
  CHECK(take_in(**opened, id, "a"));
}

TEST_CASE("with no connection a store is refused at once, to be asked again") {
  const FewConnections few(0);
  const auto begun = std::chrono::steady_clock::now();
  const auto opened = open_store(few.where, test_key(), {.create = true});
  REQUIRE_FALSE(opened);
  CHECK(std::chrono::steady_clock::now() - begun < milliseconds(1500));
  CHECK(opened.error().kind == Error::Kind::transient);
  CHECK(opened.error().retry_after);
  CHECK_THAT(opened.error().what, Contains("ALTER ROLE " + few.role + " CONNECTION LIMIT"));
}

TEST_CASE("whoever waits for a server that is gone gives up when the program ends") {
  auto server = std::make_unique<PostgresServer>();
  std::atomic<bool> ends = false;
  const auto opened = open_store("postgresql:" + server->make_database(), test_key(),
                                 {.create = true, .gives_up = [&] { return ends.load(); }});
  REQUIRE(opened);
  const ConnectionId id = made_connection(**opened);
  server->kill();
  std::jthread soon([&] {
    std::this_thread::sleep_for(milliseconds(300));
    ends = true;
  });
  const auto begun = std::chrono::steady_clock::now();
  CHECK_FALSE(take_in(**opened, id, "a"));
  CHECK(std::chrono::steady_clock::now() - begun < milliseconds(1500));
}

TEST_CASE("a server that refuses is answered by what helps") {
  const FewConnections few(5);
  const std::string server = few.where.substr(0, few.where.find(" dbname="));
  const auto refusal = [&](const std::string& where) {
    const auto opened = open_store(where, test_key(), {.create = true});
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == Error::Kind::input);
    return opened.error().what;
  };
  CHECK_THAT(refusal(server + " dbname=nowhere user=" + few.role),
             Contains("there is no such database: CREATE DATABASE nowhere OWNER"));
  CHECK_THAT(refusal(server + " dbname=" + few.database + " user=nobody"),
             Contains("the server knows no such role: CREATE ROLE nobody LOGIN PASSWORD"));
  const std::string there = " dbname=" + few.database + " user=" + few.role;
  few.as_root("alter role " + few.role + " nologin");
  CHECK_THAT(refusal(server + there), Contains("ALTER ROLE " + few.role + " LOGIN"));
  few.as_root("alter role " + few.role + " login");
  few.as_root("alter role " + few.role + " set search_path = nowhere");
  CHECK_THAT(refusal(server + there), Contains("the role may use no schema of its search_path (nowhere)") &&
                                          Contains("CREATE SCHEMA " + few.role + " AUTHORIZATION " + few.role));
  few.as_root("alter role " + few.role + " reset search_path");
  few.as_root("alter database " + few.database + " owner to postgres");
  CHECK_THAT(refusal(server + there), Contains("GRANT USAGE, CREATE ON SCHEMA public TO " + few.role));
  few.as_root("revoke connect on database " + few.database + " from public");
  CHECK_THAT(refusal(server + there), Contains("GRANT CONNECT ON DATABASE " + few.database));
  few.as_root("grant connect on database " + few.database + " to public");
  REQUIRE(open_store(server + " dbname=" + few.database + " user=postgres", test_key(), {.create = true}));
  const std::string others = refusal(server + there);
  CHECK_THAT(others, Contains("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA"));
  CHECK_THAT(others, Contains("TO " + few.role));
}

TEST_CASE("what servers say while they are connected to is known by its words") {
  using store::connecting_kind;
  using store::postgres_help;
  using Kind = store::SqlFailure::Kind;
  struct Said {
    std::string words;
    Kind kind;
    std::string help;
  };
  const std::vector<Said> all = {
      {"FATAL:  password authentication failed for user \"Pay Roll\"", Kind::permission,
       "refuses the password of \"Pay Roll\""},
      {"fe_sendauth: no password supplied", Kind::permission, "asks for a password"},
      {"FATAL:  sorry, too many clients already", Kind::crowded, "the server's max_connections are used up"},
      {"FATAL:  remaining connection slots are reserved for non-replication superuser connections", Kind::crowded,
       "but for those that it keeps for its administrators"},
      {"FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute", Kind::crowded,
       "max_connections"},
      {"FATAL:  too many connections for database \"pay\"", Kind::crowded, "ALTER DATABASE pay CONNECTION LIMIT"},
      {"FATAL:  no pg_hba.conf entry for host \"10.0.0.1\", user \"x\", database \"y\", no encryption",
       Kind::permission, "sslmode=require"},
      {"server does not support SSL, but SSL was required", Kind::permission, "ssl = on"},
      {"SSL error: certificate verify failed", Kind::permission, "sslrootcert=FILE"},
      {"server certificate for \"a\" does not match host name \"b\"", Kind::permission, "for another host"},
      {"root certificate file \"/root.crt\" does not exist", Kind::permission, "authorities to trust are missing"},
      {"FATAL:  permission denied for database \"pay\"", Kind::permission, "GRANT CONNECT ON DATABASE pay TO ROLE"},
      {"FATAL:  Peer authentication failed for user \"x\"", Kind::permission, "does not believe that we are x"},
      {"connection refused", Kind::lost, ""},
      {"FATAL:  the database system is starting up", Kind::lost, ""},
  };
  for (const Said& each : all) {
    INFO(each.words);
    CHECK(connecting_kind(each.words) == each.kind);
    CHECK_THAT(postgres_help(each.words, {}).value_or(""), Contains(each.help));
  }
  CHECK(store::too_old(90'624).value() ==
        "the server is PostgreSQL 9.6, and 11 or a newer one is needed: bring it up to date");
  CHECK_THAT(store::too_old(100'021).value(), Contains("PostgreSQL 10, and 11"));
  CHECK_FALSE(store::too_old(110'000));
}

// The tests' own PostgreSQL servers: tests that run side by side choose their ports without asking each other.
#include "tests/postgres/server.hpp"

#include <catch2/catch.hpp>

using dovetail::test::PostgresServer;

TEST_CASE("a server whose port another one took first starts on the next, and never answers for the other") {
  PostgresServer first;
  std::vector<int> ports;
  PostgresServer second(nullptr, [&] {
    ports.push_back(ports.empty() ? first.port() : PostgresServer::free_port());
    return ports.back();
  });

  CHECK(ports.size() >= 2);
  CHECK(second.port() != first.port());
  first.make_database();
  CHECK_NOTHROW(second.make_database());
  CHECK(second.query(second.conninfo("postgres"), "select count(*) from pg_database where datname = 'test1'") ==
        std::vector<std::string>{"1"});
}

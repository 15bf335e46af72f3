#include <stdexcept>

#include "tests/engine/store/test_store.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

bool same(const Connection& one, const Connection& other) {
  const auto all = [](const Connection& of) {
    return std::tie(of.name, of.tenant, of.map, of.hub, of.provider, of.state, of.why, of.company_id, of.company_name,
                    of.observes_only, of.test_system, of.whole_hub, of.scope, of.settings, of.rules_hash, of.activated,
                    of.changed);
  };
  return all(one) == all(other);
}

Connection full_connection() {
  Connection of = some_connection("full");
  of.state = ConnectionState::paused;
  of.why = "by hand: \"wait\"\nsays Å'";
  of.company_id = "1234567-8";
  of.company_name = "Esimerkki Oy";
  of.observes_only = true;
  of.test_system = true;
  of.whole_hub = false;
  of.scope = {"", "a:b", "hub-1"};
  of.settings = {{"Default country", "FI"}, {"", "x:y"}, {"Empty", ""}};
  of.rules_hash = "abc";
  of.activated = at(-5);
  return of;
}

}  // namespace

TEST_CASE("a connection is read back as it was written, also after a restart") {
  TestStore store(GENERATE(both_stores()));
  const Connection of = full_connection();
  const ConnectionId id = store.write([&](Transaction& now) { return now.add(of); });
  CHECK(id > 0);
  store.open_again();
  const auto found = store.read([&](Transaction& now) { return now.connection("full"); });
  REQUIRE(found);
  CHECK(same(*found, of));
  CHECK(found->id == id);
  CHECK(found->version == 1);
  CHECK(same(*store.read([&](Transaction& now) { return now.connection(id); }), of));
  CHECK_FALSE(store.read([&](Transaction& now) { return now.connection("nobody"); }));
  CHECK_FALSE(store.read([&](Transaction& now) { return now.connection(id + 1); }));
}

TEST_CASE("connections are listed by name") {
  TestStore store(GENERATE(both_stores()));
  for (const char* name : {"b", "a", "B", "ä"}) add_connection(store, name);
  const auto all = store.read([](Transaction& now) { return now.connections(); });
  std::vector<std::string> names;
  for (const Connection& each : all) names.push_back(each.name);
  CHECK(names == std::vector<std::string>{"B", "a", "b", "ä"});
}

TEST_CASE("a name that is taken is refused, and everything else of the transaction with it") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId first = add_connection(store, "first");
  const auto refused = store->write([&](Transaction& now) -> Result<void> {
    if (auto added = now.add(some_connection("second")); !added) return std::unexpected(added.error());
    auto again = now.add(some_connection("first"));
    if (!again) return std::unexpected(again.error());
    return {};
  });
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Error::Kind::input);
  CHECK(refused.error().what == "there is a connection named \"first\" already");
  CHECK(store.read([](Transaction& now) { return now.connections(); }).size() == 1);
  add_connection(store, "second");
  auto of = *store.read([&](Transaction& now) { return now.connection(first); });
  of.name = "second";
  CHECK(store->write([&](Transaction& now) { return now.update(of); }).error().kind == Error::Kind::input);
}

TEST_CASE("a connection that somebody changed meanwhile is not overwritten") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  auto mine = *store.read([&](Transaction& now) { return now.connection(id); });
  auto theirs = mine;
  theirs.state = ConnectionState::quarantined;
  store.write([&](Transaction& now) { return now.update(theirs); });
  mine.why = "mine";
  const auto stale = store->write([&](Transaction& now) { return now.update(mine); });
  REQUIRE_FALSE(stale);
  CHECK(stale.error().kind == Error::Kind::transient);
  const auto now = *store.read([&](Transaction& each) { return each.connection(id); });
  CHECK(now.state == ConnectionState::quarantined);
  CHECK(now.version == 2);
}

TEST_CASE("a connection stays with its tenant") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store);
  auto of = *store.read([&](Transaction& now) { return now.connection(id); });
  of.tenant = "somebody-else";
  CHECK(store->write([&](Transaction& now) { return now.update(of); }).error().kind == Error::Kind::input);
}

TEST_CASE("removing a connection takes everything of it along, and nothing of others") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store, "gone"), stays = add_connection(store, "stays");
  for (const ConnectionId each : {id, stays}) {
    store.write([&](Transaction& now) -> Result<void> {
      auto of = now.connection(each).value().value();
      StoredLink link;
      link.link.hub_id = "h";
      if (auto put = now.put_link(each, link); !put) return std::unexpected(put.error());
      if (auto took = now.take_in({"e", each, "h", Event::added, at(1), at(1)}); !took) {
        return std::unexpected(took.error());
      }
      Run run;
      run.connection = each;
      const auto added = now.add(run);
      if (!added) return std::unexpected(added.error());
      if (auto put = now.put_document(*added, "plan", "text", at(9)); !put) return put;
      Problem problem;
      problem.connection = each;
      if (auto reported = now.report(problem); !reported) return reported;
      return now.put_credential(of, ir::Side::hub, "Key", "secret");
    });
  }
  store.write([&](Transaction& now) { return now.remove(id); });
  CHECK_FALSE(store.read([&](Transaction& now) { return now.connection("gone"); }));
  CHECK(store.read([&](Transaction& now) { return now.links(stays); }).size() == 1);
  CHECK(store.read([&](Transaction& now) { return now.problems(stays, true); }).size() == 1);
  CHECK(store.read([&](Transaction& now) { return now.runs(stays); }).size() == 1);
  CHECK(store.read([&](Transaction& now) { return now.links(id); }).empty());
  CHECK(store->write([&](Transaction& now) { return now.remove(id); }).error().kind == Error::Kind::input);
}

TEST_CASE("credentials are read back in the order they were given, and replaced by label") {
  TestStore store(GENERATE(both_stores()));
  const ConnectionId id = add_connection(store), other = add_connection(store, "other");
  const auto of = *store.read([&](Transaction& now) { return now.connection(id); });
  const auto put = [&](ir::Side side, const char* label, const char* secret) {
    store.write([&](Transaction& now) { return now.put_credential(of, side, label, secret); });
  };
  put(ir::Side::provider, "Partner key", "one");
  put(ir::Side::provider, "Customer key", "");
  put(ir::Side::hub, "Token", "t");
  put(ir::Side::provider, "Partner key", "two ä\n");
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(store.read([&](Transaction& now) { return now.credentials(of, ir::Side::provider); }) ==
        Pairs{{"Partner key", "two ä\n"}, {"Customer key", ""}});
  CHECK(store.read([&](Transaction& now) { return now.credentials(of, ir::Side::hub); }) == Pairs{{"Token", "t"}});
  const auto nobody = *store.read([&](Transaction& now) { return now.connection(other); });
  CHECK(store.read([&](Transaction& now) { return now.credentials(nobody, ir::Side::hub); }).empty());
}

TEST_CASE("a text with a NUL character is refused, not cut") {
  TestStore store(GENERATE(both_stores()));
  Connection of = some_connection();
  of.company_name = std::string("a\0b", 3);
  const auto refused = store->write([&](Transaction& now) -> Result<void> {
    auto added = now.add(of);
    if (!added) return std::unexpected(added.error());
    return {};
  });
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Error::Kind::input);
}

TEST_CASE("what a function throws comes out of its transaction, which leaves nothing and harms nobody") {
  TestStore store(GENERATE(both_stores()));
  for (int i = 0; i < 6; ++i) {
    CHECK_THROWS_AS(store->write([&](Transaction& now) -> Result<void> {
      now.add(some_connection("thrown")).value();
      throw std::out_of_range("a bug");
    }),
                    std::out_of_range);
    CHECK_THROWS_AS(store->read([](Transaction&) -> Result<void> { throw std::out_of_range("a bug"); }),
                    std::out_of_range);
  }
  CHECK_FALSE(store.read([](Transaction& now) { return now.connection("thrown"); }));
  add_connection(store, "thrown");
}

// A company is connected once.
#include "engine/api/same_company.hpp"

#include <catch2/catch.hpp>

#include "tests/engine/api/office.hpp"

namespace dovetail::test {
namespace {

using Catch::Matchers::Contains;

Connection at(const std::string& provider, const std::string& company = "1234567-8") {
  Connection connection;
  connection.provider = provider;
  connection.company_id = company;
  return connection;
}

// Another connection to the same company, as an earlier version let it in.
void add_second(Office& office, const std::string& name) {
  auto& store = office.runtime->store();
  const Result<void> added = store.write([&](Transaction& transaction) -> Result<void> {
    auto first = transaction.connection("finland");
    if (!first) return std::unexpected(first.error());
    Connection second = **first;
    second.name = name;
    const auto id = transaction.add(second);
    if (!id) return std::unexpected(id.error());
    second.id = *id;
    for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
      const auto credentials = transaction.credentials(**first, side);
      if (!credentials) return std::unexpected(credentials.error());
      for (const auto& [label, secret] : *credentials) {
        if (auto put = transaction.put_credential(second, side, label, secret); !put) return put;
      }
    }
    return {};
  });
  REQUIRE(added.has_value());
}

TEST_CASE("companies are the same where system, address and id are") {
  const Connection real = at("netvisor:");
  CHECK(is_same_company(real, at("netvisor:https://integration.netvisor.fi/")));
  CHECK(is_same_company(real, at("netvisor:https://Integration.Netvisor.fi:443")));
  CHECK_FALSE(is_same_company(real, at("netvisor:", "7654321-0")));
  CHECK_FALSE(is_same_company(real, at("finago:")));
  CHECK_FALSE(is_same_company(at("netvisor:", ""), at("netvisor:", "")));
  const Connection here = at("netvisor:http://localhost:8101");
  CHECK_FALSE(is_same_company(real, here));
  CHECK(is_same_company(here, at("netvisor:http://127.0.0.1:8101/")));
  CHECK(is_same_company(here, at("netvisor:http://[::1]:8101/x?y")));
  CHECK_FALSE(is_same_company(here, at("netvisor:http://localhost:8102")));
}

TEST_CASE("a company that is connected already is refused, whatever the scope, and nothing is stored") {
  Office office;
  office.connect("finland", "netvisor");
  Json request = office.wanted("again", "netvisor");
  request["call"] = "connection.introduce";
  SECTION("everybody") {}
  SECTION("a part of the people") {
    request["scope"] = Json::array({office.system("huma").rows("users").begin().key()});
  }
  const auto check_refused = [&] {
    CHECK_THAT(office.failure(request), Contains("1234567-8") &&
                                            Contains("is connected already, by connection finland") &&
                                            Contains("dovetail connection set finland"));
  };
  check_refused();
  request["call"] = "connection.add";
  request["company"] = "1234567-8";
  check_refused();
  CHECK(office.ok({{"call", "connection.list"}})["connections"].size() == 1);
  office.ok({{"call", "connection.remove"}, {"name", "finland"}});
  office.ok(request);
}

TEST_CASE("of two connections to one company, which a store has from before, one works") {
  Office office;
  office.connect("finland", "netvisor");
  add_second(office, "second");
  const Json start = {{"call", "run.start"}, {"connection", "second"}, {"by", "ada"}};
  CHECK_THAT(office.failure(start), Contains("connection second: ") &&
                                        Contains("is connected by connection finland, too") &&
                                        Contains("remove one of them (dovetail connection remove), or pause finland"));
  CHECK(office.ok({{"call", "run.start"}, {"connection", "finland"}, {"by", "ada"}})["run"] == 1);
  office.ok({{"call", "connection.pause"}, {"name", "finland"}, {"why", "replaced"}});
  CHECK(office.ok(start)["run"] == 2);
  const Json resume = {{"call", "connection.resume"}, {"name", "finland"}};
  CHECK_THAT(office.failure(resume), Contains("dovetail connection pause second"));
  office.ok({{"call", "connection.remove"}, {"name", "second"}});
  office.ok(resume);
}

TEST_CASE("a connection is not moved to where another one of the same company is") {
  Office office;
  office.connect("finland", "netvisor");
  const std::string there = office.ok({{"call", "connection.show"}, {"name", "finland"}})["provider"];
  office.ok({{"call", "connection.set"}, {"name", "finland"}, {"provider", there + "/"}});
  add_second(office, "second");
  CHECK_THAT(office.failure({{"call", "connection.set"}, {"name", "second"}, {"provider", there}}),
             Contains("finland"));
}

TEST_CASE("a credential that a system does not have is refused, and what it shows beside its keys is left aside") {
  Office office;
  Json request = office.wanted("finland", "netvisor");
  request["call"] = "connection.introduce";
  request["provider_credentials"]["bogus"] = "x";
  CHECK_THAT(
      office.failure(request),
      Contains("netvisor has no credential `bogus`; it has: user_id, key, business_id, partner_id, partner_key"));
  request["provider_credentials"].erase("bogus");
  request["hub_credentials"]["token_url"] = "https://somewhere.example";
  office.ok(request);
  office.connect("finland", "netvisor");
  const auto set = [](const Json& credentials) {
    return Json{
        {"call", "connection.set_credentials"}, {"name", "finland"}, {"of", "hub"}, {"credentials", credentials}};
  };
  CHECK_THAT(office.failure(set({{"webhook_sekret", "x"}})),
             Contains("huma has no credential `webhook_sekret`; it has: client_id, client_secret, and, where they are "
                      "wanted, groups, webhook_token, webhook_secret"));
  CHECK_THAT(office.failure(set({{"client_id", "x"}})), Contains("needs the credential `client_secret`"));
}

TEST_CASE("token and secret of a webhook are set by themselves, and taken away again") {
  Office office;
  office.connect("finland", "netvisor");
  const auto set = [&](const Json& credentials) {
    office.ok(
        {{"call", "connection.set_credentials"}, {"name", "finland"}, {"of", "hub"}, {"credentials", credentials}});
  };
  const Json call = {{"call", "webhook"},
                     {"connection", "finland"},
                     {"headers", {{"Authorization", "Bearer tok"}, {"huma-topic", "users-update"}}},
                     {"body", R"({"topic":"users-update","users":[{"id":"u1"}]})"}};
  CHECK_THAT(office.failure(call), Contains("auth: ") && Contains("neither webhook_token nor webhook_secret is set"));
  set({{"webhook_token", "tok"}});
  CHECK(office.ok(call)["people"] == 1);
  set({{"webhook_secret", "sec"}});
  CHECK_THAT(office.failure(call), Contains("not made with webhook_secret"));
  set({{"webhook_secret", ""}});
  CHECK(office.ok(call)["people"] == 1);
  set({{"webhook_token", ""}});
  CHECK_THAT(office.failure(call), Contains("neither webhook_token nor webhook_secret is set"));
}

}  // namespace
}  // namespace dovetail::test

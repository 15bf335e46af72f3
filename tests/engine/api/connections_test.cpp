#include <catch2/catch.hpp>

#include "tests/engine/api/office.hpp"

namespace dovetail::test {
namespace {

using Catch::Matchers::Contains;

TEST_CASE("a connection is introduced, confirmed and added, and then is fresh") {
  Office office;
  const Json added = office.connect("norway", "poweroffice_go");
  CHECK(added["name"] == "norway");
  CHECK(added["state"] == "fresh");
  CHECK(added["company"]["id"] != "");
  CHECK(office.ok({{"call", "connection.list"}})["connections"].size() == 1);
  CHECK(office.ok({{"call", "connection.check"}, {"name", "norway"}})["provider"]["id"] == added["company"]["id"]);
  CHECK_THAT(office.failure({{"call", "connection.show"}, {"name", "sweden"}}), Contains("there are: norway"));
}

TEST_CASE("nothing is stored of a connection that cannot be right") {
  Office office;
  const auto refused = [&](const std::string& member, const Json& value) {
    Json request = office.wanted("finland", "netvisor");
    request["call"] = "connection.add";
    request["company"] = "";
    if (value.is_null()) {
      request.erase(member);
    } else {
      request[member] = value;
    }
    const std::string why = office.failure(request);
    CHECK(office.ok({{"call", "connection.list"}})["connections"].empty());
    return why;
  };
  CHECK_THAT(refused("name", "two words"), Contains("cannot be a connection's name"));
  CHECK_THAT(refused("map", "nosuch"), Contains("no rule file `nosuch`"));
  CHECK_THAT(refused("hub", "finago:http://localhost:1"), Contains("write huma:URL"));
  CHECK_THAT(refused("provider", "exports/netvisor.xml"), Contains("write netvisor:URL"));
  CHECK_THAT(refused("settings", {{"payrol_rule_group", "x"}}), Contains("it has: payroll_rule_group"));
  CHECK_THAT(refused("provider_credentials", {{"user_id", "x"}}), Contains("needs the credential `key`"));
  CHECK_THAT(refused("company", nullptr), Contains("`company` is missing"));
  CHECK_THAT(refused("company", "another"), Contains("these keys are of"));
  CHECK_THAT(refused("conection", "x"), Contains("`conection` is not known here"));
  CHECK_THAT(refused("observe_only", "yes"), Contains("must be true or false"));
  Json wrong = office.wanted("finland", "netvisor")["hub_credentials"];
  wrong["client_secret"] = "wrong";
  CHECK_THAT(refused("hub_credentials", wrong), Contains("auth: "));
}

TEST_CASE("other keys keep the links of a company, and another company's keys are refused") {
  Office office;
  office.connect("norway", "poweroffice_go");
  const Json same = credentials_of("poweroffice_go", office.system("poweroffice_go"));
  office.ok({{"call", "connection.set_credentials"}, {"name", "norway"}, {"of", "provider"}, {"credentials", same}});
  auto other = office.system("poweroffice_go").rows("clients");
  CHECK(other.size() >= 1);
  auto connection = office.runtime->connections().set("norway", [](Connection& c) { c.company_id = "another"; });
  REQUIRE(connection.has_value());
  CHECK_THAT(
      office.failure(
          {{"call", "connection.set_credentials"}, {"name", "norway"}, {"of", "provider"}, {"credentials", same}}),
      Contains("make another connection for another company"));
  CHECK_THAT(office.failure({{"call", "connection.check"}, {"name", "norway"}}), Contains("data: "));
}

TEST_CASE("a connection is paused, resumed, changed and removed") {
  Office office;
  office.connect("sweden", "finago");
  CHECK(office.ok({{"call", "connection.pause"}, {"name", "sweden"}, {"why", "holidays"}})["why"] == "holidays");
  CHECK(office.ok({{"call", "connection.show"}, {"name", "sweden"}})["state"] == "paused");
  CHECK(office.ok({{"call", "connection.resume"}, {"name", "sweden"}})["state"] == "fresh");
  const Json scope = {"b", "a"};
  CHECK(office.ok({{"call", "connection.set"}, {"name", "sweden"}, {"scope", scope}})["scope"] == Json({"a", "b"}));
  CHECK(office.ok({{"call", "connection.set"}, {"name", "sweden"}, {"whole_hub", true}})["scope"].is_null());
  CHECK(office.ok({{"call", "connection.set"}, {"name", "sweden"}, {"observe_only", true}})["observe_only"] == true);
  office.ok({{"call", "connection.remove"}, {"name", "sweden"}});
  CHECK_THAT(office.failure({{"call", "connection.show"}, {"name", "sweden"}}), Contains("there are none yet"));
}

TEST_CASE("events wait in the store, each id once") {
  Office office;
  office.connect("finland", "netvisor");
  const auto event = [&](const std::string& person, const std::string& id) {
    return office.ok({{"call", "event"}, {"connection", "finland"}, {"person", person}, {"id", id}})["new"].get<bool>();
  };
  CHECK(event("p1", "e1"));
  CHECK(!event("p1", "e1"));
  CHECK(event("p1", "e2"));
  CHECK(event("p2", "e3"));
  const Json status = office.ok({{"call", "status"}, {"connection", "finland"}});
  CHECK(status["waiting"] == 3);
  CHECK(status["people"].size() == 2);
  CHECK_THAT(office.failure({{"call", "event"}, {"connection", "finland"}, {"person", ""}}), Contains("`person`"));
  CHECK_THAT(office.failure({{"call", "event"}, {"connection", "finland"}, {"person", "p"}, {"what", "vanished"}}),
             Contains("must be changed, added, deactivated or removed"));
}

TEST_CASE("a webhook is believed only with the keys that were agreed") {
  Office office;
  office.connect("finland", "netvisor");
  const std::string body = R"({"topic":"USER_UPDATE","userIds":["u1"]})";
  CHECK_THAT(office.failure({{"call", "webhook"},
                             {"connection", "finland"},
                             {"headers", {{"Authorization", "Bearer nobody"}}},
                             {"body", body}}),
             Contains("auth: "));
  CHECK(office.ok({{"call", "status"}, {"connection", "finland"}})["waiting"] == 0);
}

TEST_CASE("a request that makes no sense is answered, not obeyed") {
  Office office;
  const auto kind = [&](const std::string& request) {
    return Json::parse(answer(*office.runtime, request).json)["error"]["what"].get<std::string>();
  };
  CHECK_THAT(kind(""), Contains("must be a JSON object"));
  CHECK_THAT(kind("[]"), Contains("must be a JSON object"));
  CHECK_THAT(kind("{}"), Contains("there is no call"));
  CHECK_THAT(kind(R"({"call":"fly"})"), Contains("there is no call `fly`"));
  CHECK_THAT(kind(R"({"call":3})"), Contains("there is no call"));
  CHECK_THAT(kind(std::string(200'000, '[')), Contains("must be a JSON object"));
  CHECK_THAT(kind("{\"call\":\"connection.show\",\"name\":\"\xff\"}"), Contains("must be a JSON object"));
}

TEST_CASE("too many events are refused with a time to come again, and none of them is half taken in") {
  Office office;
  office.connect("finland", "netvisor");
  office.runtime.reset();
  const Json options = {
      {"store", "sqlite:" + office.folder.file("store.db")}, {"key", office.key}, {"most_waiting", 2}};
  auto opened = Runtime::open(read_options(options.dump()).value());
  REQUIRE(opened.has_value());
  office.runtime = std::move(*opened);
  for (const char* person : {"a", "b"}) {
    office.ok({{"call", "event"}, {"connection", "finland"}, {"person", person}, {"id", person}});
  }
  const Json full = office.call({{"call", "event"}, {"connection", "finland"}, {"person", "c"}, {"id", "c"}});
  CHECK(full["error"]["kind"] == "rate");
  CHECK(full["error"]["retry_after_ms"].get<int>() > 0);
  CHECK_THAT(full["error"]["what"].get<std::string>(), Contains("no more than 2"));
  office.runtime.reset();
  opened = Runtime::open({.store = "sqlite:" + office.folder.file("store.db"), .key = office.key, .network = {}});
  REQUIRE(opened.has_value());
  office.runtime = std::move(*opened);
  CHECK(office.ok({{"call", "status"}, {"connection", "finland"}})["waiting"] == 2);
  CHECK(office.ok({{"call", "event"}, {"connection", "finland"}, {"person", "c"}, {"id", "c"}})["new"] == true);
}

}  // namespace
}  // namespace dovetail::test

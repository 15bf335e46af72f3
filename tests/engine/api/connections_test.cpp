#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include "engine/api/dovetail.h"
#include "tests/engine/api/office.hpp"
#include "tools/sandbox/systems.hpp"

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
  CHECK_THAT(office.failure({{"call", "connection.check"}, {"name", "norway"}}), Contains("input: "));
}

TEST_CASE("another address is believed only when the same company answers there") {
  Office office;
  office.connect("norway", "poweroffice_go");
  const auto move_to = [&](const sandbox::Sandbox& where) {
    return office.runtime->connections().set("norway",
                                             [&](Connection& of) { of.provider = "poweroffice_go:" + where.url(); });
  };
  const std::string before = office.runtime->connections().find("norway")->provider;
  const auto start = [] {
    return sandbox::Sandbox::start(sandbox::make_system("poweroffice_go", {.count = 5})).value();
  };
  const auto other = start();
  const std::string key = other->rows("clients").begin().key();
  other->patch_row("clients", key, {{"ClientId", "7a4c1b7e-0000-4000-8000-00000000beef"}, {"ClientName", "Other AS"}});
  const auto refused = move_to(*other);
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().what, Contains("Other AS") && Contains("make another connection for another company"));
  CHECK(office.runtime->connections().find("norway")->provider == before);
  CHECK(move_to(*start()).has_value());
}

TEST_CASE("a forked child cannot use its parent's runtime, and does not hang") {
  Folder folder;
  const std::string options =
      Json({{"store", "sqlite:" + folder.file("f.db")}, {"key", std::string(64, '7')}, {"create", true}}).dump();
  dovetail_runtime* runtime = nullptr;
  REQUIRE(dovetail_open(options.c_str(), &runtime, nullptr) == DOVETAIL_OK);
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(20);
    char* answer = nullptr;
    const int kind = dovetail_call(runtime, R"({"call":"connection.pause","name":"x","why":"y"})", &answer);
    const bool clear = answer != nullptr && std::string(answer).find("another process") != std::string::npos;
    dovetail_close(runtime);
    ::_exit(kind == DOVETAIL_FAILED && clear ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(dovetail_call(runtime, R"({"call":"connection.list"})", nullptr) == DOVETAIL_OK);
  dovetail_close(runtime);
}

TEST_CASE("ids from outside have an end") {
  Office office;
  office.connect("finland", "netvisor");
  const auto event = [&](const std::string& person, const std::string& id) {
    return office.failure({{"call", "event"}, {"connection", "finland"}, {"person", person}, {"id", id}});
  };
  CHECK_THAT(event(std::string(201, 'x'), ""), Contains("longer than 200 bytes"));
  CHECK_THAT(event("a\nb", ""), Contains("control characters"));
  CHECK_THAT(event("x", std::string(201, 'x')), Contains("longer than 200 bytes"));
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

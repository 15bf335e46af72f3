#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "engine/api/dovetail.h"
#include "tests/engine/api/office.hpp"
#include "tests/engine/api/silent_system.hpp"
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

TEST_CASE("closing waits for the calls that are under way, and calls after it are answered") {
  Folder folder;
  SilentSystem silent;
  const std::string options =
      Json({{"store", "sqlite:" + folder.file("c.db")}, {"key", std::string(64, '7')}, {"create", true}}).dump();
  dovetail_runtime* runtime = nullptr;
  REQUIRE(dovetail_open(options.c_str(), &runtime, nullptr) == DOVETAIL_OK);
  const Json wanted = {
      {"call", "connection.introduce"},
      {"name", "norway"},
      {"map", "poweroffice_go"},
      {"hub", "huma:" + silent.url()},
      {"provider", "poweroffice_go:" + silent.url()},
      {"hub_credentials", {{"client_id", "a"}, {"client_secret", "b"}, {"groups", "c"}}},
      {"provider_credentials", {{"application_key", "a"}, {"client_key", "b"}, {"subscription_key", "c"}}}};
  std::string answered;
  std::thread caller([&] {
    char* answer = nullptr;
    dovetail_call(runtime, wanted.dump().c_str(), &answer);
    answered = answer;
    dovetail_free(answer);
  });
  silent.wait_for_call();
  std::atomic<bool> is_closed = false;
  std::thread closer([&] {
    dovetail_close(runtime);
    is_closed = true;
  });
  std::string refused;
  while (refused.empty()) {
    char* answer = nullptr;
    if (dovetail_call(runtime, R"({"call":"calls"})", &answer) == DOVETAIL_FAILED) refused = answer;
    dovetail_free(answer);
  }
  CHECK_THAT(refused, Contains("is being closed"));
  CHECK(!is_closed);
  silent.refuse_call();
  caller.join();
  closer.join();
  CHECK_THAT(answered, Contains("error"));
  char* answer = nullptr;
  CHECK(dovetail_call(runtime, R"({"call":"calls"})", &answer) == DOVETAIL_FAILED);
  CHECK_THAT(answer, Contains("this runtime is closed"));
  dovetail_free(answer);
  dovetail_close(runtime);
}

TEST_CASE("ids from outside have an end") {
  Office office;
  office.connect("finland", "netvisor");
  const auto event = [&](const std::string& person, const std::string& id) {
    Json request{{"call", "event"}, {"connection", "finland"}, {"person", person}};
    if (!id.empty()) request["id"] = id;
    return office.failure(request);
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
  Json scope = Json::array(), backwards = Json::array();
  const sandbox::Json users = office.system("huma").rows("users");
  for (const auto& [id, user] : users.items()) scope.push_back(id);
  for (auto id = scope.rbegin(); id != scope.rend(); ++id) backwards.push_back(*id);
  CHECK(office.ok({{"call", "connection.set"}, {"name", "sweden"}, {"scope", backwards}})["scope"] == scope);
  CHECK(office.ok({{"call", "connection.set"}, {"name", "sweden"}, {"whole_hub", true}})["scope"].is_null());
  CHECK(office.ok({{"call", "connection.set"}, {"name", "sweden"}, {"observe_only", true}})["observe_only"] == true);
  CHECK(office.ok({{"call", "connection.set"}, {"name", "sweden"}, {"new_name", "sverige"}})["name"] == "sverige");
  office.ok({{"call", "connection.remove"}, {"name", "sverige"}});
  CHECK_THAT(office.failure({{"call", "connection.show"}, {"name", "sweden"}}), Contains("there are none yet"));
}

TEST_CASE("a scope has people of the hub, or is refused") {
  Office office;
  Json request = office.wanted("finland", "netvisor");
  request["call"] = "connection.introduce";
  request["scope"] = Json::array({"nobody"});
  CHECK_THAT(office.failure(request), Contains("the scope names nobody whom the hub has by: nobody"));
  office.connect("finland", "netvisor");
  const auto refused = [&](const char* member, const Json& value) {
    return office.failure({{"call", "connection.set"}, {"name", "finland"}, {member, value}});
  };
  CHECK_THAT(refused("scope", Json::array({"nobody"})), Contains("names nobody whom the hub has by: nobody"));
  CHECK_THAT(refused("scope", Json::array()), Contains("names nobody: give ids"));
  CHECK_THAT(refused("whole_hub", false), Contains("no scope says whom"));
  Json many = Json::array();
  const sandbox::Json users = office.system("huma").rows("users");
  for (const auto& [id, user] : users.items()) many.push_back(id);
  for (int i = 0; i < 30; ++i) many.push_back("x" + std::to_string(i));
  CHECK_THAT(refused("scope", many), Contains("whom the hub has by: x0, x1, "));
  CHECK(office.ok({{"call", "connection.show"}, {"name", "finland"}})["scope"].is_null());
}

TEST_CASE("a setting is given as what it is") {
  Office office;
  CHECK(office.connect("sweden", "finago")["tenant"] == "default");
  Json request = {{"call", "connection.set"}, {"name", "sweden"}, {"settings", {{"send_positions", false}}}};
  CHECK(office.ok(request)["settings"]["send_positions"] == "false");
  request["settings"]["send_positions"] = 3;
  CHECK_THAT(office.failure(request), Contains("must be on or off"));
  request["settings"]["send_positions"] = Json::array();
  CHECK_THAT(office.failure(request), Contains("`send_positions` of `settings` must be a text, a whole number"));
  request["settings"]["send_positions"] = nullptr;
  CHECK(office.ok(request)["settings"].empty());
}

TEST_CASE("settings that are not named stay as they were") {
  Connection connection;
  connection.settings = {{"a", "1"}, {"b", "2"}, {"d", "5"}};
  const ConnectionChanges changes{.settings = {{"b", "3"}, {"a", std::nullopt}, {"c", "4"}}};
  REQUIRE(changes.put_into(connection));
  CHECK(connection.settings == decltype(connection.settings){{"b", "3"}, {"d", "5"}, {"c", "4"}});
}

TEST_CASE("authorities that are not there are refused when the runtime is opened, and no store is made") {
  const Folder folder;
  const auto refusal = [&](const std::string& file) {
    const auto opened = Runtime::open({.store = "sqlite:" + folder.file("n.db"),
                                       .key = std::string(64, '7'),
                                       .create = true,
                                       .network = {.ca_file = file, .proxy = {}}});
    REQUIRE_FALSE(opened);
    CHECK(!std::filesystem::exists(folder.file("n.db")));
    return opened.error().what;
  };
  CHECK_THAT(refusal(folder.file("nope")), Contains("no such file of certificate authorities"));
  CHECK_THAT(refusal(folder.path().string()), Contains("no such file of certificate authorities"));
  folder.write("text", "not PEM");
  CHECK_THAT(refusal(folder.file("text")), Contains("no certificate in it"));
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
  CHECK_THAT(kind("{\"call\":\"connection.show\",\"name\":\"\xff\"}"), Contains("must be a JSON object: not UTF-8"));
  CHECK_THAT(kind(R"({"call":"calls"} x)"), Contains("other text follows its end, from byte 17 on"));
  CHECK_THAT(kind(R"({"call":"calls","call":"connection.list"})"), Contains("`call` stands twice in an object"));
  CHECK_THAT(kind(R"({"call":"calls","a":[{"b":1,"b":2}]})"), Contains("`b` stands twice in an object"));
  const std::string cut = kind(R"({"call":"calls","key":secret)");
  CHECK_THAT(cut, Contains("not valid JSON: parse error at line 1, column 23") && !Contains("secret"));
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

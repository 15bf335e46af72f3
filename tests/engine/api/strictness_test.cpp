// What a host's developer gets wrong: every wrong request is answered by an error that names what is wrong.
#include <catch2/catch.hpp>
#include <set>

#include "engine/api/dovetail.h"
#include "tests/engine/api/office.hpp"

namespace dovetail::test {
namespace {

using Catch::Matchers::Contains;

// Through the C interface, as a host does; the error's text, or what was answered instead.
std::string error_of(dovetail_runtime* runtime, const std::string& request) {
  char* answer = nullptr;
  const int done = dovetail_call(runtime, request.c_str(), &answer);
  REQUIRE(answer != nullptr);
  const Json json = Json::parse(answer, nullptr, false);
  dovetail_free(answer);
  REQUIRE(json.is_object());
  if (done != DOVETAIL_FAILED) return "answered: " + json.dump();
  REQUIRE(json.contains("error"));
  CHECK(json["error"]["kind"].is_string());
  return json["error"]["what"];
}

std::string open_error(const std::string& options) {
  dovetail_runtime* runtime = nullptr;
  char* answer = nullptr;
  const int done = dovetail_open(options.c_str(), &runtime, &answer);
  const Json json = Json::parse(answer, nullptr, false);
  dovetail_free(answer);
  if (done == DOVETAIL_OK) dovetail_close(runtime);
  return done == DOVETAIL_OK ? "opened" : json["error"]["what"].get<std::string>();
}

struct Host {
  Host() {
    const Json options = {{"store", "sqlite:" + folder.file("s.db")}, {"key", std::string(64, '7')}, {"create", true}};
    REQUIRE(dovetail_open(options.dump().c_str(), &runtime, nullptr) == DOVETAIL_OK);
  }
  ~Host() { dovetail_close(runtime); }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  Folder folder;
  dovetail_runtime* runtime = nullptr;
};

}  // namespace

TEST_CASE("every call refuses what is missing, of another type, unknown, null, huge or deep, and says so") {
  const Host host;
  char* listed = nullptr;
  REQUIRE(dovetail_call(host.runtime, R"({"call": "calls"})", &listed) == DOVETAIL_OK);
  const Json calls = Json::parse(listed)["calls"];
  dovetail_free(listed);
  REQUIRE(calls.size() > 30);
  const std::vector<std::string> members = {"connection", "name",     "person",   "record",       "by",
                                            "why",        "of",       "company",  "run",          "write",
                                            "decisions",  "settings", "scope",    "credentials",  "hub_credentials",
                                            "headers",    "body",     "map",      "hub",          "provider",
                                            "threads",    "most",     "hold_ms",  "patience_ms",  "id",
                                            "after",      "rules",    "new_name", "accept_empty", "field",
                                            "what",       "tenant",   "undo",     "whole_hub"};
  const std::vector<std::string> values = {"null",
                                           "true",
                                           "5",
                                           "-1",
                                           "1.5",
                                           "9223372036854775807",
                                           "18446744073709551615",
                                           "1e308",
                                           "\"\"",
                                           "\"x\"",
                                           "\"\\u0000\"",
                                           "[]",
                                           "[1]",
                                           "{}",
                                           "{\"a\":1}",
                                           "{\"a\":{\"b\":[]}}",
                                           '"' + std::string(300'000, 'y') + '"',
                                           std::string(90, '[') + std::string(90, ']')};
  const std::set<std::string> harmless = {"calls",
                                          "connection.list",
                                          "metrics",
                                          "work.start",
                                          "work.stop",
                                          "work.until_idle",
                                          "notifications.poll",
                                          "notifications.told",
                                          "rules.impact",
                                          "person.export",
                                          "person.erase"};
  for (const Json& call : calls) {
    const std::string name = call;
    INFO(name);
    CHECK_THAT(error_of(host.runtime, R"({"call": ")" + name + R"(", "no such member": 1})"), !Contains("answered"));
    if (harmless.contains(name)) continue;
    CHECK_THAT(error_of(host.runtime, R"({"call": ")" + name + R"("})"), Contains(name + ": `") && Contains("missing"));
    for (const std::string& member : members) {
      for (const std::string& value : values) {
        const std::string said =
            error_of(host.runtime, R"({"call": ")" + name + R"(", ")" + member + "\": " + value + "}");
        if (said.starts_with("answered"))
          FAIL_CHECK(member << " " << value.substr(0, 40) << " " << said.substr(0, 200));
        CHECK(said.size() < 400'000);
      }
    }
  }
}

TEST_CASE("a request that is no object of UTF-8 and JSON is refused, however it is wrong") {
  const Host host;
  for (const std::string text :
       {"", " ", "{", "[]", "null", "5", "\"x\"", "{}", "{\"call\": 5}", "{\"call\": \"\"}", "{\"call\": null}",
        "{\"call\": \"no such\"}", "{\"call\": \"calls\", \"call\": \"calls\"}", "{\"call\": \"calls\"} x",
        "{\"call\": \"\xff\"}", "{'call': 'calls'}", "{\"call\": \"calls\", \"x\": 1e999}"}) {
    INFO(text);
    CHECK_THAT(error_of(host.runtime, text), !Contains("answered"));
  }
  for (const char open : {'[', '{'}) {
    const std::string deep = open == '[' ? std::string(3'000'000, '[') : [] {
      std::string text;
      for (int i = 0; i < 500'000; ++i) text += "{\"a\":";
      return text;
    }();
    CHECK_THAT(error_of(host.runtime, deep), Contains("more than 100 levels"));
    CHECK_THAT(error_of(host.runtime, R"({"call": "run.decide", "decisions": {"x": )" + deep + "}}"),
               Contains("levels"));
  }
  CHECK_THAT(error_of(host.runtime, R"({"call": "connection.set", "name": "x", "settings": {"a": )" +
                                        std::string(90, '[') + std::string(90, ']') + "}}"),
             Contains("must be a text, a whole number"));
}

TEST_CASE("what is given and empty is refused, for it would mean everybody, or nothing") {
  Office office;
  office.connect("norway", "poweroffice_go");
  for (const char* member : {"new_name", "map", "hub", "provider"}) {
    CHECK_THAT(office.failure({{"call", "connection.set"}, {"name", "norway"}, {member, ""}}),
               Contains(std::string("`") + member + "` is empty"));
  }
  CHECK_THAT(office.failure({{"call", "retry"}, {"connection", "norway"}, {"person", ""}}),
             Contains("`person` is empty"));
  CHECK_THAT(office.failure({{"call", "links"}, {"connection", "norway"}, {"person", ""}}),
             Contains("`person` is empty"));
  CHECK_THAT(office.failure({{"call", "person.erase"}, {"connection", ""}, {"person", "x"}}),
             Contains("`connection` is empty"));
  CHECK_THAT(
      office.failure(
          {{"call", "exclude"}, {"connection", "norway"}, {"person", "x"}, {"field", ""}, {"why", "y"}, {"by", "ada"}}),
      Contains("`field` is empty"));
}

TEST_CASE("NULL, a closed runtime and an option that cannot be used are said, and nothing ends") {
  CHECK(dovetail_open(nullptr, nullptr, nullptr) == DOVETAIL_FAILED);
  CHECK(dovetail_call(nullptr, nullptr, nullptr) == DOVETAIL_FAILED);
  dovetail_close(nullptr);
  dovetail_free(nullptr);
  dovetail_runtime* closed = nullptr;
  {
    const Host host;
    closed = host.runtime;
    CHECK(dovetail_call(host.runtime, nullptr, nullptr) == DOVETAIL_FAILED);
  }
  CHECK_THAT(error_of(closed, R"({"call": "calls"})"), Contains("closed"));
  dovetail_close(closed);
  const Folder folder;
  const auto with = [&](const char* member, const Json& value) {
    Json options = {{"store", "sqlite:" + folder.file("s.db")}, {"key", std::string(64, '7')}, {"create", true}};
    options[member] = value;
    return open_error(options.dump());
  };
  CHECK_THAT(with("proxy", "x"), Contains("the proxy must be given as http://[user:password@]host:port"));
  CHECK_THAT(with("proxy", "https://proxy.example:8080"), Contains("the proxy must be given as"));
  CHECK_THAT(with("proxy", ""), Contains("`proxy` is empty"));
  CHECK_THAT(with("key", "short"), Contains("64 hexadecimal digits"));
  CHECK_THAT(with("store", "mysql:x"), !Contains("opened"));
  CHECK_THAT(with("store", 5), Contains("`store` must be a text"));
  CHECK_THAT(with("create", "yes"), Contains("`create` must be true or false"));
  CHECK_THAT(with("log", "xml"), Contains("`log` must be json, text or none"));
  CHECK_THAT(with("most_waiting", -1), Contains("`most_waiting` must be 0 or more"));
  CHECK_THAT(with("no_such", 1), Contains("`no_such` is not known here"));
  CHECK_THAT(with("ca_file", "/no/such/file"), Contains("no such file"));
}

TEST_CASE("an id that was never given out is not found, which is no failure") {
  Office office;
  CHECK(office.ok({{"call", "notifications.told"}, {"id", 999}})["found"] == false);
  office.connect("norway", "poweroffice_go");
  const Json run = office.ok({{"call", "run.start"}, {"connection", "norway"}, {"by", "ada"}})["run"];
  const Json decisions = {{"dovetail", "decisions"}, {"version", 1}, {"bulk", "hub"}, {"create", "both"}};
  office.ok({{"call", "run.decide"}, {"connection", "norway"}, {"run", run}, {"decisions", decisions}});
  office.ok({{"call", "run.apply"}, {"connection", "norway"}, {"run", run}});
  const Json told = office.ok({{"call", "notifications.poll"}})["notifications"];
  REQUIRE(told.size() == 1);
  CHECK(office.ok({{"call", "notifications.told"}, {"id", told[0]["id"]}})["found"] == true);
  CHECK(office.ok({{"call", "notifications.told"}, {"id", told[0]["id"]}})["found"] == true);
}

TEST_CASE("the log and who is due come in pages, each once, in the same order") {
  Office office;
  office.connect("norway", "poweroffice_go");
  const ConnectionId id = office.runtime->connections().find("norway")->id;
  const auto written = office.runtime->store().write([&](Transaction& transaction) -> Result<void> {
    std::vector<Problem> all;
    for (int i = 0; i < 95; ++i) {
      const Instant at(std::chrono::milliseconds(1'763'000'000'000 + i / 10));  // many at one moment
      all.push_back({.connection = id,
                     .hub_id = "p" + std::to_string(i),
                     .reason = i == 7 ? Reason::rate_limited : Reason::validation,
                     .what = "x",
                     .first = at,
                     .last = at,
                     .next_try = i == 7 ? std::optional(Instant(std::chrono::hours(24 * 365 * 200))) : std::nullopt,
                     .needs_you = i % 2 == 0});
      const auto taken =
          transaction.take_in({.id = {}, .connection = id, .hub_id = all.back().hub_id, .at = at, .due = at});
      if (!taken) return std::unexpected(taken.error());
    }
    return transaction.report_all(all);
  });
  REQUIRE(written);
  const Json whole = office.ok({{"call", "log"}, {"connection", "norway"}});
  CHECK(whole["next"].is_null());
  REQUIRE(whole["problems"].size() == 95);
  Json paged = Json::array();
  Json request = {{"call", "log"}, {"connection", "norway"}, {"most", 20}};
  for (int page = 0; page < 10; ++page) {
    const Json part = office.ok(request);
    for (const Json& each : part["problems"]) paged.push_back(each);
    if (part["next"].is_null()) break;
    request["after"] = part["next"];
  }
  CHECK(paged == whole["problems"]);
  CHECK(office.ok({{"call", "log"}, {"connection", "norway"}, {"person", "p3"}})["problems"].size() == 1);
  for (const char* wrong : {"x", "1", "1-", "-", "1-x", "--1", "99999999999999999999-1"}) {
    CHECK_THAT(office.failure({{"call", "log"}, {"connection", "norway"}, {"after", wrong}}),
               Contains("`after` must be"));
  }
  const Json status = office.ok({{"call", "status"}, {"connection", "norway"}, {"most", 10}});
  CHECK(status["people"].size() == 10);
  CHECK(status["people_in_all"] == 95);
  CHECK(status["problems"] == 95);
  CHECK(status["needs_you"] == 48);
  CHECK(status["waits_until"] == "2169-11-13T00:00:00.000Z");
  const Json rest = office.ok({{"call", "status"}, {"connection", "norway"}, {"after", status["people"][9]["person"]}});
  CHECK(rest["people"].size() == 85);
}

}  // namespace dovetail::test

#include <filesystem>
#include <fstream>

#include "tests/places.hpp"
#include "tests/tools/sandbox/client.hpp"
#include "tools/sandbox/options.hpp"

using namespace dovetail::sandbox;
using namespace dovetail::sandbox::test;
using Catch::Contains;

namespace {

struct Payday {
  explicit Payday(int people = 3) : sandbox(start("finago", people)), http(client_of(*sandbox)) {
    bearer = json_of(call(http, "GET", "/api/auth?token=sandbox-access-token"))["accessToken"];
  }
  httplib::Response list() { return call(http, "GET", "/api/employee/v2", {{"Authorization", "Bearer " + bearer}}); }
  void fault(const Json& description) {
    CHECK(call(http, "POST", "/_sandbox/faults", {}, description.dump()).status == 200);
  }

  std::unique_ptr<Sandbox> sandbox;
  httplib::Client http;
  std::string bearer;
};

}  // namespace

TEST_CASE("the control endpoint says what runs and how to be let in") {
  Payday payday;
  const Json index = json_of(call(payday.http, "GET", "/_sandbox"));
  CHECK(index["system"] == "finago");
  CHECK(index["url"] == payday.sandbox->url());
  CHECK(index["credentials"]["access_token"] == "sandbox-access-token");
  CHECK(index["tables"]["employees"] == 3);
  CHECK(call(payday.http, "GET", "/_sandbox/nothing").status == 404);
}

TEST_CASE("knobs are turned all together or not at all, and wrong ones are named") {
  Payday payday;
  const auto put = [&](const Json& knobs) { return call(payday.http, "PUT", "/_sandbox/knobs", {}, knobs.dump()); };
  CHECK(put({{"check_account", true}, {"error_body", "text"}}).status == 200);
  const auto unknown = put({{"error_body", "html"}, {"chek", "on"}});
  CHECK(unknown.status == 400);
  CHECK_THAT(json_of(unknown)["error"].get<std::string>(), Contains("no knob is named `chek`"));
  CHECK_THAT(json_of(put({{"error_body", "xml"}}))["error"].get<std::string>(),
             Contains("it has: json, text, html, empty"));
  CHECK_THAT(json_of(put({{"token_seconds", -1}}))["error"].get<std::string>(), Contains("whole number"));
  const Json knobs = json_of(call(payday.http, "GET", "/_sandbox/knobs"));
  const auto value = [&](const std::string& name) {
    return std::ranges::find_if(knobs, [&](const Json& each) { return each["name"] == name; })->at("value");
  };
  CHECK(value("check_account") == "on");
  CHECK(value("error_body") == "text");
}

TEST_CASE("a fault strikes the calls that it names as often as it says") {
  Payday payday;
  payday.fault(
      {{"kind", "status"}, {"status", 503}, {"times", 2}, {"skip", 1}, {"path", "/employee"}, {"retry_after", 7}});
  CHECK(payday.list().status == 200);
  const auto struck = payday.list();
  CHECK(struck.status == 503);
  CHECK(struck.get_header_value("Retry-After") == "7");
  CHECK(payday.list().status == 503);
  CHECK(payday.list().status == 200);
  CHECK(json_of(call(payday.http, "GET", "/_sandbox/faults")).empty());
  const auto wrong = call(payday.http, "POST", "/_sandbox/faults", {}, Json({{"kind", "flood"}}).dump());
  CHECK_THAT(json_of(wrong)["error"].get<std::string>(), Contains("latency, status"));
  CHECK_THAT(json_of(call(payday.http, "POST", "/_sandbox/faults", {},
                          Json({{"kind", "status"}, {"stauts", 1}}).dump()))["error"]
                 .get<std::string>(),
             Contains("no member `stauts`"));
}

TEST_CASE("every kind of fault does what it says") {
  Payday payday;
  payday.fault({{"kind", "status"}, {"status", 429}});
  CHECK_FALSE(payday.list().has_header("Retry-After"));
  payday.fault({{"kind", "content_type"}, {"content_type", "text/html"}});
  CHECK(payday.list().get_header_value("Content-Type") == "text/html");
  payday.fault({{"kind", "redirect"}, {"location", "https://login.example.com/"}});
  const auto redirected = payday.list();
  CHECK(redirected.status == 302);
  CHECK(redirected.get_header_value("Location") == "https://login.example.com/");
  payday.fault({{"kind", "empty_list"}});
  CHECK(json_of(payday.list()).empty());
  payday.fault({{"kind", "short_page"}, {"rows", 2}});
  CHECK(json_of(payday.list()).size() == 2);
  payday.fault({{"kind", "cut_body"}, {"bytes", 10}});
  CHECK(payday.list().body.size() == 10);
  const auto begin = std::chrono::steady_clock::now();
  payday.fault({{"kind", "latency"}, {"milliseconds", 150}});
  CHECK(payday.list().status == 200);
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(150));
  payday.fault({{"kind", "expire_tokens"}});
  CHECK(payday.list().status == 401);
  CHECK(payday.list().status == 401);
}

TEST_CASE("a page of poweroffice go may end early, with or without a word of it") {
  const auto sandbox = start("poweroffice_go", 5);
  auto http = client_of(*sandbox);
  const httplib::Headers key = {{"Ocp-Apim-Subscription-Key", "0123456789abcdef0123456789abcdef"}};
  httplib::Headers keys = key;
  keys.insert(httplib::make_basic_authentication_header("5c1f0e6a-0000-4000-8000-0000000a0001",
                                                        "9d27b1c4-0000-4000-8000-0000000c0001"));
  const std::string token = json_of(call(http, "POST", "/OAuth/Token", keys, "grant_type=client_credentials",
                                         "application/x-www-form-urlencoded"))["access_token"];
  httplib::Headers bearer = key;
  bearer.emplace("Authorization", "Bearer " + token);
  const auto pages = [&](bool says_more) {
    sandbox->add_fault({{"kind", "short_page"}, {"rows", 1}, {"says_more", says_more}});
    const auto answer = call(http, "GET", "/v2/Employees?PageSize=2", bearer);
    CHECK(json_of(answer).size() == 1);
    return Json::parse(answer.get_header_value("X-Pagination"));
  };
  CHECK(pages(true)["totalPages"] == 3);
  CHECK(pages(false)["totalPages"] == 1);
  CHECK(pages(false)["nextPageLink"].is_null());
  sandbox->add_fault({{"kind", "empty_list"}});
  CHECK(call(http, "GET", "/v2/Employees", bearer).status == 204);
}

TEST_CASE("an answer can be lost after the call was carried out") {
  Payday payday(0);
  payday.fault({{"kind", "status"}, {"status", 502}, {"after", true}, {"method", "POST"}});
  const Json body = {{"empId", "7"}, {"email", "a@example.com"}, {"firstname", "A"}, {"lastname", "B"}};
  const httplib::Headers headers = {{"Authorization", "Bearer " + payday.bearer}};
  CHECK(call(payday.http, "POST", "/api/employee/v2", headers, body.dump(), "application/json").status == 502);
  CHECK(payday.sandbox->row("employees", "7")["firstname"] == "A");
  CHECK(call(payday.http, "POST", "/api/employee/v2", headers, body.dump(), "application/json").status == 409);
}

TEST_CASE("the state is read and changed behind the client's back") {
  Payday payday;
  const auto state = [&](const std::string& method, const std::string& path, const Json& body = Json()) {
    return call(payday.http, method, "/_sandbox/state" + path, {}, body.is_null() ? "" : body.dump());
  };
  CHECK(json_of(state("GET", "/employees")).size() == 3);
  CHECK(state("PATCH", "/employees/2", {{"city", "HAMAR"}}).status == 200);
  CHECK(json_of(payday.list())[1]["city"] == "HAMAR");
  const Json added = json_of(state("POST", "/employees", {{"firstname", "Ny"}}));
  CHECK(json_of(payday.list()).size() == 4);
  CHECK(json_of(payday.list())[3]["account"] == "");
  CHECK(state("DELETE", "/employees/" + added["id"].get<std::string>()).status == 200);
  CHECK(json_of(payday.list()).size() == 3);
  CHECK(state("DELETE", "/employees/99").status == 404);
  CHECK(state("PATCH", "/employees/99", {{"city", "X"}}).status == 404);
  CHECK(state("GET", "/nothing").status == 404);
  CHECK(state("PUT", "/employees/1", Json::array()).status == 400);
}

TEST_CASE("every call is recorded and counted") {
  Payday payday;
  payday.list();
  payday.fault({{"kind", "status"}, {"status", 500}});
  payday.list();
  const auto calls = payday.sandbox->calls();
  REQUIRE(calls.size() == 3);
  CHECK(calls[1].call.target == "/api/employee/v2");
  CHECK(calls[1].call.header("authorization") == "Bearer " + payday.bearer);
  CHECK(calls[2].answer.status == 500);
  CHECK(calls[2].faults == "status");
  const Json recorded = json_of(call(payday.http, "GET", "/_sandbox/calls?since=1"));
  CHECK(recorded["calls"].size() == 2);
  CHECK(json_of(call(payday.http, "GET", "/_sandbox/counts"))["GET /api/employee/v2"] == 2);
  CHECK(call(payday.http, "DELETE", "/_sandbox/calls").status == 200);
  CHECK(payday.sandbox->calls().empty());
}

TEST_CASE("a recorder writes each call as a line") {
  const auto path = std::filesystem::temp_directory_path() / "dovetail_sandbox_record_test.jsonl";
  std::filesystem::remove(path);
  {
    ServerOptions options;
    options.record = path.string();
    auto sandbox = Sandbox::start(make_system("huma", {}), options);
    REQUIRE(sandbox);
    auto http = client_of(**sandbox);
    CHECK(call(http, "GET", "/users").status == 401);
  }
  std::ifstream file(path);
  std::string line;
  REQUIRE(std::getline(file, line));
  CHECK(Json::parse(line)["target"] == "/users");
  std::filesystem::remove(path);
}

TEST_CASE("a second sandbox is refused a port in use") {
  const auto first = start("huma");
  ServerOptions options;
  options.port = first->port();
  const auto second = Sandbox::start(make_system("huma", {}), options);
  REQUIRE_FALSE(second);
  CHECK_THAT(second.error(), Contains("is the port taken?"));
}

TEST_CASE("a POST without length and body is answered at once") {
  Payday payday;
  httplib::Request request;
  const auto sandbox = start("netvisor");
  auto http = client_of(*sandbox);
  CHECK(call(http, "POST", "/deletejobperiod.nv?netvisorkey=1").status == 200);
}

TEST_CASE("one seed gives the same people in every system, and no two share a value") {
  Population population;
  population.count = 300;
  population.countries = {Country::finland, Country::norway, Country::sweden};
  const auto people = make_people(population);
  REQUIRE(people.size() == 900);
  std::set<std::string> emails, phones, ids, accounts;
  for (const Person& person : people) {
    emails.insert(person.email);
    phones.insert(person.phone);
    ids.insert(person.national_id);
    accounts.insert(person.account);
    if (person.country == Country::finland) CHECK(read_hetu(person.national_id, true));
    if (person.country == Country::finland) CHECK_FALSE(read_hetu(person.national_id, false));
    if (person.country == Country::norway) CHECK(is_fnr(person.national_id, true));
    if (person.country == Country::norway) CHECK_FALSE(is_fnr(person.national_id, false));
  }
  CHECK(emails.size() == 900);
  CHECK(phones.size() == 900);
  CHECK(ids.size() == 900);
  CHECK(accounts.size() == 900);
  Population other = population;
  other.system = "other";
  CHECK(make_people(other)[17].email == people[17].email);
  other.missing = 20;
  CHECK(make_people(other).size() < 900);
}

TEST_CASE("national ids are judged as the examples say") {
  for (const char* good : {"13055700359", "55118800485", "45127274502"}) CHECK(is_fnr(good, false));
  for (const char* bad : {"13055700350", "13055700367", "13455700331", "29020000498", "31049500303"})
    CHECK_FALSE(is_fnr(bad, false));
  for (const char* synthetic : {"13455700331", "13855700748", "12777000347", "41814061033"})
    CHECK(is_fnr(synthetic, true));
  for (const char* good : {"150874-891Y", "150874Y891Y", "290200B884U", "150874y891y", "121290+8889"})
    CHECK(read_hetu(good, false));
  for (const char* bad : {"150874-891X", "290200-884U", "310499-887C", "010203A9013", "150874/891Y"})
    CHECK_FALSE(read_hetu(bad, false));
}

TEST_CASE("the command line names what it does not understand") {
  CHECK(read_options({"netvisor", "--port", "8100", "--people=5", "--set", "netvisor.overlap=allowed"}));
  CHECK_THAT(read_options({}).error(), Contains("name at least one system"));
  CHECK_THAT(read_options({"netvizor"}).error(), Contains("neither a system"));
  CHECK_THAT(read_options({"huma", "--port", "many"}).error(), Contains("whole number"));
  CHECK_THAT(read_options({"huma", "--port"}).error(), Contains("needs a value"));
  CHECK_THAT(read_options({"huma", "--set", "finago.decimals=as_sent"}).error(), Contains("names no system"));
  CHECK_THAT(read_options({"huma", "--countries", "DK"}).error(), Contains("FI, NO and SE"));
}

TEST_CASE("docs/sandbox.md lists every knob as the code has it") {
  std::ifstream file(std::string(DOVETAIL_SOURCE_DIR) + "/docs/sandbox.md");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  CHECK_THAT(text, Contains(to_markdown(shared_knobs())));
  for (const std::string& name : system_names()) {
    const auto system = make_system(name, {});
    const std::vector<Knob> own(system->knobs.all().begin() + static_cast<std::ptrdiff_t>(shared_knobs().size()),
                                system->knobs.all().end());
    INFO(name);
    CHECK_THAT(text, Contains(to_markdown(own)));
  }
}

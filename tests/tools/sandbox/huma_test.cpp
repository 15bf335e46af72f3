#include "tests/tools/sandbox/client.hpp"

using namespace dovetail::sandbox;
using namespace dovetail::sandbox::test;

namespace {

const std::string credentials =
    "client_id=0b6e7b1c-0000-4000-8000-00000000c001&client_secret=7d1f9a52-0000-4000-8000-00000000c002";

struct HumaClient {
  explicit HumaClient(int people = 1) : sandbox(start("huma", people)), http(client_of(*sandbox)) { renew(); }

  httplib::Response token(const std::string& body) {
    return call(http, "POST", "/auth/oauth/token", {}, body, "application/x-www-form-urlencoded");
  }
  void renew() { bearer = json_of(token("grant_type=client_credentials&" + credentials))["access_token"]; }
  httplib::Response send(const std::string& method, const std::string& path, const Json& body = Json()) {
    return call(http, method, path, {{"Authorization", "Bearer " + bearer}}, body.is_null() ? "" : body.dump(),
                body.is_null() ? "" : "application/json");
  }
  std::string first_user() { return json_of(send("GET", "/users"))["items"][0]["id"]; }

  std::unique_ptr<Sandbox> sandbox;
  httplib::Client http;
  std::string bearer;
};

}  // namespace

TEST_CASE("huma gives tokens for client credentials, as form, JSON or Basic") {
  HumaClient huma;
  const Json token = json_of(huma.token("grant_type=client_credentials&" + credentials));
  CHECK(token.contains("organizationId"));
  CHECK(token["expires_in"] == 3600);
  const auto wrong = huma.token("grant_type=client_credentials&client_id=a&client_secret=b");
  CHECK(wrong.status == 401);
  CHECK(json_of(wrong)["error"] == "invalid_client");
  const Json body = {{"grant_type", "client_credentials"},
                     {"client_id", "0b6e7b1c-0000-4000-8000-00000000c001"},
                     {"client_secret", "7d1f9a52-0000-4000-8000-00000000c002"}};
  CHECK(call(huma.http, "POST", "/auth/oauth/token", {}, body.dump(), "application/json").status == 200);
  const auto basic = httplib::make_basic_authentication_header("0b6e7b1c-0000-4000-8000-00000000c001",
                                                               "7d1f9a52-0000-4000-8000-00000000c002");
  CHECK(call(huma.http, "POST", "/auth/oauth/token", {basic}, "grant_type=client_credentials",
             "application/x-www-form-urlencoded")
            .status == 200);
  huma.sandbox->advance_clock(std::chrono::seconds(3601));
  const auto expired = huma.send("GET", "/users");
  CHECK(expired.status == 401);
  CHECK(json_of(expired)["error"] == "invalid_token");
}

TEST_CASE("huma refuses flags that are neither true nor false, and countries that do not exist") {
  HumaClient huma;
  const std::string user = huma.first_user();
  CHECK(huma.send("GET", "/users?isActive=maybe").status == 400);
  CHECK(json_of(huma.send("GET", "/users?isActive=true"))["total"] == 3);
  CHECK(json_of(huma.send("GET", "/users?isSupervisor=true"))["total"] == 0);
  CHECK(huma.send("PATCH", "/users/" + user, {{"nationality", "QQ"}}).status == 400);
  CHECK(huma.send("PATCH", "/users/" + user, {{"nationality", "SE"}}).status == 200);
}

TEST_CASE("huma lists flat users in pages of at most 50") {
  HumaClient huma(30);
  const Json first = json_of(huma.send("GET", "/users"));
  CHECK(first["items"].size() == 25);
  CHECK(first["total"] == 90);
  CHECK(json_of(huma.send("GET", "/users?limit=50&offset=50"))["items"].size() == 40);
  CHECK(huma.send("GET", "/users?limit=51").status == 400);
  const Json user = first["items"][0];
  CHECK(user["givenName"].is_string());
  CHECK(user["status"] == Json({{"active", true}}));
  CHECK(user["companies"].size() == 1);
  CHECK(user["jobTitles"].size() == 1);
  const std::string company = user["companies"][0]["id"];
  CHECK(json_of(huma.send("GET", "/users?limit=50&company=" + company))["total"] == 30);
  CHECK(json_of(huma.send("GET", "/users?id=" + user["id"].get<std::string>()))["items"].size() == 1);
  CHECK(json_of(huma.send("GET", "/users?search=" + user["email"].get<std::string>()))["total"] == 1);
}

TEST_CASE("huma wraps each field of a user's details") {
  HumaClient huma;
  const std::string id = huma.first_user();
  const Json user = json_of(huma.send("GET", "/users/" + id));
  CHECK(user["givenName"]["editable"] == true);
  CHECK(user["givenName"]["value"].is_string());
  CHECK(user["birthDate"]["showBirthday"] == true);
  CHECK_FALSE(user["preferredName"].contains("value"));
  CHECK(user["identifications"]["value"][0]["type"] == "national");
  CHECK(user["homeAddress"]["value"]["postalCode"].is_string());
  CHECK(user["currentPositions"][0]["title"]["name"].is_string());
  CHECK(user["firstContractStartDate"] == user["currentPositions"][0]["contractStartDate"]);
  const auto missing = huma.send("GET", "/users/3f0d8a11-1111-4000-8000-0000000000a1");
  CHECK(missing.status == 404);
  CHECK(json_of(missing)["errorCode"] == "object:not-found");
  CHECK(json_of(missing)["interpolations"]["type"] == "User");
  huma.sandbox->set_knob("empty_fields", "null_value");
  CHECK(json_of(huma.send("GET", "/users/" + id))["preferredName"]["value"].is_null());
}

TEST_CASE("huma patches: absent keeps, null unsets, wrong values name their field") {
  HumaClient huma;
  const std::string id = huma.first_user(), path = "/users/" + id;
  const Json patched = json_of(huma.send("PATCH", path, {{"preferredName", "Kaisu"}, {"phone", nullptr}}));
  CHECK(patched["preferredName"]["value"] == "Kaisu");
  CHECK_FALSE(patched["phone"].contains("value"));
  CHECK(patched["givenName"].contains("value"));
  const auto refused = [&](const Json& patch) {
    const auto answer = huma.send("PATCH", path, patch);
    CHECK(answer.status == 400);
    return json_of(answer)["fields"][0].get<std::string>();
  };
  CHECK(refused({{"phone", "12"}}) == "phone");
  std::string longest;
  for (int i = 0; i < 255; ++i) longest += "ø";
  for (const char* field : {"givenName", "familyName", "employmentId"}) {
    CHECK(huma.send("PATCH", path, {{field, longest}}).status == 200);
    CHECK(refused({{field, longest + "x"}}) == field);
  }
  CHECK(refused({{"email", std::string(244, 'x') + "@example.com"}}) == "email");
  CHECK(refused({{"birthDate", "1990-02-30"}}) == "birthDate");
  CHECK(refused({{"familyName", nullptr}}) == "familyName");
  CHECK(refused({{"homeAddress", {{"line1", "Gata 1"}}}}) == "homeAddress.line2");
  CHECK(refused({{"bankAccount", {{"number", "1"}, {"country", "NO"}}}}) == "bankAccount.type");
  const Json other = json_of(huma.send("GET", "/users"))["items"][1];
  CHECK(refused({{"email", other["email"]}}) == "email");
  CHECK(refused({{"phone", other["phone"]}}) == "phone");
  const Json account = json_of(huma.send(
      "PATCH", path,
      {{"bankAccount", {{"type", "national"}, {"number", "12345678903"}, {"country", "NO"}}}}))["bankAccount"]["value"];
  CHECK(account == Json({{"type", "national"}, {"number", "12345678903"}, {"country", "NO"}, {"code", "12345678903"}}));
  huma.sandbox->set_knob("null_in_patch", "keep");
  CHECK(json_of(huma.send("PATCH", path, {{"preferredName", nullptr}}))["preferredName"]["value"] == "Kaisu");
}

TEST_CASE("huma's changed e-mail may wait to be confirmed") {
  HumaClient huma;
  huma.sandbox->set_knob("email_change", "pending");
  const std::string id = huma.first_user(), path = "/users/" + id;
  const Json before = json_of(huma.send("GET", path))["email"];
  const Json pending = json_of(huma.send("PATCH", path, {{"email", "new@example.com"}}))["email"];
  CHECK(pending["value"] == before["value"]);
  CHECK(pending["requestedValue"] == "new@example.com");
  CHECK(huma.sandbox->control("POST", "/actions/confirm_email", {{"id", id}}).status == 200);
  CHECK(json_of(huma.send("GET", path))["email"] == Json({{"value", "new@example.com"}, {"editable", true}}));
}

TEST_CASE("huma's positions need a title that exists, and a day makes them current") {
  HumaClient huma;
  const std::string path = "/users/" + huma.first_user() + "/positions";
  CHECK(huma.send("POST", path, {{"contractStartDate", "2030-01-01"}, {"contractType", "Permanent"}}).status == 400);
  CHECK(
      huma.send("POST", path, {{"contractStartDate", "2030-01-01"}, {"contractType", "Permanent"}, {"titleId", "none"}})
          .status == 404);
  const Json title = json_of(huma.send("POST", "/job-titles", {{"name", "Tester"}}));
  CHECK(json_of(huma.send("GET", "/job-titles?search=test")) == Json::array({title}));
  const Json created = json_of(huma.send(
      "POST", path, {{"contractStartDate", "2030-01-01"}, {"contractType", "Temporary"}, {"titleId", title["id"]}}));
  CHECK(created["contractStartDate"] == Json({{"value", "2030-01-01"}, {"editable", true}}));
  CHECK(created["percentage"]["value"] == 100);
  CHECK(created["status"] == "UPCOMING");
  const std::string one = path + '/' + created["id"].get<std::string>();
  CHECK(json_of(huma.send("PATCH", one, {{"contractEndDate", "2030-06-30"}}))["contractEndDate"]["value"] ==
        "2030-06-30");
  CHECK(huma.send("PATCH", one, {{"contractEndDate", "2029-06-30"}}).status == 400);
  const Json list = json_of(huma.send("GET", path));
  CHECK(list["items"].size() == 2);
  CHECK(list["items"][1]["contractEndDate"] == "2030-06-30");
  CHECK(huma.send("DELETE", one).status == 200);
  CHECK(json_of(huma.send("GET", path))["total"] == 1);
}

TEST_CASE("huma's identifications are a resource of their own") {
  HumaClient huma;
  const std::string user = "/users/" + huma.first_user(), path = user + "/identifications";
  const Json passport = {{"type", "passport"}, {"country", "SE"}, {"value", "AB12345"}};
  const Json created = json_of(huma.send("POST", path, passport));
  CHECK(json_of(huma.send("GET", user))["identifications"]["value"].size() == 2);
  CHECK(json_of(huma.send("PUT", path + '/' + created["id"].get<std::string>(),
                          {{"type", "passport"}, {"country", "SE"}, {"value", "X"}}))["value"] == "X");
  CHECK(huma.send("POST", path, {{"type", "tax"}, {"country", "SE"}, {"value", "X"}}).status == 400);
  CHECK(huma.send("DELETE", path + '/' + created["id"].get<std::string>()).status == 200);
}

TEST_CASE("huma creates users in groups, and deactivated ones are locked") {
  HumaClient huma;
  const std::string group = json_of(huma.send("GET", "/groups"))["items"][0]["id"];
  const Json body = {
      {"givenName", "Kari"}, {"familyName", "Test"}, {"email", "kari.test@example.com"}, {"groups", {group}}};
  const Json created = json_of(huma.send("POST", "/users", body));
  CHECK(created["email"] == "kari.test@example.com");
  CHECK(huma.send("POST", "/users", body).status == 400);
  Json long_name = body;
  long_name["givenName"] = std::string(256, 'x');
  long_name["email"] = "kari.long@example.com";
  CHECK(huma.send("POST", "/users", long_name).status == 400);
  CHECK(
      huma.send("POST", "/users", {{"givenName", "Kari"}, {"familyName", "Test"}, {"email", "k@example.com"}}).status ==
      400);
  const std::string id = created["id"];
  huma.sandbox->patch_row("users", id, {{"active", false}});
  CHECK(json_of(huma.send("GET", "/users/" + id))["status"]["active"] == false);
  CHECK(huma.send("PATCH", "/users/" + id, {{"givenName", "Karin"}}).status == 400);
  CHECK(json_of(huma.send("GET", "/users?isActive=false"))["total"] == 1);
  huma.sandbox->set_knob("inactive_visible", "off");
  CHECK(huma.send("GET", "/users/" + id).status == 404);
}

TEST_CASE("huma's locked fields disconnect the integration when they are edited") {
  HumaClient huma;
  const std::string id = huma.first_user(), path = "/users/" + id;
  huma.sandbox->patch_row("users", id,
                          {{"connectedIntegrations", {{"poweroffice", "77001"}}},
                           {"locks", {{"employmentId", {{"poweroffice", "locked_disconnect"}}}}}});
  const Json user = json_of(huma.send("GET", path));
  CHECK(user["connectedIntegrations"]["poweroffice"]["externalId"] == "77001");
  CHECK(user["employmentId"]["integrations"]["poweroffice"]["warning"] == "locked_disconnect");
  const Json changed = json_of(huma.send("PATCH", path, {{"employmentId", "77"}}));
  CHECK(changed["connectedIntegrations"].empty());
}

TEST_CASE("huma posts what changed to its webhooks, signed") {
  HumaClient huma;
  httplib::Server receiver;
  std::mutex lock;
  std::vector<httplib::Request> received;
  receiver.Post("/hook", [&](const httplib::Request& request, httplib::Response& response) {
    const std::lock_guard guard(lock);
    received.push_back(request);
    response.status = received.size() == 1 ? 500 : 200;  // the first attempt fails
  });
  const int port = receiver.bind_to_any_port("127.0.0.1");
  std::thread listener([&] { receiver.listen_after_bind(); });
  huma.sandbox->put_row("webhooks", "1",
                        {{"url", "http://127.0.0.1:" + std::to_string(port) + "/hook"},
                         {"access_token", "abc"},
                         {"client_secret", "secret"}});
  const std::string id = huma.first_user();
  huma.send("PATCH", "/users/" + id, {{"preferredName", "Kaisu"}});
  for (int each = 0; each < 100; ++each) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const std::lock_guard guard(lock);
    if (received.size() >= 2) break;
  }
  receiver.stop();
  listener.join();
  REQUIRE(received.size() == 2);
  const Json body = Json::parse(received[1].body);
  CHECK(body["topic"] == "users-update");
  CHECK(body["users"][0]["id"] == id);
  CHECK(body["users"][0]["preferredName"] == "Kaisu");
  CHECK(body["users"][0].contains("email"));
  CHECK(received[1].get_header_value("huma-topic") == "users-update");
  CHECK(received[1].get_header_value("Authorization") == "Bearer abc");
  CHECK(received[1].get_header_value("huma-hmac-sha256").size() == 64);
}

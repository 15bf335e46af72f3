#include "tests/tools/sandbox/client.hpp"

using namespace dovetail::sandbox;
using namespace dovetail::sandbox::test;

namespace {

struct Payday {
  explicit Payday(int people = 2) : sandbox(start("finago", people)), http(client_of(*sandbox)) {
    bearer = json_of(call(http, "GET", "/api/auth?token=sandbox-access-token"))["accessToken"];
  }
  httplib::Response send(const std::string& method, const std::string& path, const Json& body = Json()) {
    return call(http, method, "/api" + path, {{"Authorization", "Bearer " + bearer}}, body.is_null() ? "" : body.dump(),
                body.is_null() ? "" : "application/json");
  }

  std::unique_ptr<Sandbox> sandbox;
  httplib::Client http;
  std::string bearer;
};

}  // namespace

TEST_CASE("finago exchanges the access token for one that expires") {
  Payday payday;
  CHECK(call(payday.http, "GET", "/api/auth?token=wrong").status == 401);
  const std::string expires = json_of(call(payday.http, "GET", "/api/auth?token=sandbox-access-token"))["expiresOn"];
  CHECK(expires.size() == 25);
  CHECK(expires.substr(19, 2) == "+0");
  CHECK(payday.send("GET", "/employee/v2").status == 200);
  payday.sandbox->advance_clock(std::chrono::seconds(3601));
  CHECK(payday.send("GET", "/employee/v2").status == 401);
}

TEST_CASE("finago's values are text, and one employee comes in an array") {
  Payday payday;
  const Json list = json_of(payday.send("GET", "/employee/v2"));
  CHECK(list.size() == 2);
  const Json one = json_of(payday.send("GET", "/employee/v2/1"));
  REQUIRE(one.is_array());
  REQUIRE(one.size() == 1);
  CHECK(one[0]["empId"] == "1");
  CHECK(one[0]["hours_per_week"] == "37.50");
  CHECK(one[0]["personnr"] == "");
  CHECK(one[0]["internationalID"]["type"] == "socialSecurityNumber");
  CHECK_FALSE(one[0].contains("_employments"));
  CHECK(json_of(payday.send("GET", "/employee/v2/99")) == Json::array());
  payday.sandbox->set_knob("unknown_employee_get", "404");
  CHECK(payday.send("GET", "/employee/v2/99").status == 404);
}

TEST_CASE("finago refuses amounts that are no numbers and countries that do not exist") {
  Payday payday;
  CHECK(payday.send("POST", "/employee/v2/1", {{"salary", "abc"}}).status == 400);
  CHECK(payday.send("POST", "/employee/v2/1", {{"hours_per_week", "37.5"}}).status == 200);
  CHECK(payday.send("POST", "/employee/v2/1", {{"countryCode", "NOR"}}).status == 400);
  CHECK(payday.send("POST", "/employee/v2/1", {{"countryCode", "no"}}).status == 200);
  payday.sandbox->set_knob("check_country", "off");
  CHECK(payday.send("POST", "/employee/v2/1", {{"countryCode", "NOR"}}).status == 200);
}

TEST_CASE("finago creates with the caller's number once and updates what is sent") {
  Payday payday;
  const Json body = {
      {"empId", 26}, {"email", "kari@example.com"}, {"firstname", "Kari"}, {"lastname", "Berg"}, {"salary", 25000}};
  const Json created = json_of(payday.send("POST", "/employee/v2", body));
  CHECK(created["empId"] == "26");
  CHECK(created["salary"] == "25000.00");
  CHECK(created["internationalID"] == Json({{"countryCode", ""}, {"ID", ""}, {"type", "passnummer"}}));
  CHECK(payday.send("POST", "/employee/v2", body).status == 409);
  const Json updated = json_of(
      payday.send("POST", "/employee/v2/26",
                  {{"telefon", "+4790000000"}, {"internationalID", {{"ID", "AB12345"}, {"countryCode", "SE"}}}}));
  CHECK(updated["firstname"] == "Kari");
  CHECK(updated["internationalID"]["type"] == "passnummer");
  CHECK(json_of(payday.send("POST", "/employee/v2/26", {{"internationalID", {{"ID", ""}}}}))["internationalID"]["ID"] ==
        "AB12345");
  CHECK(json_of(payday.send("POST", "/employee/v2/26", {{"telefon", ""}}))["telefon"] == "");
  CHECK(payday.send("POST", "/employee/v2", {{"email", "kari@example.com"}, {"firstname", "K"}, {"lastname", "B"}})
            .status == 400);
  CHECK(payday.send("POST", "/employee/v2", {{"firstname", "K"}, {"lastname", "B"}}).status == 400);
  CHECK(payday.send("POST", "/employee/v2/99", {{"city", "OSLO"}}).status == 400);
  CHECK(payday.send("PUT", "/employee/v2/26", {{"city", "OSLO"}}).status == 405);
}

TEST_CASE("finago's employments are sent as an array and told apart by their ids") {
  Payday payday;
  const Json before = json_of(payday.send("GET", "/employment/v2/1"));
  REQUIRE(before.size() == 1);
  const std::string id = before[0]["employment_id"];
  const auto refused =
      payday.send("POST", "/employment/v2/1", Json::array({{{"employment_id", id}, {"enddate", "2025-01-31"}}}));
  CHECK(refused.status == 400);
  CHECK(json_of(payday.send("GET", "/employment/v2/1")) == before);
  const Json ended = json_of(payday.send(
      "POST", "/employment/v2/1",
      Json::array(
          {{{"employment_id", id}, {"enddate", "2025-01-31"}, {"enddate_reason", "arbeidstakerHarSagtOppSelv"}}})));
  CHECK(ended.size() == 1);
  CHECK(ended[0]["enddate"] == "2025-01-31");
  CHECK(ended[0]["startdate"] == before[0]["startdate"]);
  CHECK(
      payday.send("POST", "/employment/v2/1", Json::array({{{"employment_id", id}, {"enddate_reason", "EgenBegaran"}}}))
          .status == 400);
  CHECK(payday.send("POST", "/employment/v2/1", Json::array({Json({{"employment_rate", 50}})})).status == 400);
  const Json second = json_of(
      payday.send("POST", "/employment/v2/1",
                  Json::array({{{"startdate", "2025-03-01"}, {"employment_rate", 50}, {"primary_employment", 1}}})));
  REQUIRE(second.size() == 2);
  CHECK(second[1]["employment_rate"] == "50.00");
  CHECK(second[0]["primary_employment"] == "0");
  payday.sandbox->set_knob("invalid_employment", "500");
  CHECK(payday.send("POST", "/employment/v2/1", {{"startdate", "2025-03-01"}}).status == 500);
}

TEST_CASE(
    "finago's knobs say what an update does to what it leaves out, how long a text is, and how fast calls may come") {
  Payday payday;
  CHECK(json_of(payday.send("POST", "/employee/v2/1", {{"city", "Bergen"}}))["firstname"] != "");
  payday.sandbox->set_knob("update", "whole");
  CHECK(json_of(payday.send("POST", "/employee/v2/1", {{"city", "Bergen"}}))["firstname"] == "");
  payday.sandbox->set_knob("employment_update", "whole");
  const std::string id = json_of(payday.send("GET", "/employment/v2/1"))[0]["employment_id"];
  const Json sent = Json::array({{{"employment_id", id}, {"startdate", "2020-01-01"}}});
  CHECK(json_of(payday.send("POST", "/employment/v2/1", sent))[0]["employment_form"] == "");
  payday.sandbox->set_knob("longest_text", "5");
  CHECK(payday.send("POST", "/employee/v2/1", {{"city", "Trondheim"}}).status == 400);
  payday.sandbox->set_knob("rate_limit", "1");
  payday.sandbox->set_knob("retry_after", "on");
  payday.send("GET", "/employee/v2");
  const auto fast = payday.send("GET", "/employee/v2");
  CHECK(fast.status == 429);
  CHECK(fast.get_header_value("Retry-After") == "1");
}

TEST_CASE("finago's organization decides which reasons exist") {
  Payday payday;
  CHECK(json_of(payday.send("GET", "/organization/v2"))["country_code"] == "NO");
  payday.sandbox->patch_row("organization", "1", {{"country_code", "SE"}});
  const std::string id = payday.sandbox->row("employees", "1")["_employments"][0]["employment_id"];
  payday.sandbox->set_knob("error_body", "empty");
  const auto norwegian = payday.send(
      "POST", "/employment/v2/1",
      Json::array(
          {{{"employment_id", id}, {"enddate", "2025-01-31"}, {"enddate_reason", "arbeidstakerHarSagtOppSelv"}}}));
  CHECK(norwegian.status == 400);
  CHECK(norwegian.body.empty());
}

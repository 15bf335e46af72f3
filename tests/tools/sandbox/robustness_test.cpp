// Whatever is sent, a sandbox answers in its system's words: never with a fault of its own.
#include "tests/tools/sandbox/netvisor_client.hpp"

using namespace dovetail::sandbox;
using namespace dovetail::sandbox::test;
using Catch::Contains;

namespace {

const std::vector<std::string> bodies = {"",
                                         "null",
                                         "[]",
                                         "{}",
                                         "1",
                                         "\"x\"",
                                         "[1]",
                                         "[{}]",
                                         "[[]]",
                                         "{\"a\":",
                                         "\xff\xfe",
                                         "{\"email\":{}}",
                                         "{\"givenName\":[1]}",
                                         "{\"homeAddress\":[]}",
                                         "{\"bankAccount\":{\"type\":1,\"number\":{}}}",
                                         "{\"groups\":[1]}",
                                         "{\"groups\":{}}",
                                         "{\"FirstName\":{},\"LastName\":[]}",
                                         "{\"FirstName\":\"A\",\"LastName\":\"B\",\"MailAddress\":[]}",
                                         "{\"FirstName\":\"A\",\"LastName\":\"B\",\"ContactGroupIds\":{}}",
                                         "{\"FirstName\":\"A\",\"LastName\":\"B\",\"Number\":1e300}",
                                         "{\"firstname\":{},\"empId\":[]}",
                                         "{\"internationalID\":[]}",
                                         "{\"contractStartDate\":{},\"titleId\":[]}",
                                         "[{\"op\":1,\"path\":2}]",
                                         "[{\"op\":\"move\",\"path\":\"/JobTitle\",\"from\":3}]",
                                         "[{\"op\":\"add\",\"path\":\"\"}]",
                                         "[{\"op\":\"remove\",\"path\":\"/ContactGroupIds/-\"}]",
                                         "[{\"op\":\"replace\",\"path\":\"/ContactGroupIds/0\",\"value\":1}]",
                                         "[{\"op\":\"test\",\"path\":\"/ContactGroupIds/-\",\"value\":1}]",
                                         "[{\"op\":\"copy\",\"path\":\"/MailAddress\",\"from\":\"/JobTitle\"}]",
                                         "[{\"employment_id\":{}}]",
                                         "[{\"startdate\":[]}]",
                                         std::string(5000, '[')};

void check_all(httplib::Client& http, const httplib::Headers& headers, const std::vector<std::string>& targets) {
  for (const std::string& target : targets) {
    for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
      for (const std::string& body : bodies) {
        const auto answer = call(http, method, target, headers, body, "application/json");
        INFO(method << ' ' << target << ' ' << body.substr(0, 60));
        CHECK_THAT(answer.body, !Contains("a bug of the sandbox"));
        CHECK_FALSE(answer.has_header("EXCEPTION_WHAT"));
      }
    }
  }
}

}  // namespace

TEST_CASE("huma survives every body") {
  const auto sandbox = start("huma", 2);
  auto http = client_of(*sandbox);
  const std::string keys =
      "grant_type=client_credentials&client_id=0b6e7b1c-0000-4000-8000-00000000c001"
      "&client_secret=7d1f9a52-0000-4000-8000-00000000c002";
  const Json token = json_of(call(http, "POST", "/auth/oauth/token", {}, keys, "application/x-www-form-urlencoded"));
  const Json users = sandbox->rows("users");
  const std::string user = "/users/" + users.begin().key();
  const std::string position = users.begin().value()["positions"][0]["id"];
  check_all(
      http, {{"Authorization", "Bearer " + token["access_token"].get<std::string>()}},
      {"/", "/users", user, user + "/positions", user + "/positions/" + position, user + "/identifications",
       user + "/identifications/x", "/job-titles", "/groups", "/users?limit=x", "/users?offset=99999999999999999999"});
  check_all(http, {{"Authorization", "x"}}, {"/auth/oauth/token", "/auth/oauth/revoke", "/users"});
}

TEST_CASE("poweroffice go survives every body") {
  const auto sandbox = start("poweroffice_go", 2);
  sandbox->set_knob("rate_limit", "0");
  auto http = client_of(*sandbox);
  httplib::Headers headers = {{"Ocp-Apim-Subscription-Key", "0123456789abcdef0123456789abcdef"}};
  httplib::Headers basic = headers;
  basic.insert(httplib::make_basic_authentication_header("5c1f0e6a-0000-4000-8000-0000000a0001",
                                                         "9d27b1c4-0000-4000-8000-0000000c0001"));
  const Json token = json_of(
      call(http, "POST", "/OAuth/Token", basic, "grant_type=client_credentials", "application/x-www-form-urlencoded"));
  headers.emplace("Authorization", "Bearer " + token["access_token"].get<std::string>());
  check_all(
      http, headers,
      {"/v2/Employees", "/v2/Employees/77001/BankAccounts", "/v2/ContactBankAccounts", "/v2/ContactBankAccounts/77001",
       "/v2/ContactBankAccounts/77001/9001", "/v2/Onboarding/Initiate", "/v2/Onboarding/Finalize", "/v2/",
       "/v2/Employees?OrderBy=,%20&Fields=,&PageNumber=99999999999999999999",
       "/v2/Employees?employeeNos=--,&OrderBy=Number%20up", "/v2/Employees?lastChangedDateTimeOffsetGreaterThan=x",
       "/v2/Employees/77001", "/OAuth/Token", "/v2/Offboarding/RemoveIntegration"});
}

TEST_CASE("finago survives every body") {
  const auto sandbox = start("finago", 2);
  auto http = client_of(*sandbox);
  const Json token = json_of(call(http, "GET", "/api/auth?token=sandbox-access-token"));
  check_all(http, {{"Authorization", "Bearer " + token["accessToken"].get<std::string>()}},
            {"/api/employee/v2", "/api/employee/v2/1", "/api/employee/v2/99999999999999999999", "/api/employment/v2/1",
             "/api/employment/v2/9", "/api/organization/v2", "/api", "/"});
}

TEST_CASE("netvisor survives every body") {
  const auto sandbox = start("netvisor", 2);
  NetvisorClient client(*sandbox);
  std::vector<std::string> texts = {"",
                                    "<",
                                    "<root/>",
                                    "<root><employee/></root>",
                                    "<root><patchemployee/></root>",
                                    "\xff",
                                    "<root><employmentperiods/></root>",
                                    "<root><employmentperiod/></root>",
                                    "<root><employmentperiods><employmentperiod/></employmentperiods></root>"};
  std::string deep;
  for (int each = 0; each < 3000; ++each) deep += "<root>";
  texts.push_back(deep);
  for (const char* target :
       {"/employee.nv?method=add", "/employee.nv?method=edit", "/employee.nv", "/patchemployee.nv",
        "/patchemployee.nv?identifiertype=netvisorkey&identifier=1", "/addjobperiod.nv?employeeidentifier=1",
        "/editjobperiod.nv?netvisorkey=1", "/deletejobperiod.nv", "/"}) {
    for (const std::string& body : texts) {
      INFO(target << ' ' << body.substr(0, 60));
      const auto answer = client.post(target, body);
      CHECK_THAT(answer.body, !Contains("a bug of the sandbox"));
    }
  }
}

TEST_CASE("the control endpoint survives every body") {
  const auto sandbox = start("huma", 1);
  auto http = client_of(*sandbox);
  check_all(http, {},
            {"/_sandbox", "/_sandbox/knobs", "/_sandbox/faults", "/_sandbox/faults/x", "/_sandbox/clock",
             "/_sandbox/calls?since=x", "/_sandbox/state/webhooks", "/_sandbox/state/webhooks/1",
             "/_sandbox/actions/export", "/_sandbox/actions/confirm_email"});
}

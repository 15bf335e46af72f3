// Rows that a system could not read later are refused where somebody puts them.
#include "tests/tools/sandbox/client.hpp"

using namespace dovetail::sandbox;
using namespace dovetail::sandbox::test;
using Catch::Contains;

namespace {

struct Wrong {
  std::string method, path;
  Json body;
  std::string said;
};

void check_refused(Sandbox& sandbox, const std::vector<Wrong>& all) {
  auto http = client_of(sandbox);
  for (const Wrong& each : all) {
    const std::string target = "/_sandbox/state/" + each.path;
    const auto before = call(http, "GET", target);
    const auto answer = call(http, each.method, target, {}, each.body.is_null() ? "" : each.body.dump());
    INFO(each.method << ' ' << target << ' ' << each.body.dump());
    CHECK(answer.status == 400);
    CHECK_THAT(json_of(answer)["error"].get<std::string>(), Contains(each.said));
    const auto after = call(http, "GET", target);
    CHECK(after.status == before.status);
    CHECK(after.body == before.body);
  }
}

std::string first(const Sandbox& sandbox, const std::string& table) { return sandbox.rows(table).begin().key(); }

}  // namespace

TEST_CASE("huma's rows that it could not show are refused by what is wrong with them, and nothing is changed") {
  const auto sandbox = start("huma", 2);
  const std::string user = "users/" + first(*sandbox, "users");
  const Json no_id = Json::array({{{"titleId", "x"}}});
  check_refused(*sandbox,
                {{"PATCH", user, {{"positions", no_id}}, "`positions[0].id` is missing: it must be a text"},
                 {"PUT", user, {{"positions", no_id}}, "`positions[0].id` is missing"},
                 {"POST", "users", {{"positions", no_id}}, "`positions[0].id` is missing"},
                 {"PATCH", user, {{"positions", {{{"id", 5}}}}}, "`positions[0].id` must be a text"},
                 {"PATCH", user, {{"positions", 5}}, "`positions` must be a list of objects"},
                 {"PATCH", user, {{"positions", {1}}}, "`positions` must be a list of objects"},
                 {"PATCH", user, {{"identifications", {Json::object()}}}, "`identifications[0].id` is missing"},
                 {"PATCH", user, {{"groups", {7}}}, "`groups` must be a list of texts"},
                 {"PATCH", user, {{"id", 7}}, "`id` must be a text"},
                 {"PATCH", user, {{"active", "yes"}}, "`active` must be true or false"},
                 {"PATCH", user, {{"locks", "x"}}, "`locks` must be an object"},
                 {"PUT", "job_titles/new", {{"id", "new"}}, "`name` is missing"}});
}

TEST_CASE("rows of the payroll systems are refused in the same way") {
  const auto go = start("poweroffice_go", 2);
  const std::string employee = "employees/" + first(*go, "employees");
  check_refused(*go, {{"PUT", "employees/abc", Json::object(), "the id `abc` must be a whole number"},
                      {"PUT", "bank_accounts/x", Json::object(), "the id `x` must be a whole number"},
                      {"PATCH", employee, {{"MailAddress", "x"}}, "`MailAddress` must be an object"},
                      {"PATCH", employee, {{"ContactGroupIds", {"x"}}}, "`ContactGroupIds` must be a list of whole"},
                      {"PUT", "number_series/1", {{"Id", 1}}, "`FromInclusive` is missing"}});
  const auto finago = start("finago", 2);
  const std::string payee = "employees/" + first(*finago, "employees");
  check_refused(*finago,
                {{"PATCH", payee, {{"_employments", Json::object()}}, "`_employments` must be a list of objects"},
                 {"PATCH", payee, {{"salary", 5}}, "`salary` must be a text"},
                 {"PUT", "employees/x", Json::object(), "the id `x` must be a whole number"},
                 {"DELETE", "organization/1", nullptr, "rows of `organization` cannot be removed"},
                 {"DELETE", "organization", nullptr, "rows of `organization` cannot be removed"}});
  const auto netvisor = start("netvisor", 2);
  const std::string worker = "employees/" + first(*netvisor, "employees");
  check_refused(*netvisor,
                {{"PATCH", worker, {{"periods", "x"}}, "`periods` must be a list of objects"},
                 {"PATCH", worker, {{"periods", {{{"netvisorkey", 4}}}}}, "`periods[0].netvisorkey` must be"},
                 {"PATCH", "customers/cust-1", {{"resources", 1}}, "`resources` must be a list of texts"}});
}

TEST_CASE("the clock is not moved to where there are no dates") {
  const auto sandbox = start("huma", 0);
  auto http = client_of(*sandbox);
  for (const Json& step : {Json(INT64_MAX), Json(INT64_MIN), Json(-86'400'000LL * 366 * 99)}) {
    INFO(step.dump());
    const auto answer = call(http, "POST", "/_sandbox/clock", {}, Json({{"advance_ms", step}}).dump());
    CHECK(answer.status == 400);
    CHECK_THAT(json_of(answer)["error"].get<std::string>(), Contains("1970 to 2170"));
  }
}

TEST_CASE("a system survives every row that the control endpoint takes") {
  const auto sandbox = start("huma", 2);
  auto http = client_of(*sandbox);
  const std::string user = first(*sandbox, "users");
  const Json token = json_of(call(http, "POST", "/auth/oauth/token", {},
                                  "grant_type=client_credentials&client_id=0b6e7b1c-0000-4000-8000-00000000c001"
                                  "&client_secret=7d1f9a52-0000-4000-8000-00000000c002",
                                  "application/x-www-form-urlencoded"));
  const httplib::Headers headers = {{"Authorization", "Bearer " + token["access_token"].get<std::string>()}};
  const Json whole = sandbox->row("users", user);
  const std::vector<Json> values = {
      nullptr, 5, "x", true, Json::array(), Json::object(), Json::array({1}), Json::array({Json::object()}), 1e300};
  for (const auto& [name, value] : whole.items()) {
    for (const Json& each : values) {
      INFO(name << ": " << each.dump());
      const int put = call(http, "PATCH", "/_sandbox/state/users/" + user, {}, Json({{name, each}}).dump()).status;
      CHECK((put == 200 || put == 400));
      for (const std::string& target : {std::string("/users"), std::string("/users?company=x&supervisor=x"),
                                        "/users/" + user, "/users/" + user + "/positions"}) {
        const auto shown = call(http, "GET", target, headers);
        CHECK_THAT(shown.body, !Contains("a bug of the sandbox"));
      }
      CHECK(call(http, "PUT", "/_sandbox/state/users/" + user, {}, whole.dump()).status == 200);
    }
  }
}

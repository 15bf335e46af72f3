#include "tests/tools/sandbox/client.hpp"

using namespace dovetail::sandbox;
using namespace dovetail::sandbox::test;
using Catch::Contains;

namespace {

const std::string subscription = "0123456789abcdef0123456789abcdef";
// base64 of application key and client key with a colon between.
const std::string basic =
    "Basic NWMxZjBlNmEtMDAwMC00MDAwLTgwMDAtMDAwMDAwMGEwMDAxOjlkMjdiMWM0LTAwMDAtNDAwMC04MDAwLTAwMDAwMDBjMDAwMQ==";
const std::string client_key = "9d27b1c4-0000-4000-8000-0000000c0001";
const std::string patch_type = "application/json-patch+json";

struct PowerOffice {
  explicit PowerOffice(int people = 3) : sandbox(start("poweroffice_go", people)), http(client_of(*sandbox)) {
    sandbox->set_knob("rate_limit", "0");
    renew();
  }

  httplib::Response token(const std::string& authorization = basic, const std::string& path = "/OAuth/Token",
                          const std::string& body = "grant_type=client_credentials") {
    return call(http, "POST", path, {{"Authorization", authorization}, {"Ocp-Apim-Subscription-Key", subscription}},
                body, "application/x-www-form-urlencoded; charset=utf-8");
  }
  void renew() {
    const auto answer = token();
    REQUIRE(answer.status == 200);
    bearer = "Bearer " + json_of(answer)["access_token"].get<std::string>();
  }
  httplib::Response send(const std::string& method, const std::string& path, const Json& body = Json(),
                         const std::string& type = "application/json") {
    return call(http, method, "/v2" + path, {{"Authorization", bearer}, {"Ocp-Apim-Subscription-Key", subscription}},
                body.is_null() ? "" : body.dump(), body.is_null() ? "" : type);
  }
  httplib::Response patch(const std::string& path, const Json& operations) {
    return send("PATCH", path, operations, patch_type);
  }
  std::string detail(const httplib::Response& answer) { return json_of(answer)["detail"]; }

  std::unique_ptr<Sandbox> sandbox;
  httplib::Client http;
  std::string bearer;
};

}  // namespace

TEST_CASE("poweroffice go gives tokens to known keys of the right environment") {
  PowerOffice power;
  const Json token = json_of(power.token());
  CHECK(token["token_type"] == "bearer");
  CHECK(token["expires_in"] == 1200);
  CHECK_FALSE(token.contains("refresh_token"));
  CHECK(power.token(basic, "/demo/oauth/token").status == 200);
  const auto refused = power.token("Basic bm9ib2R5Om5vYm9keQ==");
  CHECK(refused.status == 400);
  CHECK(json_of(refused) == Json({{"error", "invalid_client"},
                                  {"error_description",
                                   "Client integration not found. Please ensure the "
                                   "provided keys are matching the desired environment."}}));
  CHECK(json_of(power.token(basic, "/OAuth/Token", "grant_type=password"))["error"] == "unsupported_grant_type");
  power.sandbox->patch_row("clients", client_key, {{"Environment", "production"}});
  CHECK(power.token(basic, "/Demo/OAuth/Token").status == 400);
}

TEST_CASE("poweroffice go's gateway asks for the subscription key before anything else") {
  PowerOffice power;
  const auto missing = call(power.http, "GET", "/v2/Employees");
  CHECK(missing.status == 401);
  CHECK_THAT(json_of(missing)["message"].get<std::string>(), Contains("missing subscription key"));
  const auto wrong = call(power.http, "GET", "/v2/Employees", {{"Ocp-Apim-Subscription-Key", "x"}});
  CHECK_THAT(json_of(wrong)["message"].get<std::string>(), Contains("invalid subscription key"));
  const auto bare = call(power.http, "GET", "/v2/Employees?subscription-key=" + subscription);
  CHECK(bare.status == 401);
  CHECK(bare.body.empty());
  power.sandbox->advance_clock(std::chrono::seconds(1201));
  CHECK(power.send("GET", "/Employees").status == 401);
}

TEST_CASE("poweroffice go counts ten calls a second for a subscription key") {
  PowerOffice power;
  power.sandbox->advance_clock(std::chrono::seconds(2));
  power.sandbox->set_knob("rate_limit", "10");
  httplib::Response last;
  for (int each = 0; each < 11; ++each) last = power.send("GET", "/ClientIntegrationInformation");
  CHECK(last.status == 429);
  CHECK(last.get_header_value("Retry-After") == "1");
  CHECK(json_of(last) == Json({{"statusCode", 429}, {"message", "Rate limit is exceeded. Try again in 1 seconds."}}));
  power.sandbox->advance_clock(std::chrono::seconds(1));
  CHECK(power.send("GET", "/ClientIntegrationInformation").status == 200);
}

TEST_CASE("poweroffice go's employees are shown masked, in pages, in a bare array") {
  PowerOffice power(5);
  const auto answer = power.send("GET", "/Employees?PageSize=2&PageNumber=2");
  const Json list = json_of(answer);
  REQUIRE(list.is_array());
  CHECK(list.size() == 2);
  CHECK(list[0]["NationalIdNumber"] == "hidden");
  CHECK(list[0]["Gender"] == "Hidden");
  CHECK(list[0]["EndDate"].is_null());
  CHECK(list[0]["MailAddress"].contains("ZipCode"));
  CHECK_FALSE(list[0].contains("_client"));
  const Json pages = Json::parse(answer.get_header_value("X-Pagination"));
  CHECK(pages["totalPages"] == 3);
  CHECK_THAT(pages["nextPageLink"].get<std::string>(), Contains("PageSize=2&PageNumber=3"));
  CHECK(Json::parse(
            power.send("GET", "/Employees?PageSize=2&PageNumber=3").get_header_value("X-Pagination"))["nextPageLink"]
            .is_null());
  CHECK(power.send("GET", "/Employees?PageNumber=2").status == 204);
  CHECK(power.send("GET", "/Employees?externalImportReference=none").body.empty());
  CHECK(power.send("GET", "/Employees?$top=1").status == 400);
  CHECK(power.detail(power.send("GET", "/Employees?Fields=Id,Nonsense")) ==
        "Fields property in resourceParameter is not formatted correct.");
  CHECK(json_of(power.send("GET", "/Employees?Fields=Id,Number"))[0].size() == 2);
  CHECK(json_of(power.send("GET", "/Employees?OrderBy=Number%20desc"))[0]["Number"] == 2'000'005);
  CHECK(json_of(power.send("GET", "/Employees?employeeNos=1-2000001,2000004-")).size() == 3);
  CHECK(json_of(power.send("GET", "/Employees?employeeNos=x"))["title"] == "Unable to cast object(s)");
  CHECK(power.send("GET", "/Employees?employeeEmails=" + std::string(2000, 'x')).status == 404);
  power.sandbox->patch_row("clients", client_key, {{"ShowEmployeeSSN", true}});
  CHECK(json_of(power.send("GET", "/Employees/77001"))["NationalIdNumber"] == "hidden");  // baked into the token
  power.renew();
  CHECK(json_of(power.send("GET", "/Employees/77001"))["NationalIdNumber"].get<std::string>().size() == 11);
}

TEST_CASE("poweroffice go creates an employee once for a reference") {
  PowerOffice power(1);
  const Json body = {{"FirstName", "Kari"},
                     {"LastName", "Test"},
                     {"ExternalImportReference", "ABC123"},
                     {"StartDate", "2024-01-15"},
                     {"MailAddress", {{"AddressLine1", "Gata 1"}, {"ZipCode", "0150"}, {"City", "Oslo"}}}};
  const auto created = power.send("POST", "/Employees", body);
  CHECK(created.status == 201);
  const Json employee = json_of(created);
  CHECK(employee["Number"] == 1);
  CHECK(employee["MailAddress"]["CountryCode"] == "NO");
  const auto again = power.send("POST", "/Employees", body);
  CHECK(again.status == 400);
  CHECK(json_of(again)["title"] == "Employee validation error(s)");
  CHECK(power.detail(again) ==
        "ExternalImportReference is already in use. 'ABC123' is used on (contact) Id = " + employee["Id"].dump() + ".");
  CHECK(json_of(power.send("GET", "/Employees?externalImportReference=ABC123")).size() == 1);
}

TEST_CASE("poweroffice go refuses what breaks its rules") {
  PowerOffice power(1);
  const auto refused = [&](const Json& members, int status = 400) {
    Json body = {{"FirstName", "Kari"}, {"LastName", "Test"}};
    body.update(members);
    const auto answer = power.send("POST", "/Employees", body);
    CHECK(answer.status == status);
    return power.detail(answer);
  };
  CHECK(refused({{"LastName", nullptr}}) == "LastName is required.");
  CHECK(refused({{"MailAddress", {{"City", "Oslo"}}}}) == "MailAddress.ZipCode is required.");
  CHECK_THAT(refused({{"Number", 2'000'001}}),
             Contains("Number is already in use. '2000001' is used on (contact) Id = 77001."));
  CHECK_THAT(refused({{"Number", 10'000'000}}), Contains("number series"));
  CHECK_THAT(refused({{"NationalIdNumber", "13055700350"}}), Contains("NationalIdNumber"));
  CHECK_THAT(
      refused({{"Gender", 1}}),
      Contains("Enum 'gender' with value = 1 is not valid. (Enums is not allowed to be represented as integers)."));
  CHECK(refused({{"DepartmentCode", "X"}}, 404) == "Department with code = 'X' not found.");
  CHECK_THAT(refused({{"ExternalImportReference", std::string(51, 'x')}}), Contains("longer than 50"));
  CHECK(power.send("POST", "/Employees", {{"firstName", "Kari"}, {"lastName", "Test"}}).status == 400);
  CHECK(power.send("POST", "/Employees", {{"FirstName", "A"}, {"LastName", "B"}, {"NationalIdNumber", "13855700748"}})
            .status == 201);
  power.sandbox->set_knob("synthetic_ids", "off");
  CHECK_THAT(refused({{"NationalIdNumber", "13855700748"}}), Contains("NationalIdNumber"));
  CHECK(power.send("POST", "/Employees", {{"FirstName", "A"}, {"LastName", "B"}, {"NationalIdNumber", "13055700359"}})
            .status == 201);
}

TEST_CASE("poweroffice go patches as Microsoft's library does") {
  PowerOffice power(2);
  const Json before = power.sandbox->row("employees", "77001");
  const auto patched =
      power.patch("/Employees/77001", {{{"op", "replace"}, {"path", "/JobTitle"}, {"value", "Lead analyst"}},
                                       {{"op", "remove"}, {"path", "/EndDate"}},
                                       {{"op", "Add"}, {"path", "/startdate"}, {"value", "2024-02-01"}},
                                       {{"op", "replace"}, {"path", "/mailAddress/city"}, {"value", "Bergen"}},
                                       {{"op", "add"}, {"path", "/ContactGroupIds/-"}, {"value", 21}}});
  CHECK(patched.status == 200);
  const Json employee = json_of(patched);
  CHECK(employee["JobTitle"] == "Lead analyst");
  CHECK(employee["EndDate"].is_null());
  CHECK(employee["StartDate"] == "2024-02-01");
  CHECK(employee["MailAddress"]["City"] == "Bergen");
  CHECK(employee["ContactGroupIds"] == Json({21}));

  const auto refused = [&](const Json& operation) {
    const auto answer =
        power.patch("/Employees/77001",
                    Json::array({{{"op", "replace"}, {"path", "/FirstName"}, {"value", "Changed"}}, operation}));
    CHECK(answer.status == 400);
    CHECK(power.sandbox->row("employees", "77001")["FirstName"] == before["FirstName"]);
    return power.detail(answer);
  };
  const std::string dto = "EmployeePatchDto: ";
  CHECK(refused({{"op", "replace"}, {"path", "/xyz"}, {"value", 1}}) ==
        dto + "The target location specified by path segment 'xyz' was not found.");
  CHECK(refused({{"op", "replace"}, {"path", "/SalaryBankAccountId"}, {"value", 1}}) ==
        dto + "The target location specified by path segment 'SalaryBankAccountId' was not found.");
  CHECK(refused({{"op", "replace"}, {"path", "/DateOfBirth"}, {"value", "bogus"}}) ==
        dto + "The value 'bogus' is invalid for target location.");
  CHECK(refused({{"op", "replace"}, {"path", "/Number"}, {"value", "12"}}) ==
        dto + "The value '12' is invalid for target location.");
  CHECK_THAT(refused({{"op", "test"}, {"path", "/JobTitle"}, {"value", "Boss"}}),
             Contains("is not equal to the test value 'Boss'"));
  CHECK_THAT(refused({{"op", "remove"}, {"path", "/ContactGroupIds/3"}}), Contains("out of bounds"));
  CHECK(refused({{"op", "remove"}, {"path", "/LastName"}}) == "LastName is required.");
  CHECK_THAT(power.detail(power.patch("/Employees/77001", {{"FirstName", "Kari"}})), Contains("malformed"));
  CHECK(power.detail(power.patch("/Employees/12345", Json::array())) == "Employee with id = 12345 not found.");

  power.sandbox->patch_row("employees", "77002", {{"MailAddress", nullptr}});
  const auto nested = power.patch(
      "/Employees/77002", Json::array({{{"op", "replace"}, {"path", "/MailAddress/City"}, {"value", "Bergen"}}}));
  CHECK(power.detail(nested) ==
        dto + "For operation 'replace', the target location specified by path '/MailAddress/City' was not found.");
  const auto whole = power.patch(
      "/Employees/77002",
      Json::array({{{"op", "add"}, {"path", "/MailAddress"}, {"value", {{"City", "Bergen"}, {"ZipCode", "5003"}}}}}));
  CHECK(json_of(whole)["MailAddress"]["City"] == "Bergen");
}

TEST_CASE("poweroffice go's knobs say what a path below no address does, and what refusals are called") {
  PowerOffice power(1);
  const auto write_city = [&] {
    power.sandbox->patch_row("employees", "77001", {{"MailAddress", nullptr}});
    return power.patch("/Employees/77001", {{{"op", "replace"}, {"path", "/MailAddress/City"}, {"value", "Bergen"}},
                                            {{"op", "add"}, {"path", "/MailAddress/ZipCode"}, {"value", "5003"}}});
  };
  const auto refused = write_city();
  CHECK(refused.status == 400);
  CHECK_THAT(refused.get_header_value("Content-Type"), Contains("application/problem+json"));
  power.sandbox->set_knob("problem_type", "application/json");
  CHECK(write_city().get_header_value("Content-Type") == "application/json; charset=utf-8");
  power.sandbox->set_knob("patch_null_address", "created");
  CHECK(json_of(write_city())["MailAddress"]["City"] == "Bergen");
  power.sandbox->set_knob("unset_salary_account", "refused");
  const Json unset = {{{"op", "remove"}, {"path", "/SalaryBankAccountId"}}};
  CHECK(power.patch("/Employees/77001/BankAccounts", unset).status == 400);
}

TEST_CASE("poweroffice go's change stamp is blind to addresses and accounts") {
  PowerOffice power(1);
  const Json before = power.sandbox->row("employees", "77001");
  power.patch("/Employees/77001",
              Json::array({{{"op", "replace"}, {"path", "/MailAddress/City"}, {"value", "Hamar"}}}));
  const Json moved = power.sandbox->row("employees", "77001");
  CHECK(moved["LastChangedDateTimeOffset"] == before["LastChangedDateTimeOffset"]);
  CHECK(moved["MailAddress"]["LastChangedDateTimeOffset"] > before["MailAddress"]["LastChangedDateTimeOffset"]);
  power.patch("/Employees/77001", Json::array({{{"op", "replace"}, {"path", "/JobTitle"}, {"value", "Other"}}}));
  CHECK(power.sandbox->row("employees", "77001")["LastChangedDateTimeOffset"] > before["LastChangedDateTimeOffset"]);
}

TEST_CASE("poweroffice go's salary account takes two steps in two resources") {
  PowerOffice power(1);
  power.sandbox->patch_row("employees", "77001", {{"SalaryBankAccountId", nullptr}, {"ExpenseBankAccountId", nullptr}});
  const auto bad = power.send("POST", "/ContactBankAccounts/77001", {{"BankAccountNumber", "12345678901"}});
  CHECK(bad.status == 400);
  const auto created = power.send("POST", "/ContactBankAccounts/77001", {{"BankAccountNumber", "1234 56 78903"}});
  CHECK(created.status == 201);
  const Json account = json_of(created);
  CHECK(account["CountryCode"] == "NO");
  CHECK(account.contains("CreateDateTimeOffset"));
  CHECK(json_of(power.send("GET", "/ContactBankAccounts?contactIds=77001&bankAccountNumbers=12345678903")).size() == 1);
  const Json use = Json::array({{{"op", "replace"}, {"path", "/SalaryBankAccountId"}, {"value", account["Id"]}}});
  const Json employee = json_of(power.patch("/Employees/77001/BankAccounts", use));
  CHECK(employee["SalaryBankAccountId"] == account["Id"]);
  CHECK(employee["ExpenseBankAccountId"] == account["Id"]);
  CHECK(power.send("DELETE", "/ContactBankAccounts/77001/" + account["Id"].dump()).status == 409);
  const Json foreign = Json::array({{{"op", "replace"}, {"path", "/SalaryBankAccountId"}, {"value", 1}}});
  const auto refused = power.patch("/Employees/77001/BankAccounts", foreign);
  CHECK(json_of(refused)["title"] == "Employee bank accounts validation error(s)");
  power.sandbox->patch_row("clients", client_key, {{"InvalidPrivileges", {"EmployeeBankAccounts_Full"}}});
  power.renew();
  CHECK(power.patch("/Employees/77001/BankAccounts", use).status == 403);
  CHECK(json_of(power.send("GET", "/ClientIntegrationInformation"))["InvalidPrivileges"] ==
        Json({"EmployeeBankAccounts_Full"}));
}

TEST_CASE("poweroffice go's replica shows a write late") {
  PowerOffice power(1);
  power.sandbox->set_knob("replica_lag_ms", "60000");
  const Json created = json_of(
      power.send("POST", "/Employees", {{"FirstName", "A"}, {"LastName", "B"}, {"ExternalImportReference", "r"}}));
  CHECK(power.send("GET", "/Employees/" + created["Id"].dump()).status == 404);
  CHECK(power.send("GET", "/Employees?externalImportReference=r").status == 204);
  const Json patch = Json::array({{{"op", "replace"}, {"path", "/JobTitle"}, {"value", "New"}}});
  CHECK(json_of(power.patch("/Employees/77001", patch))["JobTitle"] == "New");
  CHECK(json_of(power.send("GET", "/Employees/77001"))["JobTitle"] != "New");
  power.sandbox->advance_clock(std::chrono::seconds(61));
  power.renew();
  CHECK(json_of(power.send("GET", "/Employees/77001"))["JobTitle"] == "New");
  CHECK(power.send("GET", "/Employees/" + created["Id"].dump()).status == 200);
}

TEST_CASE("poweroffice go deletes only what is not in use, and 404 has two meanings") {
  PowerOffice power(2);
  power.sandbox->patch_row("employees", "77001", {{"_in_use", true}});
  const auto refused = power.send("DELETE", "/Employees/77001");
  CHECK(refused.status == 409);
  CHECK(power.detail(refused) == "Employee with id = 77001 is in use and cannot be deleted.");
  CHECK(power.send("DELETE", "/Employees/77002").status == 200);
  CHECK(json_of(power.send("GET", "/Employees/77002"))["title"] == "Object(s) not found");
  CHECK_FALSE(json_of(power.send("GET", "/Employes")).contains("title"));
  power.sandbox->set_knob("date_with_time", "on");
  power.sandbox->set_knob("unset_members", "absent");
  const Json shown = json_of(power.send("GET", "/Employees/77001"));
  CHECK(shown["StartDate"].get<std::string>().substr(10) == "T00:00:00");
  CHECK_FALSE(shown.contains("EndDate"));
}

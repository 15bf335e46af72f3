// Whole bodies, beside those of the systems' descriptions: the same members of the same types, in XML in the same order
// with the same attributes.
#include <pugixml.hpp>

#include "tests/tools/sandbox/client.hpp"
#include "tests/tools/sandbox/netvisor_client.hpp"

using namespace dovetail::sandbox;
using namespace dovetail::sandbox::test;

namespace {

// Every element with its attributes, in order and by depth; texts are left out.
std::string shape(pugi::xml_node node, const std::string& indent = {}) {
  std::string text;
  for (const pugi::xml_node child : node.children()) {
    if (child.type() != pugi::node_element) continue;
    text += indent + child.name();
    for (const pugi::xml_attribute each : child.attributes())
      text += std::string(" ") + each.name() + '=' + each.value();
    text += '\n' + shape(child, indent + ' ');
  }
  return text;
}

std::string shape_at(const std::string& body, const char* path) {
  pugi::xml_document document;
  REQUIRE(document.load_string(body.c_str()));
  const pugi::xml_node found = document.first_element_by_path(path);
  REQUIRE(found);
  return shape(found);
}

// "" or the first place where `answer` lacks a member of the sample, or has another type. A null of the sample says
// nothing of the type. Members that the sample leaves out are no difference.
std::string differs(const Json& sample, const Json& answer, const std::string& at = {}) {
  if (sample.is_null()) return {};
  if (sample.type() != answer.type() && !(sample.is_number() && answer.is_number()))
    return at + ": " + sample.type_name() + ", not " + answer.type_name();
  if (sample.is_array())
    return sample.empty() ? std::string{} : answer.empty() ? at + ": empty" : differs(sample[0], answer[0], at + "[0]");
  for (const auto& [name, value] : sample.items()) {
    if (!sample.is_object()) return {};
    if (!answer.contains(name)) return at + '/' + name + ": missing";
    if (const std::string wrong = differs(value, answer[name], at + '/' + name); !wrong.empty()) return wrong;
  }
  return {};
}

const Json power_office_employee = Json::parse(R"({
 "Id":77001,"Number":12,"FirstName":"Kari","LastName":"Test","EmailAddress":"kari@example.com","PhoneNumber":"+4790000000",
 "DateOfBirth":"1990-02-01","Gender":"Hidden","NationalIdNumber":"hidden","JobTitle":"Analyst","StartDate":"2024-01-15",
 "EndDate":null,"HiredDate":null,"IsArchived":false,"DepartmentId":null,"DepartmentCode":null,"LocationId":null,
 "ManagerEmployeeId":null,
 "MailAddress":{"Id":501,"AddressLine1":"Gata 1","AddressLine2":null,"ZipCode":"0150","City":"Oslo","CountryCode":"NO",
  "ExternalCode":null,"LastChangedDateTimeOffset":"2024-01-10T08:00:00.123456+00:00"},
 "SalaryBankAccountId":9001,"ExpenseBankAccountId":9001,"TravelExpenseBankAccountId":9001,"ExternalImportReference":null,
 "ExternalNumber":null,"ContactGroupIds":[],"SubledgerAccountId":33001,"InternationalIdNumber":null,
 "InternationalIdType":null,"ContactCreatedDateTimeOffset":"2024-01-10T08:00:00.1+00:00",
 "EmployeeCreatedDateTimeOffset":"2024-01-10T08:00:00.1+00:00","LastChangedDateTimeOffset":"2024-01-10T08:00:00.1+00:00",
 "CreatedFromImportJournalId":null})");

const Json finago_employee = Json::parse(R"([{
 "empId":"26","email":"kari@example.no","email_copy":"","firstname":"Kari","lastname":"Berg","postaddress":"Storgata 1",
 "zipcode":"0155","city":"OSLO","countryCode":"NO","clearingno":"","account":"86011117947","bic":"",
 "employee_date":"2024-01-01","telefon":"+4790000000","personnr":"",
 "internationalID":{"countryCode":"SE","ID":"AB12345","type":"passnummer"},
 "salary_type":"monthly","salary":"25000.00","hours_per_week":"37.50","hidden":"0"}])");

const Json finago_employment = Json::parse(R"([{
 "employment_id":"32553-1","primary_employment":"1","startdate":"2020-11-01","enddate":"","enddate_reason":"",
 "employment_form":"fast","profession_code":"2130102","employment_rate":"90.00",
 "employment_type":"ordinaertArbeidsforhold","enterprise_number":"811010472","working_times":"ikkeSkift"}])");

const Json huma_user = Json::parse(R"({
 "id":"4d0f","type":"user","status":{"active":true},"subordinatesCount":0,
 "givenName":{"value":"Kari","editable":true},"familyName":{"value":"Test","editable":true},
 "email":{"value":"kari@example.com","editable":true},"phone":{"value":"+4790000000","editable":true},
 "birthDate":{"value":"1990-02-01","editable":true,"showBirthday":true},"gender":{"value":"Female","editable":true},
 "nationality":{"value":"NO","editable":true},"employmentId":{"value":"12","editable":true},
 "homeAddress":{"value":{"line1":"Gata 1","line2":"","postalCode":"0150","city":"Oslo","country":"NO"},"editable":true},
 "identifications":{"value":[{"id":"9b1c","type":"national","country":"NO","value":"x"}],"editable":true},
 "bankAccount":{"value":{"type":"x"},"editable":true},"connectedIntegrations":{},
 "currentPositions":[{"id":"77aa","title":{"id":"x","name":"Analyst"},"contractStartDate":"2024-01-15",
  "contractType":"Permanent","percentage":100,"status":"CURRENT"}]})");

}  // namespace

TEST_CASE("netvisor's answers have the elements of its description, in that order") {
  const auto sandbox = start("netvisor", 1);
  NetvisorClient company(*sandbox);
  CHECK(shape_at(company.get("/getemployees.nv?includeendedemployments=1").body, "Root/employees/employee") ==
        "employeenumber\nnetvisorkey\npersonalid type=finnishidentifier\nfirstname\nlastname\nrealname\n"
        "employmentstatus\npayrollservice\nresourcemanagement\nlunchbenefit\n");
  const std::string one = company.get("/getemployee.nv?netvisorkey=1&employmentperiods=1").body;
  CHECK(
      shape_at(one, "Root/employee/employeebaseinformation") ==
      "netvisorkey\nemployeenumber\nemployeeidentifier type=finnishidentifier\nforeignidentifiertype\n"
      "issuingcountry type=ISO-3166\nfirstname\nlastname\nfullname\npayrollservice\nresourcemanagement\nlunchbenefit\n"
      "nationality type=ISO-3166\nlanguage "
      "type=ISO-3166\nmunicipality\ngender\ndateofbirth\nstreetaddress\npostnumber\n"
      "city\ncountry type=ISO-3166\nphonenumber\nemail\nbankaccountnumber\nbankidentificationcode\nactivity\n");
  CHECK_THAT(shape_at(one, "Root/employee/employmentperiods/employmentperiod"),
             Catch::StartsWith("netvisorkey\ncompanystartdate format=ansi\nstartdate format=ansi\n"
                               "probationenddate format=ansi\nemploymentmode type=netvisor\nprofession\n"));
  CHECK(shape_at(one, "Root/ResponseStatus") == "Status\nTimeStamp\n");
}

TEST_CASE("poweroffice go's, finago's and huma's answers have the members of their descriptions, with their types") {
  const auto sandbox = start("poweroffice_go", 1);
  auto power = client_of(*sandbox);
  const Json keys = sandbox->credentials();
  const httplib::Headers subscription = {{"Ocp-Apim-Subscription-Key", keys["subscription_key"].get<std::string>()}};
  httplib::Headers asking = subscription;
  asking.insert(httplib::make_basic_authentication_header(keys["application_key"].get<std::string>(),
                                                          keys["client_key"].get<std::string>()));
  const Json token = json_of(call(power, "POST", "/OAuth/Token", asking, "grant_type=client_credentials",
                                  "application/x-www-form-urlencoded"));
  CHECK(differs(Json::parse(R"({"access_token":"eyJ","token_type":"bearer","expires_in":1200})"), token).empty());
  httplib::Headers bearer = subscription;
  bearer.emplace("Authorization", "Bearer " + token["access_token"].get<std::string>());
  CHECK(differs(power_office_employee, json_of(call(power, "GET", "/v2/Employees/77001", bearer))).empty());

  const auto payday = start("finago", 1);
  auto pay = client_of(*payday);
  const Json exchanged = json_of(call(pay, "GET", "/api/auth?token=sandbox-access-token"));
  CHECK(differs(Json::parse(R"({"accessToken":"x","expiresOn":"2025-06-03T10:15:00+02:00"})"), exchanged).empty());
  const httplib::Headers paid = {{"Authorization", "Bearer " + exchanged["accessToken"].get<std::string>()}};
  CHECK(differs(finago_employee, json_of(call(pay, "GET", "/api/employee/v2/1", paid))).empty());
  const Json employments = json_of(call(pay, "GET", "/api/employment/v2/1", paid));
  CHECK(differs(finago_employment, employments).empty());
  CHECK(employments[0].size() == finago_employment[0].size());

  const auto hub = start("huma", 1);
  auto huma = client_of(*hub);
  const Json own = hub->credentials();
  const std::string form = "grant_type=client_credentials&client_id=" + own["client_id"].get<std::string>() +
                           "&client_secret=" + own["client_secret"].get<std::string>();
  const Json given = json_of(call(huma, "POST", "/auth/oauth/token", {}, form, "application/x-www-form-urlencoded"));
  const httplib::Headers known = {{"Authorization", "Bearer " + given["access_token"].get<std::string>()}};
  const std::string id = json_of(call(huma, "GET", "/users", known))["items"][0]["id"];
  CHECK(differs(huma_user, json_of(call(huma, "GET", "/users/" + id, known))) == "");
}

#include "tests/tools/sandbox/netvisor_client.hpp"

using namespace dovetail::sandbox;
using namespace dovetail::sandbox::test;
using Catch::Contains;

namespace {

const std::string form_incorrect =
    "INVALID_DATA :: Data form incorrect:. XML message validation failed: Could not validate xml";

const std::string new_employee =
    "<root><employee><employeebaseinformation><employeeidentifier>010190-900P</employeeidentifier><firstname>Aino</"
    "firstname>"
    "<lastname>Virta</lastname><phonenumber>+358401234567</phonenumber><email>aino@example.com</email></"
    "employeebaseinformation>"
    "<employeepayrollinformation><streetaddress>Rantatie "
    "1</streetaddress><postnumber>90100</postnumber><city>Oulu</city>"
    "<country>fi</country><employeenumber>1001</employeenumber><payrollrulegroupname>Kuukausipalkka</"
    "payrollrulegroupname>"
    "<bankaccountnumber>FI21 1234 5600 0007 "
    "85</bankaccountnumber></employeepayrollinformation><employmentperiods><employmentperiod>"
    "<startdate "
    "format=\"ansi\">2024-01-01</startdate><profession>Developer</profession></employmentperiod></employmentperiods>"
    "</employee></root>";

std::string changed(const std::string& from, const std::string& to) {
  std::string body = new_employee;
  const auto at = body.find(from);
  REQUIRE(at != std::string::npos);
  return body.replace(at, from.size(), to);
}

std::string text_at(const httplib::Response& response, const char* path) {
  pugi::xml_document document;
  REQUIRE(document.load_string(response.body.c_str()));
  const auto node = document.child("Root").first_element_by_path(path);
  INFO(response.body);
  REQUIRE(node);
  return node.text().get();
}

struct Company {
  Company() : sandbox(start("netvisor")), client(*sandbox) {}
  std::string add(const std::string& body) { return status_text(client.post("/employee.nv?method=add", body)); }
  std::string edit(const std::string& body) { return status_text(client.post("/employee.nv?method=edit", body)); }
  std::string patch(const std::string& body) {
    return status_text(client.post("/patchemployee.nv?identifiertype=netvisorkey&identifier=1", body));
  }
  Json row() const { return sandbox->row("employees", "1"); }

  std::unique_ptr<Sandbox> sandbox;
  NetvisorClient client;
};

// An edit of the employee of `new_employee`, with these blocks behind the identifier.
std::string edit_body(const std::string& base, const std::string& rest = {}) {
  return "<root><employee><employeebaseinformation><employeeidentifier>010190-900P</employeeidentifier>" + base +
         "</employeebaseinformation>" + rest + "</employee></root>";
}

std::string payroll(const std::string& inside) {
  return "<employeepayrollinformation>" + inside + "</employeepayrollinformation>";
}

std::string period(const std::string& inside) {
  return "<employmentperiods><employmentperiod>" + inside + "</employmentperiod></employmentperiods>";
}

}  // namespace

TEST_CASE("netvisor takes no country that does not exist, no empty list of periods and no document type") {
  Company company;
  CHECK(company.add(changed("<country>fi</country>", "<country>qq</country>")) == form_incorrect);
  const std::string periods = new_employee.substr(new_employee.find("<employmentperiod>"));
  const std::string inside = periods.substr(0, periods.find("</employmentperiods>"));
  CHECK(company.add(changed(inside, "")) == form_incorrect);
  CHECK(company.add("<!DOCTYPE root [<!ENTITY name \"Aino\">]>" + new_employee) == form_incorrect);
  CHECK(company.add(new_employee) == "OK");
}

TEST_CASE("netvisor adds an employee, answers no key, and derives gender, birth date and BIC") {
  Company company;
  const auto added = company.client.post("/employee.nv?method=add", new_employee);
  CHECK(status_text(added) == "OK");
  CHECK_THAT(added.body, !Contains("InsertedDataIdentifier"));
  CHECK_THAT(added.body,
             Contains("<Root>\r\n    <ResponseStatus>\r\n        <Status>OK</Status>\r\n        <TimeStamp>"));
  const auto list = company.client.get("/getemployees.nv?includeendedemployments=1");
  CHECK(text_at(list, "employees/employee/netvisorkey") == "1");
  CHECK_THAT(list.body, Contains("<personalid type=\"finnishidentifier\">010190-900P</personalid>"));
  CHECK(text_at(list, "employees/employee/realname") == "Virta Aino");
  const auto read = company.client.get("/getemployee.nv?netvisorkey=1&employmentperiods=1");
  CHECK(text_at(read, "employee/employeebaseinformation/gender") == "female");
  CHECK(text_at(read, "employee/employeebaseinformation/dateofbirth") == "1990-01-01");
  CHECK(text_at(read, "employee/employeebaseinformation/country") == "FI");
  CHECK(text_at(read, "employee/employeebaseinformation/bankaccountnumber") == "FI2112345600000785");
  CHECK(text_at(read, "employee/employeebaseinformation/bankidentificationcode") == "NDEAFIHH");
  CHECK(text_at(read, "employee/employmentperiods/employmentperiod/profession") == "Developer");
  CHECK_THAT(read.body, Contains("<enddate format=\"ansi\"></enddate>"));
  CHECK_THAT(read.body, Contains("<kevaemploymentregistration>"));
  CHECK_THAT(company.client.get("/getemployee.nv?employeenumber=1001").body, !Contains("employmentperiods"));
}

TEST_CASE("netvisor minds the order, the needs and the kinds of elements and never says which") {
  Company company;
  CHECK(company.add(changed("<firstname>Aino</firstname><lastname>Virta</lastname>",
                            "<lastname>Virta</lastname><firstname>Aino</firstname>")) == form_incorrect);
  CHECK(company.add(changed("<city>Oulu</city>", "")) == form_incorrect);
  CHECK(company.add(changed("<city>Oulu</city>", "<city></city>")) == form_incorrect);
  CHECK(company.add(changed("<city>Oulu</city>", "<city>Oulu</city><planet>Earth</planet>")) == form_incorrect);
  CHECK(company.add(changed(" format=\"ansi\"", "")) == form_incorrect);
  CHECK(company.add(changed("2024-01-01", "2024-02-30")) == form_incorrect);
  CHECK(company.add(changed("<country>fi</country>", "<country>F1</country>")) == form_incorrect);
  CHECK(company.add(changed("<employeenumber>1001", "<employeenumber>A1")) == form_incorrect);
  CHECK(company.add("<root><employee>") == form_incorrect);
  CHECK_THAT(company.add(changed("1001", "12345678901")), Contains("INVALID_DATA_SIZE :: "));
  CHECK_THAT(company.add(changed("Kuukausipalkka", "Nobody's")), Contains("Payroll rule group not found"));
  CHECK_THAT(company.add(changed("010190-900P", "010190-900Q")), Contains("Employee identifier is not valid"));
  CHECK_THAT(company.add(changed("FI21 ", "FI22 ")), Contains("Bank account number is not valid"));
  CHECK(company.sandbox->rows("employees").empty());
  CHECK(company.add("<?xml version=\"1.0\"?>" +
                    changed("<firstname>Aino</firstname>", "<FirstName>Aino</FirstName>")) == "OK");
}

TEST_CASE("netvisor's identifiers and numbers are one person's") {
  Company company;
  CHECK(company.add(new_employee) == "OK");
  CHECK_THAT(company.add(new_employee), Contains("DUPLICATE_DATA :: "));
  CHECK_THAT(company.add(changed("010190-900P", "010190-902S")), Contains("Employee number is already in use"));
  company.sandbox->set_knob("duplicate_code", "INVALID_DATA");
  CHECK_THAT(company.add(new_employee), Contains("INVALID_DATA :: "));
}

TEST_CASE("netvisor reads the documented encoding too") {
  Company company;
  CHECK(company.add("<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>" + changed("Virta", "M\xE4kel\xE4")) == "OK");
  CHECK(company.row()["lastname"] == "Mäkelä");
}

TEST_CASE("netvisor's edit leaves what is omitted and clears what is empty") {
  Company company;
  REQUIRE(company.add(new_employee) == "OK");
  CHECK(company.edit(edit_body("<phonenumber>+358401111111</phonenumber>",
                               payroll("<bankaccountnumber></bankaccountnumber>"))) == "OK");
  CHECK(company.row()["phonenumber"] == "+358401111111");
  CHECK(company.row()["firstname"] == "Aino");
  CHECK(company.row()["bankaccountnumber"] == "");
  CHECK(company.row()["city"] == "Oulu");
  CHECK(company.edit(edit_body("<firstname></firstname>")) == form_incorrect);
  CHECK_THAT(company.edit(edit_body("", payroll("<nationality></nationality>"))), Contains("Nationality"));
  const std::string nobody =
      "<root><employee><employeebaseinformation><employeeidentifier>010190-902S</employeeidentifier>"
      "</employeebaseinformation></employee></root>";
  CHECK_THAT(company.edit(nobody), Contains("Employee not found"));
  const std::string target = "/employee.nv?method=edit";
  const auto finnish = call(company.client.http, "POST", target, company.client.sign(target, {{"Language", "FI"}}),
                            nobody, "text/plain");
  CHECK_THAT(status_text(finnish), Contains("Työntekijää ei löydy"));
}

TEST_CASE("netvisor's edit treats periods as the knob says") {
  Company company;
  REQUIRE(company.add(new_employee) == "OK");
  const std::string same =
      period("<startdate format=\"ansi\">2024-01-01</startdate><profession>Architect</profession>");
  CHECK(company.edit(edit_body("", same)) == "OK");
  REQUIRE(company.row()["periods"].size() == 1);
  CHECK(company.row()["periods"][0]["profession"] == "Architect");
  company.sandbox->set_knob("edit_periods", "append");
  CHECK(company.edit(edit_body("", same)) == "OK");
  CHECK(company.row()["periods"].size() == 2);
  company.sandbox->set_knob("edit_periods", "replace");
  CHECK(company.edit(edit_body("", same)) == "OK");
  CHECK(company.row()["periods"].size() == 1);
  CHECK_THAT(
      company.edit(edit_body("", period("<startdate format=\"ansi\">2025-01-01</startdate><profession>A</profession>"
                                        "<employmentcontract type=\"netvisor\">2</employmentcontract>"))),
      Contains("End date is mandatory"));
}

TEST_CASE("netvisor's patch wants its base block, and a BIC with the account") {
  Company company;
  REQUIRE(company.add(new_employee) == "OK");
  const auto body = [](const std::string& inside) {
    return "<root><patchemployee>" + inside + "</patchemployee></root>";
  };
  const std::string base = "<employeebaseinformation><firstname>Aino</firstname></employeebaseinformation>";
  CHECK(company.patch(body(payroll("<city>Turku</city>"))) == form_incorrect);
  CHECK(company.patch(body(base + payroll("<city>Turku</city>"))) == "OK");
  CHECK(company.row()["city"] == "Turku");
  const std::string account = "<bankaccountnumber>FI2112345600000785</bankaccountnumber>";
  CHECK_THAT(company.patch(body(base + payroll(account))), Contains("Bank identification code is mandatory"));
  CHECK(company.patch(body(base + payroll(account + "<bankidentificationcode>NDEAFIHH</bankidentificationcode>"))) ==
        "OK");
  CHECK(
      company.patch(body(
          "<employeebaseinformation><employeeidentifier>010190-902S</employeeidentifier></employeebaseinformation>")) ==
      form_incorrect);
  const auto by_number = company.client.post("/patchemployee.nv?identifiertype=number&identifier=1001", body(base));
  CHECK(status_text(by_number) == "OK");
  CHECK_THAT(status_text(company.client.post("/patchemployee.nv?identifiertype=name&identifier=Aino", body(base))),
             Contains("identifiertype"));
}

TEST_CASE("netvisor's job periods are added, edited and deleted by their keys") {
  Company company;
  REQUIRE(company.add(new_employee) == "OK");
  const auto added = company.client.post(
      "/addjobperiod.nv?employeeidentifier=1",
      "<root>" + period("<startdate format=\"ansi\">2025-01-01</startdate><profession>Lead</profession>") + "</root>");
  REQUIRE(status_text(added) == "OK");
  const std::string key = text_at(added, "Replies/InsertedDataIdentifier");
  const std::string target = "/editjobperiod.nv?netvisorkey=" + key;
  CHECK(status_text(company.client.post(
            target, "<root>" + period("<enddate format=\"ansi\">2025-12-31</enddate>") + "</root>")) == "OK");
  CHECK(company.row()["periods"][1]["enddate"] == "2025-12-31");
  CHECK(company.row()["periods"][1]["profession"] == "Lead");
  CHECK_THAT(status_text(company.client.post("/editjobperiod.nv?netvisorkey=99", "<root/>")), Contains("not found"));
  CHECK(status_text(company.client.get("/deletejobperiod.nv?netvisorkey=" + key)) == "OK");
  CHECK(company.row()["periods"].size() == 1);
}

TEST_CASE("netvisor's list hides people whose employment has ended") {
  Company company;
  REQUIRE(company.add(changed("<profession>Developer</profession>",
                              "<profession>Developer</profession><enddate format=\"ansi\">2024-12-31</enddate>")) ==
          "OK");
  CHECK_THAT(company.client.get("/getemployees.nv").body, Contains("<employees>\r\n    </employees>"));
  CHECK_THAT(company.client.get("/getemployees.nv?IncludeEndedEmployments=1").body,
             Contains("<employmentstatus>0</employmentstatus>"));
}

TEST_CASE("netvisor has no word for absent") {
  Company company;
  const auto failed = company.client.get("/getemployee.nv?netvisorkey=123");
  CHECK(failed.status == 400);
  CHECK(status_text(failed) ==
        "INVALID_DATA :: Data form incorrect:. Employee not found with Netvisor identifier: 123");
  company.sandbox->set_knob("employee_not_found", "empty");
  CHECK(status_text(company.client.get("/getemployee.nv?netvisorkey=123")) == "OK");
}

TEST_CASE("netvisor takes people without a Finnish code with what it can't derive") {
  Company company;
  const std::string foreign =
      "<foreignemployeeidentification><identifier type=\"foreignpersonalidentifier\">AB12345</identifier>"
      "<issuingcountry type=\"ISO-3166\">SE</issuingcountry><gender>male</gender><dateofbirth "
      "format=\"ansi\">1990-02-01</dateofbirth>"
      "</foreignemployeeidentification>";
  CHECK(company.add(changed("<employeeidentifier>010190-900P</employeeidentifier>", foreign)) == "OK");
  const auto read = company.client.get("/getemployee.nv?netvisorkey=1");
  CHECK_THAT(read.body, Contains("<employeeidentifier type=\"foreignidentifier\">AB12345</employeeidentifier>"));
  CHECK(text_at(read, "employee/employeebaseinformation/dateofbirth") == "1990-02-01");
  CHECK(company.add(changed("<employeeidentifier>010190-900P</employeeidentifier>", "")) == form_incorrect);
}

#include "providers/netvisor/netvisor.hpp"

#include <catch2/catch.hpp>

#include "providers/netvisor/bodies.hpp"
#include "providers/netvisor/envelope.hpp"
#include "tests/conformance/bench.hpp"

using namespace dovetail;
using namespace dovetail::providers::netvisor;
using test::Bench;
using Calls = std::map<std::string, int>;
using Kind = ChangeOutcome::Kind;

TEST_CASE("the code of a request is the one that the interface's description works out") {
  const Keys keys{.customer_id = "cust-1",
                  .customer_key = "custkey",
                  .partner_id = "p",
                  .partner_key = "partnerkey",
                  .organisation_id = "1234567-8"};
  const std::chrono::system_clock::time_point time{std::chrono::milliseconds{1'748'768'887'123}};
  const Stamp stamp = stamp_of(time, "2f9c1d5e-0000-4000-8000-000000000001");
  CHECK(stamp.timestamp == "2025-06-01 09:08:07.123");
  CHECK(stamp.timestamp_unix == "1748768887");
  CHECK(message_code("https://isvapi.netvisor.fi/getemployee.nv?netvisorkey=17&employmentperiods=1", "Huma sandbox",
                     "EN", stamp, keys) == "18448d69578d8b17925d5925a69e52fea263f39892c5c89d4a9e7892c7b2d32c");
}

TEST_CASE("an envelope is read also where it is not well-formed") {
  CHECK(read_envelope("<Root><ResponseStatus><Status>OK</Status></ResponseStatus></Root>").ok);
  const Envelope failed = read_envelope("<Root><Status>FAILED</Status>\r\n<Status>INVALID_DATA :: a &amp; b</Status>");
  CHECK_FALSE(failed.ok);
  CHECK(failed.code == "INVALID_DATA");
  CHECK(failed.text == "INVALID_DATA :: a & b");
  CHECK(read_envelope(
            "<Status>FAILED</Status><Status>AUTHENTICATION_FAILED :: x :: a&b&YOUR_PRIVATE_KEY_HERE :: ABC</Status>")
            .code == "AUTHENTICATION_FAILED");
  CHECK_FALSE(read_envelope("<html>").found);
  CHECK_FALSE(read_envelope("").found);
}

TEST_CASE("every element that the schema can write has its place in the order") {
  const ir::Schema& schema = test::shipped_schema("netvisor");
  for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
    const ir::Member& member = schema.members[id];
    if (member.kind != ir::MemberKind::scalar || member.read_only || member.derived_from != ir::no_member) continue;
    for (const std::string& name : providers::write_path(schema, id)) {
      INFO(member.path << ": " << name);
      CHECK(std::ranges::count(element_order(), name) == 1);
    }
  }
}

TEST_CASE("Netvisor: a foreign identifier is no Finnish one, neither good nor bad") {
  Bench bench("netvisor", 2);
  const std::string id = bench.sandbox->rows("employees").begin().key();
  for (const char* position : {"element", "attribute"}) {
    bench.sandbox->set_knob("foreign_type_on_reads", position);
    bench.sandbox->patch_row("employees", id,
                             {{"identifier", "AB-4711"},
                              {"identifiertype", "foreignidentifier"},
                              {"foreignidentifiertype", "taxidentificationnumber"}});
    CHECK(bench.value(bench.get(id), 0, "employeebaseinformation.employeeidentifier").state == State::absent);
  }
}

TEST_CASE("Netvisor: everybody is read, with one call for the list and one a person") {
  Bench bench("netvisor", 4);
  const Snapshot all = bench.list();
  REQUIRE(all.size() == 4);
  CHECK(bench.count_calls() == Calls{{"getemployees", 1}, {"getemployee", 4}});
  for (RecordIndex i = 0; i < 4; ++i) {
    const std::string id = bench.value(all, i, "employeebaseinformation.netvisorkey").text;
    const sandbox::Json row = bench.sandbox->row("employees", id);
    CHECK(sandbox::Json(bench.value(all, i, "employeebaseinformation.firstname").text) == row["firstname"]);
    CHECK(sandbox::Json(bench.value(all, i, "employeebaseinformation.employeeidentifier").text) == row["identifier"]);
    CHECK(sandbox::Json(bench.value(all, i, "employeepayrollinformation.employeenumber").text) ==
          row["employeenumber"]);
    CHECK(bench.value(all, i, "employeepayrollinformation.payrollrulegroupname").text == "Kuukausipalkka");
    CHECK(sandbox::Json(bench.value(all, i, "employmentperiods[].startdate").text) == row["periods"][0]["startdate"]);
    CHECK(bench.value(all, i, "employmentperiods[].employmentperiod.enddate").state == State::unset);
  }
}

TEST_CASE("Netvisor: nobody is absent, in both ways it may say so, a failure never is") {
  Bench bench("netvisor", 1);
  Snapshot none(ir::Layout::whole(bench.schema));
  bench.sandbox->set_knob("employee_not_found", GENERATE("failed", "empty"));
  Result<bool> got = bench.system->get("4711", none);
  REQUIRE(got.has_value());
  CHECK_FALSE(*got);
  CHECK(none.size() == 0);
  for (const int status : {401, 403, 404, 429, 500, 503}) {
    bench.sandbox->add_fault({{"kind", "status"}, {"status", status}, {"times", -1}});
    got = bench.system->get("4711", none);
    INFO(status);
    CHECK_FALSE(got.has_value());
    bench.sandbox->clear_faults();
  }
}

namespace {

std::vector<Change> somebody(const Bench& bench) {
  return {bench.set("employmentperiods[].employmentperiod.profession", "Kehittäjä", "+1"),
          bench.set("employeebaseinformation.email", "uusi@example.com"),
          bench.set("employeebaseinformation.bankidentificationcode", "NDEAFIHH"),
          bench.set("employeebaseinformation.bankaccountnumber", "FI2112345600000785"),
          bench.set("employeepayrollinformation.payrollrulegroupname", "Kuukausipalkka"),
          bench.set("employeepayrollinformation.employeenumber", "9001"),
          bench.set("employeebaseinformation.nationality", "FI"),
          bench.set("employeebaseinformation.country", "FI"),
          bench.set("employeebaseinformation.city", "Oulu"),
          bench.set("employeebaseinformation.municipality", "Oulu"),
          bench.set("employeebaseinformation.postnumber", "90100"),
          bench.set("employeebaseinformation.streetaddress", "Rantatie 1 & 2 <A>"),
          bench.set("employeebaseinformation.phonenumber", "+358401234567"),
          bench.set("employeebaseinformation.lastname", "Virta"),
          bench.set("employeebaseinformation.firstname", "Åino"),
          bench.set("employeebaseinformation.employeeidentifier", "010190-900P"),
          bench.set("employmentperiods[].startdate", "2024-01-01", "+1")};
}

}  // namespace

TEST_CASE("Netvisor: a person is added whatever the order of the changes, and the key is found again in one list") {
  Bench bench("netvisor", 3);
  const std::vector<Change> members = somebody(bench);
  const Result<Created> created = bench.system->create(members, "reference");
  INFO((created ? "" : created.error().what));
  REQUIRE(created.has_value());
  CHECK_FALSE(created->id.has_value());
  for (const ChangeOutcome& outcome : created->outcomes) CHECK(outcome.kind == Kind::done);
  bench.count_calls();
  const ir::MemberId hetu = bench.schema.id(*bench.schema.find("employeebaseinformation.employeeidentifier"));
  const auto found = bench.system->find(hetu, {"010190-900P", "010190-9021"});
  REQUIRE(found.has_value());
  REQUIRE(found->at(0).has_value());
  CHECK_FALSE(found->at(1).has_value());
  CHECK(bench.count_calls() == Calls{{"getemployees", 1}});
  const Snapshot one = bench.get(*found->at(0));
  for (const Change& change : members) {
    const std::string& path = bench.schema.members[change.member].path;
    INFO(path);
    CHECK(bench.value(one, 0, path).text == change.value);
  }
}

TEST_CASE("Netvisor: a change is one patch that repeats the names, periods go by their keys") {
  Bench bench("netvisor", 2);
  const Snapshot before = bench.list();
  const std::string id = bench.value(before, 0, "employeebaseinformation.netvisorkey").text;
  const std::string period = bench.value(before, 0, "employmentperiods[].netvisorkey").text;
  bench.get(id);
  bench.count_calls();
  const std::vector<Change> changes = {bench.set("employeebaseinformation.city", "Turku"),
                                       bench.clear("employeebaseinformation.municipality"),
                                       bench.set("employeebaseinformation.bankaccountnumber", "FI2112345600000785"),
                                       bench.set("employmentperiods[].employmentperiod.enddate", "2030-12-31", period),
                                       bench.set("employmentperiods[].startdate", "2031-01-01", "+1"),
                                       bench.set("employmentperiods[].employmentperiod.profession", "Päällikkö", "+1"),
                                       bench.set("employeebaseinformation.gender", "male")};
  const auto outcomes = bench.system->update(id, changes);
  INFO((outcomes ? "" : outcomes.error().what));
  REQUIRE(outcomes.has_value());
  for (std::size_t i = 0; i + 1 < changes.size(); ++i) {
    INFO(outcomes->at(i).reason);
    CHECK(outcomes->at(i).kind == Kind::done);
  }
  CHECK(outcomes->back().kind == Kind::refused);
  CHECK(outcomes->back().reason ==
        "Netvisor computes `employeebaseinformation.gender` from `employeebaseinformation.employeeidentifier`");
  CHECK(bench.count_calls() == Calls{{"patchemployee", 1}, {"editjobperiod", 1}, {"addjobperiod", 1}});
  const Snapshot after = bench.get(id);
  CHECK(bench.value(after, 0, "employeebaseinformation.city").text == "Turku");
  CHECK(bench.value(after, 0, "employeebaseinformation.municipality").state == State::unset);
  CHECK(bench.value(after, 0, "employeebaseinformation.firstname") ==
        bench.value(before, 0, "employeebaseinformation.firstname"));
  CHECK(bench.value(after, 0, "employmentperiods[].employmentperiod.enddate").text == "2030-12-31");
  CHECK(bench.value(after, 0, "employmentperiods[].employmentperiod.profession", 1).text == "Päällikkö");
}

TEST_CASE("Netvisor: an account whose BIC is cleared goes by an edit that changes nothing else") {
  Bench bench("netvisor", 2);
  bench.sandbox->set_knob("edit_mandatory", GENERATE("optional", "required"));
  const Snapshot before = bench.list();
  const std::string id = bench.value(before, 0, "employeebaseinformation.netvisorkey").text;
  bench.get(id);
  bench.count_calls();
  const auto outcomes =
      bench.system->update(id, {bench.set("employeebaseinformation.bankaccountnumber", "FI2112345600000785"),
                                bench.clear("employeebaseinformation.bankidentificationcode"),
                                bench.set("employeebaseinformation.city", "Turku")});
  REQUIRE(outcomes.has_value());
  for (const ChangeOutcome& outcome : *outcomes) CHECK(outcome.kind == Kind::done);
  CHECK(bench.count_calls() == Calls{{"patchemployee", 1}, {"employee edit", 1}});
  const Snapshot after = bench.get(id);
  CHECK(bench.value(after, 0, "employeebaseinformation.bankaccountnumber").text == "FI2112345600000785");
  CHECK(bench.value(after, 0, "employeebaseinformation.city").text == "Turku");
  CHECK(after.list(0, 0).count == before.list(0, 0).count);
}

TEST_CASE("Netvisor: where the right to periods is missing they are held with the reason, and check names it") {
  Bench bench("netvisor", 1);
  bench.sandbox->patch_row("customers", "cust-1",
                           {{"resources", {"getemployees.nv", "getemployee.nv", "employee.nv", "patchemployee.nv"}}});
  const Result<Identity> identity = bench.system->check();
  REQUIRE(identity.has_value());
  CHECK(identity->company_id == "1234567-8");
  CHECK(identity->missing_privileges == std::vector<std::string>{"addjobperiod.nv", "editjobperiod.nv"});
  const auto before = bench.sandbox->rows("employees");
  const std::string id = before.begin().key();
  const auto outcomes = bench.system->update(id, {bench.set("employeebaseinformation.city", "Turku"),
                                                  bench.set("employmentperiods[].startdate", "2031-01-01", "+1")});
  REQUIRE(outcomes.has_value());
  CHECK(outcomes->at(0).kind == Kind::done);
  CHECK(outcomes->at(1).kind == Kind::refused);
  CHECK_THAT(outcomes->at(1).reason, Catch::Contains("allow the resource addjobperiod.nv"));
  CHECK(bench.sandbox->row("employees", id)["periods"] == before[id]["periods"]);
}

TEST_CASE("Netvisor: wrong keys are an authentication failure, also where the answer is not well-formed") {
  Bench bench("netvisor", 1);
  bench.sandbox->set_knob("mac_hint", GENERATE("off", "on"));
  providers::Credentials wrong = bench.credentials;
  wrong["key"] = "another";
  auto system = bench.open(wrong);
  REQUIRE(system.has_value());
  const Result<Identity> identity = (*system)->check();
  REQUIRE_FALSE(identity.has_value());
  CHECK(identity.error().kind == Error::Kind::auth);
  CHECK_THAT(identity.error().what, Catch::Contains("AUTHENTICATION_FAILED"));
}

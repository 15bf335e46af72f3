#include "providers/poweroffice_go/poweroffice_go.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "providers/poweroffice_go/patch.hpp"
#include "tests/conformance/bench.hpp"

using namespace dovetail;
using test::Bench;
using Calls = std::map<std::string, int>;
using Kind = ChangeOutcome::Kind;

TEST_CASE("a patch replaces and removes by path, keeps JSON types, and adds an address that is not there as a whole") {
  const Bench bench("poweroffice_go", 1);
  const std::vector<Change> changes = {bench.set("jobTitle", "Lead \"x\""), bench.clear("endDate"),
                                       bench.set("code", "12"), bench.set("mailAddress.city", "Bergen"),
                                       bench.clear("mailAddress.address2")};
  const auto writes = providers::wire_writes(bench.schema, changes);
  const auto with = *providers::JsonAnswer::read("x", R"({"MailAddress":{"City":"Oslo"}})");
  CHECK(providers::poweroffice_go::json_patch(writes, with->root()) ==
        R"([{"op":"replace","path":"/JobTitle","value":"Lead \"x\""},{"op":"remove","path":"/EndDate"},)"
        R"({"op":"replace","path":"/Number","value":12},{"op":"replace","path":"/MailAddress/City","value":"Bergen"},)"
        R"({"op":"remove","path":"/MailAddress/AddressLine2"}])");
  const auto without = *providers::JsonAnswer::read("x", R"({"MailAddress":null})");
  CHECK_THAT(providers::poweroffice_go::json_patch(writes, without->root()),
             Catch::EndsWith(R"({"op":"add","path":"/MailAddress","value":{"City":"Bergen"}}])"));
}

TEST_CASE("PowerOffice Go: everybody is read with two lists, masks stay masks, dates lose their time") {
  Bench bench("poweroffice_go", 6);
  bench.sandbox->set_knob("date_with_time", GENERATE("off", "on"));
  bench.sandbox->set_knob("pagination_header", GENERATE("on", "off"));
  const Snapshot all = bench.list();
  REQUIRE(all.size() == 6);
  const Calls calls = bench.count_calls();
  CHECK(calls.at("token") == 1);
  CHECK(calls.at("employees") <= 2);
  CHECK(calls.at("accounts") <= 2);
  for (RecordIndex i = 0; i < all.size(); ++i) {
    CHECK(bench.value(all, i, "socialSecurityNumber").state == State::masked);
    CHECK(bench.value(all, i, "dateOfBirth").state == State::value);
    CHECK(bench.value(all, i, "payrollBankAccountCode").state == State::value);
    CHECK(bench.value(all, i, "mailAddress.city").state == State::value);
  }
}

TEST_CASE("PowerOffice Go: accounts that cannot be read are an error, accounts that may not be read are absent") {
  Bench bench("poweroffice_go", 2);
  const std::string id = bench.value(bench.list(), 0, "id").text;
  Snapshot all(ir::Layout::whole(bench.schema)), one(ir::Layout::whole(bench.schema));
  SECTION("they fail") {
    bench.sandbox->add_fault({{"kind", "status"}, {"status", 500}, {"times", -1}, {"path", "ContactBankAccounts"}});
    const Result<Completeness> listed = bench.system->list(all);
    REQUIRE_FALSE(listed.has_value());
    CHECK(listed.error().kind == Error::Kind::transient);
    CHECK_FALSE(bench.system->get(id, one).has_value());
  }
  SECTION("they end early") {
    bench.sandbox->add_fault(
        {{"kind", "short_page"}, {"rows", 1}, {"says_more", true}, {"times", -1}, {"path", "ContactBankAccounts"}});
    CHECK_FALSE(bench.system->list(all).has_value());
  }
  SECTION("they are refused") {
    bench.sandbox->add_fault({{"kind", "status"}, {"status", 403}, {"times", -1}, {"path", "ContactBankAccounts"}});
    REQUIRE(bench.system->list(all).has_value());
    REQUIRE(bench.system->get(id, one).has_value());
    CHECK(bench.value(all, 0, "payrollBankAccountCode").state == State::absent);
    CHECK(bench.value(one, 0, "payrollBankAccountCode").state == State::absent);
    CHECK(bench.value(one, 0, "lastName").state == State::value);
  }
}

TEST_CASE("PowerOffice Go: an empty list is complete and empty, pages that end early are partial") {
  Bench bench("poweroffice_go", 0);
  CHECK(bench.list().size() == 0);
  Bench full("poweroffice_go", 6);
  full.sandbox->add_fault(
      {{"kind", "short_page"}, {"rows", 2}, {"says_more", true}, {"times", -1}, {"path", "Employees"}});
  Snapshot all(ir::Layout::whole(full.schema));
  const Result<Completeness> whole = full.system->list(all);
  if (whole) CHECK_FALSE(whole->complete);
}

TEST_CASE("PowerOffice Go: the salary account is set in two steps, an account that is there is used again") {
  Bench bench("poweroffice_go", 2);
  const Snapshot before = bench.list();
  const std::string id = bench.value(before, 0, "id").text;
  const std::string old = bench.value(before, 0, "payrollBankAccountCode").text;
  bench.count_calls();
  auto outcomes =
      bench.system->update(id, {bench.set("payrollBankAccountCode", "86011117947"), bench.set("jobTitle", "Boss")});
  INFO((outcomes ? outcomes->front().reason : outcomes.error().what));
  REQUIRE(outcomes.has_value());
  CHECK(outcomes->at(0).kind == Kind::done);
  CHECK(outcomes->at(1).kind == Kind::done);
  CHECK(outcomes->at(1).now == Value{State::value, "Boss"});
  const Calls calls = bench.count_calls();
  CHECK(calls.at("account add") == 1);
  CHECK(calls.at("salary account") == 1);
  CHECK(bench.value(bench.get(id), 0, "payrollBankAccountCode").text == "86011117947");
  bench.count_calls();
  outcomes = bench.system->update(id, {bench.set("payrollBankAccountCode", old)});
  REQUIRE(outcomes.has_value());
  CHECK(bench.count_calls().count("account add") == 0);
  CHECK(bench.value(bench.get(id), 0, "payrollBankAccountCode").text == old);
}

TEST_CASE("PowerOffice Go: a creation whose answer was lost is found again by our reference") {
  Bench bench("poweroffice_go", 1);
  bench.sandbox->set_knob("replica_lag_ms", "1000");
  bench.faults.order({.kind = providers::conformance::Fault::Kind::lost_answer, .times = 1, .writes_only = true});
  const std::vector<Change> person = {bench.set("firstName", "Nora"), bench.set("lastName", "Berg"),
                                      bench.set("emailAddress", "nora@example.com")};
  const Result<Created> created = bench.system->create(person, "hub-1");
  INFO((created ? "" : created.error().what));
  REQUIRE(created.has_value());
  REQUIRE(created->id.has_value());
  CHECK(bench.list().size() == 2);
  CHECK(bench.system->find_created("hub-1").value() == created->id);
  CHECK_FALSE(bench.system->find_created("hub-2").value().has_value());
}

TEST_CASE("PowerOffice Go: any number of employee numbers is searched in addresses that are short enough") {
  Bench bench("poweroffice_go", 2);
  const Snapshot all = bench.list();
  const std::string known = bench.value(all, 1, "code").text, id = bench.value(all, 1, "id").text;
  std::vector<std::string> numbers;
  for (int number = 50'000; number < 50'400; ++number) numbers.push_back(std::to_string(number));
  numbers.insert(numbers.end(), 2, known);
  bench.count_calls();
  const ir::MemberId code = bench.schema.id(*bench.schema.find("code"));
  const auto ids = bench.system->find(code, numbers);
  REQUIRE(ids.has_value());
  CHECK(bench.count_calls().at("employees") == 3);
  CHECK(std::ranges::count(*ids, std::optional<std::string>()) == 400);
  CHECK(ids->at(400) == id);
  CHECK(ids->at(401) == id);
  CHECK_FALSE(bench.system->find(code, {std::string(1600, '7')}).has_value());
}

TEST_CASE("PowerOffice Go: missing privileges are named, and refuse the field alone") {
  Bench bench("poweroffice_go", 1);
  const std::string client = bench.sandbox->rows("clients").begin().key();
  bench.sandbox->set_knob("missing_privilege", GENERATE("403_empty", "403_problem", "400_problem"));
  bench.sandbox->patch_row("clients", client, {{"Privileges", {"Employee_Full"}}});
  const Result<Identity> identity = bench.system->check();
  REQUIRE(identity.has_value());
  CHECK_FALSE(identity->company_name.empty());
  CHECK(identity->missing_privileges == std::vector<std::string>{"EmployeeBankAccounts_Full"});
  const std::string id = bench.value(bench.list(), 0, "id").text;
  const auto outcomes =
      bench.system->update(id, {bench.set("payrollBankAccountCode", "86011117947"), bench.set("jobTitle", "Boss")});
  REQUIRE(outcomes.has_value());
  CHECK(outcomes->at(0).kind == Kind::refused);
  CHECK(outcomes->at(1).kind == Kind::done);
}

#include <catch2/catch.hpp>

#include "tests/providers/adapters/answering.hpp"

using namespace dovetail;
using test::Answering;

TEST_CASE("PowerOffice Go: an account of somebody else is nobody's salary account") {
  const Answering bench("poweroffice_go", [](const std::string& call, const std::string&) -> providers::Response {
    const bool accounts = call.find("/ContactBankAccounts") != std::string::npos;
    if (accounts) {
      return {.status = 200,
              .headers = {{"X-Pagination", R"({"totalCount":1,"totalPages":1})"}},
              .body = R"([{"Id":9002,"ContactId":77002,"BankAccountNumber":"36240734014"}])"};
    }
    const std::string employee = R"({"Id":77001,"FirstName":"Kari","LastName":"Nord","SalaryBankAccountId":9002})";
    if (call.find("/Employees/77001") != std::string::npos) return {.status = 200, .body = employee};
    return {.status = 200,
            .headers = {{"X-Pagination", R"({"totalCount":2,"totalPages":1})"}},
            .body = "[" + employee + R"(,{"Id":77002,"LastName":"Sør","SalaryBankAccountId":9002}])"};
  });
  Snapshot all(ir::Layout::whole(bench.schema));
  const Result<Completeness> listed = bench.system->list(all);
  REQUIRE(listed.has_value());
  CHECK(listed->complete);
  CHECK(bench.value(all, "payrollBankAccountCode", 0).state == State::absent);
  CHECK(bench.value(all, "lastName", 0).text == "Nord");
  CHECK(bench.value(all, "payrollBankAccountCode", 1).text == "36240734014");
  REQUIRE(listed->notes.size() == 1);
  CHECK(listed->notes.front() ==
        "77001: the salary account 9002 is not among this person's accounts: it counts as not read");
  Snapshot one(ir::Layout::whole(bench.schema));
  REQUIRE(bench.system->get("77001", one) == true);
  CHECK(bench.value(one, "payrollBankAccountCode").state == State::absent);
}

TEST_CASE("PowerOffice Go: a list that is answered as a part is no list") {
  const Answering bench("poweroffice_go", [](const std::string&, const std::string&) -> providers::Response {
    return {.status = 206,
            .headers = {{"X-Pagination", R"({"totalCount":1,"totalPages":1})"}},
            .body = R"([{"Id":77001,"LastName":"Nord"}])"};
  });
  Snapshot all(ir::Layout::whole(bench.schema));
  const Result<Completeness> listed = bench.system->list(all);
  REQUIRE_FALSE(listed.has_value());
  CHECK(listed.error().what == "employees: HTTP status 206: no complete answer to a read");
}

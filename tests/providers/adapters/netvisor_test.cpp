#include <catch2/catch.hpp>

#include "tests/providers/adapters/answering.hpp"

using namespace dovetail;
using test::Answering;

namespace {

std::string employee(const std::string& key, const std::string& periods) {
  return "<employee><employeebaseinformation><netvisorkey>" + key + "</netvisorkey></employeebaseinformation>" +
         "<employmentperiods>" + periods + "</employmentperiods></employee>";
}

}  // namespace

TEST_CASE("Netvisor: periods that nobody has are told apart") {
  std::string of_second;
  const Answering bench("netvisor", [&](const std::string& call, const std::string&) -> providers::Response {
    if (call.find("getemployees") == std::string::npos) {
      const bool first = call.find("netvisorkey=1&") != std::string::npos;
      return {.status = 200,
              .body = test::netvisor_answer("<employees>" + (first ? employee("1", "") : employee("2", of_second)) +
                                            "</employees>")};
    }
    return {.status = 200,
            .body = test::netvisor_answer("<employees><employee><netvisorkey>1</netvisorkey></employee>"
                                          "<employee><netvisorkey>2</netvisorkey></employee></employees>")};
  });
  const auto empty_lists = [&bench] {
    Snapshot all(ir::Layout::whole(bench.schema));
    REQUIRE(bench.system->list(all).has_value());
    REQUIRE(all.size() == 2);
    return bench.system->empty_lists();
  };
  const std::vector<EmptyList> none = empty_lists();
  REQUIRE(none.size() == 1);
  CHECK(none.front().name == "employmentperiods");
  of_second = "<employmentperiod><netvisorkey>7</netvisorkey></employmentperiod>";
  CHECK(empty_lists().empty());
}

TEST_CASE("Netvisor: who is listed and not found by key is not passed over in silence") {
  const Answering bench("netvisor", [](const std::string& call, const std::string&) -> providers::Response {
    const bool list = call.find("getemployees") != std::string::npos;
    return {
        .status = 200,
        .body = test::netvisor_answer(list ? "<employees><employee><netvisorkey>1</netvisorkey></employee></employees>"
                                           : "<employees><employee></employee></employees>")};
  });
  Snapshot all(ir::Layout::whole(bench.schema));
  const Result<Completeness> listed = bench.system->list(all);
  REQUIRE(listed.has_value());
  CHECK(all.size() == 1);
  REQUIRE(listed->notes.size() == 1);
  CHECK(listed->notes.front() == "1 could not be read: the list names this record, and by its id there is none");
}

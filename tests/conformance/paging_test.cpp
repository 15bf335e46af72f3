// Lists that change while they are read, page by page: never taken for the whole.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "providers/huma/pages.hpp"
#include "providers/poweroffice_go/pages.hpp"
#include "tests/conformance/bench.hpp"
#include "tests/providers/http/scripted_transport.hpp"

using namespace dovetail;
using namespace dovetail::providers;

namespace {

struct Plain : Dialect {
  Result<void> sign(Request&, Transport&) override { return {}; }
};

// Answers in that order, and how the list that they make up was read.
struct Listing {
  Completeness huma(std::vector<std::string> bodies) {
    std::vector<Response> answers;
    for (std::string& body : bodies) answers.push_back({.status = 200, .body = std::move(body)});
    return read("huma", std::move(answers),
                [&](Calls& calls) { return providers::huma::read_pages(calls, "users", "/users", true, rows); });
  }
  Completeness poweroffice(std::vector<Response> answers) {
    return read("poweroffice_go", std::move(answers),
                [&](Calls& calls) { return poweroffice_go::read_pages(calls, "employees", "/v2/Employees", rows); });
  }
  std::vector<std::string> rows;

 private:
  template <typename Read>
  Completeness read(const std::string& system, std::vector<Response> answers, Read read_pages) {
    test::SandboxClock clock;
    Budgets budgets;
    Plain dialect;
    const AdapterSetup setup{.endpoint = {.base = "https://payroll.example"},
                             .credentials = {},
                             .schema = test::shipped_schema(system),
                             .context = test::shipped_context(),
                             .around = {.clock = clock, .budgets = budgets, .patience = {.attempts = 1}},
                             .between = [&](std::unique_ptr<Transport>) {
                               auto scripted = std::make_unique<test::ScriptedTransport>();
                               for (Response& answer : answers) scripted->answers.emplace_back(std::move(answer));
                               return scripted;
                             }};
    const auto calls = Calls::open(setup, dialect, {});
    REQUIRE(calls.has_value());
    const Result<Completeness> whole = read_pages(**calls);
    REQUIRE(whole.has_value());
    return *whole;
  }
};

// {"items":[…],"total":total} with `count` rows from `first` on.
std::string huma_page(int first, int count, int total) {
  std::string items;
  for (int i = first; i < first + count; ++i) items += fmt::format("{}{{\"id\":\"{}\"}}", i == first ? "" : ",", i);
  return fmt::format("{{\"items\":[{}],\"total\":{}}}", items, total);
}

Response poweroffice_page(int first, int count, int pages, int total) {
  std::string items;
  for (int i = first; i < first + count; ++i) items += fmt::format("{}{{\"Id\":{}}}", i == first ? "" : ",", i);
  const std::string header = fmt::format("{{\"totalPages\":{},\"totalCount\":{}}}", pages, total);
  return {.status = 200, .headers = {{"X-Pagination", header}}, .body = "[" + items + "]"};
}

}  // namespace

TEST_CASE("Huma's list is whole where as many came as every page announced") {
  CHECK(Listing().huma({huma_page(0, 50, 120), huma_page(50, 50, 120), huma_page(100, 20, 120)}).complete);
  CHECK(Listing().huma({huma_page(0, 50, 99), huma_page(50, 50, 100)}).complete);  // somebody was added meanwhile
}

TEST_CASE("Huma's list that shrinks while it is read is not the whole") {
  CHECK_FALSE(Listing().huma({huma_page(0, 50, 120), huma_page(50, 50, 60)}).complete);
  CHECK_FALSE(Listing().huma({huma_page(0, 50, 51), huma_page(50, 0, 50)}).complete);
  CHECK_FALSE(Listing().huma({huma_page(0, 3, 0), huma_page(3, 0, 0)}).complete);
}

TEST_CASE("PowerOffice Go's list that shrinks while it is read is not the whole") {
  Listing whole;
  CHECK(whole.poweroffice({poweroffice_page(0, 2, 2, 3), poweroffice_page(2, 1, 2, 3)}).complete);
  CHECK(whole.rows.size() == 3);
  CHECK_FALSE(Listing()
                  .poweroffice({poweroffice_page(0, 2, 3, 6), poweroffice_page(2, 2, 2, 4), Response{.status = 204}})
                  .complete);
  CHECK_FALSE(Listing().poweroffice({poweroffice_page(0, 2, 2, 4), poweroffice_page(0, 2, 2, 4)}).complete);
}

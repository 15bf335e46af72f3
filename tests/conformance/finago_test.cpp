#include "providers/finago/finago.hpp"
#include "providers/finago/token.hpp"

#include <catch2/catch.hpp>

#include "tests/conformance/bench.hpp"

using namespace dovetail;
using test::Bench;
using Calls = std::map<std::string, int>;
using Kind = ChangeOutcome::Kind;

TEST_CASE("a moment with an offset is read") {
  using namespace std::chrono;
  const auto moment = providers::finago::read_moment("2025-06-03T10:15:00+02:00");
  REQUIRE(moment.has_value());
  CHECK(*moment == sys_days(2025y / June / 3d) + 8h + 15min);
  CHECK(providers::finago::read_moment("2025-06-03T10:15:00Z") == sys_days(2025y / June / 3d) + 10h + 15min);
  CHECK_FALSE(providers::finago::read_moment("soon").has_value());
}

TEST_CASE("Finago: everybody is read, with one call for the list and one a person, the key is in no trace") {
  Bench bench("finago", 4);
  const Snapshot all = bench.list();
  CHECK(all.size() == 4);
  for (const providers::Trace& trace : bench.traces) {
    CHECK(trace.url.find(bench.credentials.at("api_key")) == std::string::npos);
    CHECK(trace.answer.find("example.com") == std::string::npos);
  }
  CHECK(bench.count_calls() == Calls{{"auth", 1}, {"employees", 1}, {"employments", 4}});
}

TEST_CASE("Finago: who is read only in part counts as not read, the others are read") {
  Bench bench("finago", 3);
  const std::string lost = bench.value(bench.list(), 1, "empId").text;
  bench.sandbox->add_fault({{"kind", "status"}, {"status", 500}, {"times", -1}, {"path", "employment/v2/" + lost}});
  const Snapshot all = bench.list();
  REQUIRE(all.size() == 3);
  CHECK(all.completeness().complete);
  for (RecordIndex i = 0; i < all.size(); ++i) {
    const bool read = bench.value(all, i, "empId").text != lost;
    CHECK((bench.value(all, i, "lastname").state == State::value) == read);
    CHECK((bench.value(all, i, "employments[].startdate").state == State::value) == read);
  }
}

TEST_CASE("Finago: nobody is absent, in both ways it may say so") {
  Bench bench("finago", 1);
  bench.sandbox->set_knob("unknown_employee_get", GENERATE("200_empty", "404"));
  Snapshot none(ir::Layout::whole(bench.schema));
  const Result<bool> got = bench.system->get("987654", none);
  REQUIRE(got.has_value());
  CHECK_FALSE(*got);
}

TEST_CASE("Finago: an end date goes with its reason, and an employment is sent back under its own id") {
  Bench bench("finago", 2);
  const Snapshot before = bench.list();
  const std::string id = bench.value(before, 0, "empId").text,
                    employment = bench.value(before, 0, "employments[].employment_id").text;
  auto outcomes = bench.system->update(id, {bench.set("employments[].enddate", "2031-05-31", employment)});
  REQUIRE_FALSE(outcomes.has_value());
  CHECK(outcomes.error().kind == Error::Kind::data);
  outcomes = bench.system->update(id, {bench.set("employments[].enddate", "2031-05-31", employment),
                                       bench.set("employments[].enddate_reason", "resigned", employment)});
  REQUIRE(outcomes.has_value());
  const Snapshot after = bench.get(id);
  CHECK(bench.value(after, 0, "employments[].enddate").text == "2031-05-31");
  CHECK(bench.value(after, 0, "employments[].enddate_reason").text == "resigned");
  CHECK(bench.value(after, 0, "employments[].startdate") == bench.value(before, 0, "employments[].startdate"));
  CHECK(bench.value(after, 0, "employments[].employment_id", 1).state == State::absent);
}

TEST_CASE("Finago: where updates clear what they leave out, what was lost is sent again, and later updates are whole") {
  Bench bench("finago", 2);
  bench.sandbox->set_knob("update", "whole");
  const Snapshot before = bench.list();
  const std::string id = bench.value(before, 0, "empId").text;
  for (const char* city : {"Bergen", "Oslo"}) {
    INFO(city);
    bench.get(id);
    bench.count_calls();
    const auto outcomes = bench.system->update(id, {bench.set("city", city)});
    REQUIRE(outcomes.has_value());
    CHECK(outcomes->front().kind == ChangeOutcome::Kind::done);
    CHECK(bench.count_calls()["employee change"] == (std::string(city) == "Bergen" ? 2 : 1));
    const Snapshot after = bench.get(id);
    CHECK(bench.value(after, 0, "city").text == city);
    for (const char* member :
         {"email", "firstname", "telefon", "account", "internationalID.ID", "internationalID.type"})
      CHECK(bench.value(after, 0, member) == bench.value(before, 0, member));
  }
}

TEST_CASE("Finago: a person and the employment are two calls, and the second may fail alone") {
  Bench bench("finago", 2);
  const std::vector<Change> person = {bench.set("email", "nora@example.com"),
                                      bench.set("firstname", "Nora"),
                                      bench.set("lastname", "Berg"),
                                      bench.set("internationalID.ID", "AB12345"),
                                      bench.set("internationalID.countryCode", "NO"),
                                      bench.set("internationalID.type", "passport"),
                                      bench.set("employments[].startdate", "not a day", "+1")};
  Result<Created> created = bench.system->create(person, {});
  REQUIRE(created.has_value());
  REQUIRE(created->id.has_value());
  CHECK(created->outcomes.front().kind == Kind::done);
  CHECK(created->outcomes.back().kind == Kind::refused);
  const auto resumed = bench.system->update(*created->id, {bench.set("employments[].startdate", "2026-01-01", "+1")});
  REQUIRE(resumed.has_value());
  const Snapshot after = bench.get(*created->id);
  CHECK(bench.value(after, 0, "internationalID.ID").text == "AB12345");
  CHECK(bench.value(after, 0, "employments[].startdate").text == "2026-01-01");
}

#include <catch2/catch.hpp>

#include "dsl/test/coverage.hpp"
#include "dsl/test/report.hpp"
#include "tests/dsl/rule_files.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

constexpr const char* hub_schema = R"(schema people version 1 syntax 1
adapter file
identity id
member id     text  read only  wire "id"
member mail   email  unique    wire "mail"
member name   text             wire "name"
member nick   text             wire "nick"
list jobs key id ordered by start until end wire "jobs" {
    member id     text  read only  wire "id"
    member start  date  wire "start"
    member end    date  wire "end"
    member title  text  wire "title"
}
)";
constexpr const char* provider_schema = R"(schema pay version 1 syntax 1
adapter file
identity key
member key    text  read only  wire "key"
member mail   email  unique    wire "mail"
member name   text             wire "name"
member nick   text             masked as "hidden"  wire "nick"
list terms key id wire "terms" {
    member id     text  read only  wire "id"
    member start  date  wire "start"
    member title  text  wire "title"
}
)";

std::unique_ptr<CompiledMap> compile_tests(const std::string& tests, const std::string& name_clauses = "") {
  const std::string map = R"(map main version 1 syntax 1
hub people "People" from "people.schema.map"
provider pay "Pay" from "pay.schema.map"
match by "Mail"
field "Mail"  required  mail <-> mail { unique in both }
field "Name"  name <-> name )" +
                          name_clauses + R"(
field "Nick"  nick <-> nick
each jobs <-> terms {
    match by "Start"
    add missing in pay, never remove
    field "Start"  start <-> start
    field "Title"  title <-> title
}
)" + tests;
  auto compiled =
      compile_files({{"main.map", map}, {"people.schema.map", hub_schema}, {"pay.schema.map", provider_schema}});
  for (const dsl::Diagnostic& found : compiled->compiled.diagnostics) {
    if (found.severity == dsl::Severity::error) FAIL_CHECK(dsl::name(found.id) << ": " << found.message);
  }
  REQUIRE(compiled->compiled.rules.has_value());
  return compiled;
}

// The failures of a map's only test.
std::vector<dsl::TestFailure> failures_of(const std::string& items, const std::string& name_clauses = "") {
  const auto map = compile_tests("test \"it\" {\n" + items + "\n}\n", name_clauses);
  REQUIRE(map->compiled.tests.size() == 1);
  return dsl::run(map->rules(), map->compiled.tests.front(), map->context());
}

bool passes(const std::string& items, const std::string& name_clauses = "") {
  const auto failures = failures_of(items, name_clauses);
  for (const dsl::TestFailure& failure : failures) UNSCOPED_INFO(failure.expected << " / " << failure.got);
  return failures.empty();
}

}  // namespace

TEST_CASE("a member that is not given is unset, and a person is linked without a base", "[test]") {
  CHECK(passes("given people { name = \"Kari\" }\npush\nexpect pay.name = \"Kari\"\nexpect pay.nick = unset"));
  CHECK(passes("given people { name = \"Kari\" }\ngiven pay { name = \"Per\" }\npush\nexpect held first_run pay.name"));
}

TEST_CASE("what is given as absent or masked is neither written nor read", "[test]") {
  CHECK(
      passes("given people { nick = absent }\ngiven pay { nick = \"k\" }\nsynchronise taking people\n"
             "expect no change to pay\nexpect held source_absent pay.nick"));
  CHECK(
      passes("given people { nick = \"k\" }\ngiven pay { nick = masked }\nsynchronise taking pay\n"
             "expect no change to people"));
}

TEST_CASE("a clear needs a base, and is not the same as a value", "[test]") {
  const std::string emptied =
      "given pay { name = \"Per\" }\ngiven base { people.name = \"Per\", pay.name = \"Per\" }\npush\n";
  CHECK(passes(emptied + "expect clear pay.name"));
  CHECK(passes(emptied + "expect pay.name = unset"));
  CHECK(passes("given pay { name = \"Per\" }\npush\nexpect no change to pay"));
  CHECK_FALSE(failures_of("given pay { name = \"Per\" }\npush\nexpect clear pay.name").empty());
}

TEST_CASE("a blocked change is told from a held one, and by its clause", "[test]") {
  const std::string changed =
      "given people { name = \"Kari\" }\ngiven pay { name = \"Per\" }\n"
      "given base { people.name = \"Per\", pay.name = \"Per\" }\npush\n";
  const std::string clause = "{ cannot unset or update in pay }";
  CHECK(passes(changed + "expect blocked update pay.name because \"cannot unset or update in pay\"", clause));
  CHECK_FALSE(failures_of(changed + "expect blocked update pay.name because \"unique\"", clause).empty());
  CHECK_FALSE(failures_of(changed + "expect blocked unset pay.name", clause).empty());
  CHECK_FALSE(failures_of(changed + "expect held validation pay.name", clause).empty());
  CHECK_FALSE(failures_of(changed + "expect pay.name = \"Kari\"", clause).empty());
}

TEST_CASE("a value, a clear and no change have the line that is named as their reason, or the test fails", "[test]") {
  const std::string changed =
      "given people { name = \"Kari\" }\ngiven pay { name = \"Per\" }\n"
      "given base { people.name = \"Per\", pay.name = \"Per\" }\npush\n";
  CHECK(passes(changed + R"(expect pay.name = "Kari" because "\"Name\" name")"));
  CHECK_FALSE(failures_of(changed + R"(expect pay.name = "Kari" because "\"Nick\"")").empty());
  CHECK_FALSE(failures_of(changed + R"(expect pay.name = "Kari" because "cannot unset")").empty());

  const std::string emptied =
      "given pay { name = \"Per\" }\ngiven base { people.name = \"Per\", pay.name = \"Per\" }\npush\n";
  CHECK(passes(emptied + R"(expect clear pay.name because "\"Name\"")"));
  CHECK_FALSE(failures_of(emptied + R"(expect clear pay.name because "\"Nick\"")").empty());

  const std::string clause = "{ cannot unset or update in pay }";
  CHECK(passes(changed + "expect no change to pay.name because \"cannot unset or update in pay\"", clause));
  CHECK(passes(changed + "expect pay.name = \"Per\" because \"cannot unset or update in pay\"", clause));
  const auto wrong = failures_of(changed + "expect no change to pay because \"unique\"", clause);
  REQUIRE(wrong.size() == 1);
  CHECK(wrong.front().expected == "no change to pay because `unique`");
  CHECK_THAT(wrong.front().got, Catch::StartsWith("no change; ") && Catch::Contains("Name: blocked"));
  CHECK_FALSE(failures_of("push\nexpect no change to pay because \"\\\"Name\\\"\"").empty());
}

TEST_CASE("other records take part in uniqueness", "[test]") {
  CHECK(
      passes("given people { mail = \"b@example.com\" }\ngiven pay { mail = \"a@example.com\" }\n"
             "given base { people.mail = \"a@example.com\", pay.mail = \"a@example.com\" }\n"
             "given others { pay.mail = \"b@example.com\" }\npush\n"
             "expect held uniqueness pay.mail because \"unique in both\""));
}

TEST_CASE("list elements are given by number, and partners by the base", "[test]") {
  CHECK(
      passes("given people { jobs[0].start = 2024-01-01, jobs[0].title = \"Boss\" }\n"
             "given pay { terms[0].start = 2024-01-01 }\npush\nexpect pay.terms[0].title = \"Boss\""));
  CHECK(
      passes("given people { jobs[0].start = 2024-02-01 }\ngiven pay { terms[0].start = 2024-01-01 }\n"
             "given base { people.jobs[0].start = 2024-01-01, pay.terms[0].start = 2024-01-01 }\npush\n"
             "expect pay.terms[0].start = 2024-02-01"));
  CHECK_FALSE(failures_of("given people { name = \"x\" }\npush\nexpect pay.terms[0].start = 2024-02-01").empty());
}

TEST_CASE("somebody who is absent on one side is created there", "[test]") {
  CHECK(
      passes("given people { mail = \"a@example.com\", name = \"Kari\" }\ngiven pay absent\ncreate in pay\n"
             "expect pay.mail = \"a@example.com\"\nexpect pay.name = \"Kari\""));
  CHECK(passes("given people { name = \"Kari\" }\ngiven pay absent\ncreate in pay\nexpect no change to pay"));
}

TEST_CASE("after a deactivation and its last push nothing is sent any more", "[test]") {
  CHECK(
      passes("given people { name = \"Kari\" }\ngiven pay { name = \"Per\" }\n"
             "given base { people.name = \"Per\", pay.name = \"Per\" }\ndeactivate\nexpect pay.name = \"Kari\""));
}

TEST_CASE("what fails is said with its place, what was expected and what was got", "[test]") {
  const auto map = compile_tests(R"(
test "it goes" {
    given people { name = "Kari" }
    push
    expect pay.name = "Kari"
}
test "it does not go" {
    given people { name = "Kari" }
    given pay    { name = "Per" }
    push
    expect pay.name = "Kari"
    expect no change to pay
}
test "nothing to see" {
    given people { name = "Kari" }
    push
    expect no change to people
}
)");
  const auto coverage = dsl::run_all(map->rules(), map->compiled.tests, map->context());
  CHECK(dsl::failed(coverage) == 1);
  CHECK(dsl::vacuous(coverage) == 1);
  compare_golden("test/report.txt", dsl::to_text(coverage, "main.map"));
  compare_golden("test/report_quiet.txt", dsl::to_text(coverage, "main.map", {.colour = false, .quiet = true}));
}

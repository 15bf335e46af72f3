// The values of a test are held to their members' types, as those of the systems are.
#include <catch2/catch.hpp>

#include "tests/dsl/rule_files.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

std::string schema(const std::string& name) {
  return "schema " + name + R"( version 1 syntax 1
adapter file
identity id
region land
active state = on
member id     text  read only  wire "id"
member mail   email  unique    wire "mail"
member land   country_alpha2   wire "land"
member tel    phone            wire "tel"
member state  enum(on = "1", off = "0")  wire "state"
)";
}

std::vector<dsl::TestFailure> failures_of(const std::string& items) {
  const auto map = compile_files({{"main.map", R"(map main version 1 syntax 1
hub people "People" from "people.schema.map"
provider pay "Pay" from "pay.schema.map"
match by "Mail"
on deactivate in people { stay in pay, lock }
field "Mail"  required  mail <-> mail { unique in both }
field "Telephone"  tel <-> tel
test "it" {
)" + items + "\n}\n"},
                                  {"people.schema.map", schema("people")},
                                  {"pay.schema.map", schema("pay")}});
  for (const dsl::Diagnostic& found : map->compiled.diagnostics) {
    INFO(dsl::name(found.id) << ": " << found.message);
    CHECK(found.severity != dsl::Severity::error);
  }
  REQUIRE(map->compiled.rules.has_value());
  REQUIRE(map->compiled.tests.size() == 1);
  return dsl::run(map->rules(), map->compiled.tests.front(), map->context());
}

constexpr const char* base = "given base { people.tel = \"+4740612345\", pay.tel = \"+4740612345\" }\n";

}  // namespace

TEST_CASE("a telephone number that is none is invalid in a test, too", "[test]") {
  const std::string hub = "given people { tel = \"12\" }\ngiven pay { tel = \"+4740612345\" }\n";
  CHECK(failures_of(hub + base + "push\nexpect no change to pay").empty());
  CHECK_FALSE(failures_of(hub + base + "push\nexpect pay.tel = \"12\"").empty());
  const std::string provider = "given people { tel = \"+4740612346\" }\ngiven pay { tel = \"x\" }\n";
  CHECK(failures_of(provider + base + "push\nexpect held validation pay.tel").empty());
}

TEST_CASE("a telephone number is that of the country that the test gives, in any spelling", "[test]") {
  const std::string given =
      "given people { land = \"NO\", tel = \"406 12 346\" }\ngiven pay { land = \"NO\", tel = \"40612345\" }\n";
  CHECK(failures_of(given + base + "push\nexpect pay.tel = \"+4740612346\"").empty());
  CHECK(failures_of(given + base + "push\nexpect pay.tel = \"406 12 346\"").empty());
}

TEST_CASE("an enumeration may have the words on and off", "[test]") {
  CHECK(failures_of("given people { state = off, tel = \"+4740612345\" }\npush\nexpect people.state = off").empty());
}

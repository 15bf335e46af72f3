// One mistake in a rule file of the product, one message: nothing is said of what follows from it.
#include "tests/dsl/check/checked_files.hpp"

namespace {

using Found = std::vector<std::string>;

// What is found in a map where `old_text` is replaced once: "line:column name", without what the map has anyway.
Found found_with(const std::string& name, const std::string& old_text, const std::string& new_text) {
  std::string text = dovetail::test::read_text(dovetail::test::rules_root / (name + ".map"));
  const std::size_t at = text.find(old_text);
  REQUIRE(at != std::string::npos);
  text.replace(at, old_text.size(), new_text);
  const auto map = dovetail::test::compile_map(name, &text);
  Found found;
  for (const dovetail::dsl::Diagnostic& one : map->compiled.diagnostics) {
    if (one.severity != dovetail::dsl::Severity::error) continue;
    const dovetail::dsl::Place place = one.primary.file->place(one.primary.span.begin);
    const auto line = one.primary.file->line(place.line);
    found.push_back(std::string(dovetail::dsl::name(one.id)) + " at " + std::string(line.substr(place.column - 1, 12)));
  }
  return found;
}

}  // namespace

TEST_CASE("a second hub is said once") {
  CHECK(found_with("netvisor", "setup {", "hub huma2 \"Huma\" from \"schemas/huma.schema.map\"\nsetup {") ==
        Found{"duplicate-field at hub huma2 \"H"});
  CHECK(found_with("netvisor", "setup {", "hub huma \"Huma\" from \"schemas/huma.schema.map\"\nsetup {") ==
        Found{"duplicate-alias at huma \"Huma\" "});
}

TEST_CASE("what is no date is not given the wrong type too") {
  CHECK(found_with("netvisor", "birthDate = 1990-05-01", "birthDate = 01.05.1990") ==
        Found{"unexpected-token at 01.05.1990 }"});
}

TEST_CASE("a bare word is one of an enumeration's own, also where it is open") {
  CHECK(found_with("netvisor", "{ gender = male }", "{ gender = mail }") == Found{"unknown-enum-member at mail }"});
  CHECK(found_with("poweroffice_go", "female     <->  female", "femal      <->  female") ==
        Found{"unknown-enum-member at femal      <"});
  CHECK(found_with("netvisor", "{ gender = male }", "{ gender = \"mail\" }").empty());
}

TEST_CASE("a values table that is defined twice is not judged") {
  CHECK(found_with("poweroffice_go", "values pogo_gender {",
                   "values pogo_gender { male <-> male }\nvalues pogo_gender {") ==
        Found{"duplicate-field at pogo_gender "});
}

TEST_CASE("a direction that no pair of its group follows is said once") {
  CHECK(found_with("poweroffice_go", "direction huma -> poweroffice_go", "direction huma <- poweroffice_go") ==
        Found{"direction-conflict at direction hu"});
}

TEST_CASE("an unknown label is said beside another mistake") {
  std::string text = "match by \"Email adress\"";
  const Found found = found_with("netvisor", "match by \"Email address\"", text + "\nstray words here");
  REQUIRE(found.size() == 2);
  CHECK(found[0] == "unknown-field at \"Email adres");
  CHECK(found_with("netvisor", "field \"Email address\"", "field Email address\"") ==
        Found{"unexpected-token at Email addres"});
}

TEST_CASE("what is neither shape nor pair of the shapes is not left out silently") {
  CHECK(found_with("netvisor", "    either \"IBAN\" {",
                   "    nationality -> employeebaseinformation.nationality\n    either \"IBAN\" {") ==
        Found{"unexpected-token at nationality "});
}

TEST_CASE("only the first shape starts with `either`") {
  CHECK(found_with("netvisor", "or \"Norwegian account\"", "either \"Norwegian account\"") ==
        Found{"unexpected-token at either \"Norw"});
}

TEST_CASE("a label that says nothing is a mistake") {
  CHECK(found_with("netvisor", "field \"Nationality\"", "field \"\"") == Found{"unexpected-token at \"\"      nati"});
  CHECK(found_with("netvisor", "credential key          \"Key\"", "credential key \" \"") ==
        Found{"unexpected-token at \" \"         "});
}

TEST_CASE("a name with foreign letters is not unknown too") {
  CHECK(found_with("netvisor", "nationality  <->", "nationalität  <->") == Found{"unexpected-token at nationalitä"});
}

TEST_CASE("a test says one thing about a member, a day and an order") {
  CHECK(found_with("netvisor", "{ gender = male }", "{ gender = male, gender = female }") ==
        Found{"duplicate-field at gender = fem"});
  CHECK(found_with("netvisor", "today = 2026-03-01", "today = 2026-03-01\n    today = 2026-03-02") ==
        Found{"duplicate-field at today = 2026"});
  CHECK(found_with("netvisor", "    push\n    expect netvisor.employeebaseinformation.gender = male",
                   "    expect netvisor.employeebaseinformation.gender = male\n    push") ==
        Found{"unexpected-token at expect netvi"});
}

TEST_CASE("what would do nothing is a mistake") {
  CHECK(found_with("netvisor", "with ask \"Contract type of positions added to Huma\"", "with unset") ==
        Found{"type-mismatch at unset  on cr"});
  CHECK(found_with("netvisor", "with ask \"Contract type of positions added to Huma\"", "with").size() == 1);
  CHECK(found_with("netvisor", "{ stay in netvisor, lock }", "{ }") == Found{"missing-item at on deactivat"});
  CHECK(found_with("netvisor", "[type = national, country = \"FI\"].value\n",
                   "[type = national, type = passport, country = \"FI\"].value\n") ==
        Found{"duplicate-field at type = passp"});
}

TEST_CASE("what follows from a broken item is not said") {
  CHECK(found_with("netvisor", "payroll_rule_group  \"Payroll", "payroll-rule-group  \"Payroll") ==
        Found{"unexpected-token at -rule-group "});
  CHECK(found_with("netvisor", "nationality { cannot unset in netvisor }", "nationality { required }") ==
        Found{"unknown-keyword at required }"});
}

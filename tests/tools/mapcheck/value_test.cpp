// mapcheck value and mapcheck types, as they are called.
#include "tests/places.hpp"
#include "tests/run.hpp"

#include <catch2/catch.hpp>

namespace {

namespace fs = std::filesystem;

using dovetail::test::Answer;

// `before` stands in front of the program: assignments of variables.
Answer mapcheck(const std::string& arguments, const std::string& input = {}, const std::string& before = {}) {
  return dovetail::test::answer(before + " mapcheck " + arguments, input);
}

}  // namespace

TEST_CASE("values are answered a line each, and the exit code says whether all are valid") {
  const Answer mixed = mapcheck("value no_account 3624.07.34014 36240734015");
  CHECK(
      mixed.out ==
      "valid\t36240734014\n"
      "invalid\tcheck-digit\tthe last digit does not fit the others: probably a typing error in the account number\n");
  CHECK(mixed.exit == 1);
  CHECK(mapcheck("value no_account 36240734014").exit == 0);
}

TEST_CASE("a value in brackets is one value") {
  CHECK(mapcheck("value text '[a,b]' '[]' 'c,d' e").out == "valid\t[a,b]\nvalid\t[]\nvalid\tc,d\nvalid\te\n");
}

TEST_CASE("standard input is read a value a line") {
  const Answer answer = mapcheck("value country_alpha2", "no\r\n\nXK\nse");
  CHECK(
      answer.out ==
      "valid\tNO\ninvalid\tempty\tthere is no value\ninvalid\tunknown-country\tno country has this two-letter code in "
      "ISO 3166-1\nvalid\tSE\n");
  CHECK(mapcheck("value country_alpha2", "").exit == 0);
}

TEST_CASE("escapes stand for bytes that a line can't hold") {
  const Answer answer =
      mapcheck("value iso_date --escaped", "\\n2024-02-29\\t\\r\n2024-02\\x2D29\n2024-02-29\\x00\n\\q\n\\xFF\n");
  CHECK(answer.out.starts_with("valid\t2024-02-29\nvalid\t2024-02-29\ninvalid\tsyntax\t"));
  CHECK(answer.out.find("a backslash begins one of") != std::string::npos);
  CHECK(answer.out.find("invalid\tnot-utf8\t") != std::string::npos);
  CHECK(mapcheck("value text --escaped", "a\\\\b\\n\\x41 c\n").out == "valid\ta\\\\b\\nA c\n");
  CHECK(mapcheck("value iso_date", "\xFF\n").out.starts_with("invalid\tnot-utf8\t"));
}

TEST_CASE("a country stands before the value or in the option") {
  CHECK(mapcheck("value phone NO:40612345 ZZ:40612345 no:+4670-1234567").out ==
        "valid\t+4740612345\n"
        "invalid\tregion\tthe telephone number has no country code, and the country is not known\n"
        "valid\t+46701234567\n");
  CHECK(mapcheck("value phone --region se 40612345").out == "valid\t+4640612345\n");
  CHECK(mapcheck("value phone --region se NO:40612345").out == "valid\t+4740612345\n");
  CHECK(mapcheck("value postal_code 'SE:114 55' 'GB:SW1A 2AA' ZZ:x1").out ==
        "valid\t11455\nvalid\tSW1A2AA\nvalid\tX1\n");
}

TEST_CASE("equalities take two values") {
  CHECK(mapcheck("value email_equal 'Kari@Example.NO|kari@example.no'").out == "valid\tkari@example.no\n");
  CHECK(mapcheck("value name_equal 'Jan|Jane'").out == "invalid\tdifferent\tthe two values are not equal\n");
}

TEST_CASE("the day and the kind of system can be given") {
  CHECK(mapcheck("value se_personnummer --today 1985-09-16 19850917-9811").exit == 1);
  CHECK(mapcheck("value se_personnummer --today 1985-09-17 19850917-9811").exit == 0);
  CHECK(mapcheck("value no_fnr --today 2032-01-01 13055700367").exit == 0);
  CHECK(mapcheck("value fi_hetu --test-system 010203A9013").exit == 0);
}

TEST_CASE("what can't be run is told") {
  const Answer type = mapcheck("value ibna x");
  CHECK(type.exit == 2);
  CHECK(type.err.find("there is no type `ibna`; did you mean `iban`?") != std::string::npos);
  CHECK(mapcheck("value iban --today 2024 x").err.find("--today is `2024`") != std::string::npos);
  CHECK(mapcheck("value phone --region NOR x").err.find("--region is `NOR`") != std::string::npos);
  CHECK(mapcheck("value").exit == 2);
  const Answer elsewhere = mapcheck("value iban x", {}, "DOVETAIL_RULES=/nowhere");
  CHECK(elsewhere.exit == 2);
  CHECK(elsewhere.err.find("DOVETAIL_RULES is /nowhere") != std::string::npos);
}

TEST_CASE("a table can be replaced without a build, and is checked") {
  const dovetail::test::Folder folder;
  const fs::path& rules = folder.path();
  fs::copy(DOVETAIL_SOURCE_DIR "/rules/tables", rules / "tables");
  const std::string variable = "DOVETAIL_RULES=" + rules.string();
  CHECK(mapcheck("value country_alpha2 XK", {}, variable).exit == 1);
  std::ofstream(rules / "tables/countries.tsv", std::ios::app) << "XK\tXKX\tKosovo\n";
  CHECK(mapcheck("value country_alpha2 XK", {}, variable).out == "valid\tXK\n");
  std::ofstream(rules / "tables/countries.tsv", std::ios::app) << "XY\n";
  const Answer broken = mapcheck("value country_alpha2 XK", {}, variable);
  CHECK(broken.exit == 2);
  CHECK(broken.err.find("countries.tsv:255: 1 columns between tabs, 3 expected") != std::string::npos);
}

TEST_CASE("types lists every type with its rule") {
  const Answer answer = mapcheck("types");
  CHECK(answer.exit == 0);
  CHECK(answer.out.find("no_account         Norwegian bank account: 11 digits, modulus 11\n") != std::string::npos);
}

#include "engine/values/reference_tables.hpp"

#include <catch2/catch.hpp>

#include "tests/engine/values/reference_tables.hpp"

using namespace dovetail;

namespace {

// The first complaint about the tables after one text was changed; "" if there is none.
std::string complaint(TableTexts::File TableTexts::* file, const std::string& from, const std::string& to) {
  TableTexts texts = test::table_texts();
  std::string& text = (texts.*file).text;
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  const auto tables = ReferenceTables::parse(texts);
  return tables ? std::string() : to_text(tables.error().front());
}

}  // namespace

TEST_CASE("the tables say what their sources say") {
  const ReferenceTables& tables = test::tables();
  CHECK(tables.find_alpha3("NO") == "NOR");
  CHECK(tables.find_alpha2("ALA") == "AX");
  CHECK_FALSE(tables.is_country("XK"));
  CHECK_FALSE(tables.is_country(""));
  REQUIRE(tables.find_bban("NO") != nullptr);
  CHECK(tables.find_bban("NO")->length == 11);
  CHECK(tables.find_bban("US") == nullptr);
  CHECK(tables.find_bban("no") == nullptr);
  REQUIRE(tables.find_clearing(3300) != nullptr);
  CHECK(tables.find_clearing(3300)->type == 2);
  CHECK(tables.find_clearing(9400) == nullptr);
  CHECK(tables.find_clearing(0) == nullptr);
  CHECK(tables.find_clearing(9999) == nullptr);
}

TEST_CASE("a bank is known by its code, or not at all") {
  const ReferenceTables& tables = test::tables();
  CHECK(tables.find_bic("FI", "12345600000785") == "NDEAFIHH");
  CHECK(tables.find_bic("FI", "40500000000000") == "HELSFIHH");
  CHECK_FALSE(tables.find_bic("FI", "72000000000000"));
  CHECK_FALSE(tables.find_bic("FI", "12"));
  CHECK_FALSE(tables.find_bic("DE", "370400440532013000"));
}

TEST_CASE("a table that is wrong is refused with file, line and reason") {
  CHECK(complaint(&TableTexts::iban, "NO\t11n", "NO\t11") == "iban.tsv:67: a count without a kind (n, a or c)");
  CHECK(complaint(&TableTexts::iban, "NO\t11n", "SE\t11n\tX\nNO\t11n").find("listed twice") != std::string::npos);
  CHECK(complaint(&TableTexts::countries, "NO\tNOR", "no\tNOR").find("`no` is not two capital letters") !=
        std::string::npos);
  CHECK(complaint(&TableTexts::se_clearing, "1200\t1399\t1\t1", "1200\t1399\t3\t1").find("type and comment") !=
        std::string::npos);
  CHECK(complaint(&TableTexts::se_clearing, "1200\t1399", "1150\t1399").find("overlap") != std::string::npos);
  CHECK(complaint(&TableTexts::banks, "NDEAFIHH", "NDEAF1HH").find("is no BIC") != std::string::npos);
  CHECK(complaint(&TableTexts::banks, "# date: ", "# day: ").find("how old the table is") != std::string::npos);
  CHECK(complaint(&TableTexts::banks, "# date: ", "# date: 1.").find("not a day") != std::string::npos);
  CHECK(complaint(&TableTexts::countries, "# source: ", "# ").find("where the table comes from") != std::string::npos);
  CHECK(complaint(&TableTexts::iban, "NO\t11n\t", "NO\t11n").find("2 columns between tabs, 3 expected") !=
        std::string::npos);
}

TEST_CASE("everything that is wrong is told at once") {
  TableTexts texts = test::table_texts();
  texts.iban.text = "";
  texts.banks.text = "FI\t1\n";
  const auto tables = ReferenceTables::parse(texts);
  REQUIRE_FALSE(tables);
  CHECK(tables.error().size() == 6);
}

TEST_CASE("a table may have been saved with CR LF") {
  TableTexts texts = test::table_texts();
  std::string crlf;
  for (const char c : texts.iban.text) crlf += c == '\n' ? "\r\n" : std::string(1, c);
  texts.iban.text = crlf;
  CHECK(ReferenceTables::parse(texts));
}

#include <catch2/catch.hpp>

#include "tests/engine/values/reference_tables.hpp"

using namespace dovetail;

namespace {

bool same(std::string_view type, std::string_view one, std::string_view other) {
  return same_key(*find_type(type), test::canonical(type, one), test::canonical(type, other));
}

}  // namespace

TEST_CASE("texts are the same if only blanks and composition differ") {
  CHECK(same("text", " Kari  Nordmann", "Kari\tNordmann "));
  CHECK(same("text", "A\xCC\x8Ase", "\xC3\x85se"));
  CHECK(same("text", "Kari\xC2\xA0Nordmann", "Kari Nordmann"));
  CHECK_FALSE(same("text", "kari", "Kari"));
  CHECK(test::canonical("text", " Kari  Nordmann ") == "Kari  Nordmann");
}

TEST_CASE("addresses are the same whatever their case") {
  CHECK(same("email", "Kari@Example.com", "kari@example.com"));
  CHECK(test::canonical("email", "Kari@Example.com") == "Kari@example.com");
  CHECK_FALSE(same("email", "kari+a@example.com", "kari@example.com"));
}

TEST_CASE("a BIC and the same with XXX are one office") {
  CHECK(same("bic", "NDEANOKKXXX", "ndeanokk"));
  CHECK_FALSE(same("bic", "NDEANOKKABC", "NDEANOKK"));
}

TEST_CASE("the fifth clearing digit and zeros in front make no other account") {
  CHECK(same("se_bank_account", "8105-9,744202631", "8105,0744202631"));
  CHECK_FALSE(same("se_bank_account", "5201,1234565", "5202,1234563"));
}

TEST_CASE("a domestic account and its IBAN are the same where a member may hold either") {
  CHECK(same("bank_account", "3624.07.34014", "NO53 3624 0734 014"));
  CHECK(same("bank_account", "no5336240734014", "36240734014"));
  CHECK_FALSE(same("bank_account", "36240734015", "NO5336240734014"));
  CHECK(same("bank_account", "123456-785", "FI21 1234 5600 0007 85"));
  std::string domestic;
  append_key(*find_type("no_account"), "36240734014", domestic);
  CHECK(domestic == "NO5336240734014");
}

TEST_CASE("blanks and case of postal codes don't count") {
  CHECK(same("postal_text", "114 55", "11455"));
  CHECK(same("postal_text", "sw1a 2aa", "SW1A2AA"));
}

TEST_CASE("one instant has one key in every zone") {
  CHECK(same("iso_datetime", "2024-02-29T23:30:00Z", "2024-03-01T00:30:00.000+01:00"));
  CHECK(same("iso_datetime", "2024-02-29t23:30:00.5z", "2024-02-29T22:30:00.50-01:00"));
  CHECK_FALSE(same("iso_datetime", "2024-02-29T23:30:00Z", "2024-02-29T23:30:00.1Z"));
}

TEST_CASE("numbers are exact and have one form") {
  CHECK(test::canonical("integer", "007") == "7");
  CHECK(test::canonical("integer", "-0") == "0");
  CHECK(test::canonical("decimal", "-012.500") == "-12.5");
  CHECK(test::canonical("decimal", "0.10000000000000001") == "0.10000000000000001");
  CHECK(test::canonical("boolean", "TRUE") == "true");
  for (const char* wrong : {"1.", ".5", "+1", "1e3", "1,5", "--1", "-", "1234567890123456789"}) {
    INFO(wrong);
    CHECK(test::canonical("decimal", wrong).empty());
  }
}

TEST_CASE("a text of blanks alone is none, whichever blanks they are") {
  const CheckedType& text = *find_type("text");
  for (const char* blank : {" ", "\u00a0", "\u2003\u3000", "\t\u2028"}) {
    std::string sent;
    CHECK(text.check(blank, {}, sent) == Fault::empty);
    CHECK(sent.empty());
  }
  std::string sent;
  CHECK(text.check("\u00a0Kari", {}, sent) == Fault::none);
}

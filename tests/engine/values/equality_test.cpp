#include <catch2/catch.hpp>

#include "tests/engine/values/reference_tables.hpp"

using namespace dovetail;

TEST_CASE("equal names have one key") {
  CHECK(test::canonical("name_equal", "Gro\xC3\x9F|GROSS") == "gross");
  CHECK(test::canonical("name_equal", "\xEF\xBC\xAA\xEF\xBD\x81\xEF\xBD\x8E|jan") == "jan");
  CHECK(test::canonical("name_equal", "So\xC2\xADphie|sophie") == "sophie");  // soft hyphen
  CHECK(test::canonical("name_equal", "Jan\xE2\x80\x83  Berg |jan berg") == "jan berg");
  CHECK(test::fault("name_equal", " | ") == Fault::empty);
  CHECK(test::fault("name_equal", "\xC2\xAD|\xE2\x80\x8B") == Fault::empty);
  CHECK(test::fault("name_equal", "Jan") == Fault::syntax);
}

TEST_CASE("equality of names is the same from both sides") {
  const std::vector<std::string> names = {"Jan",   "JAN", "Zo\xC3\xAB", "Zoe\xCC\x88", "Gro\xC3\x9F",
                                          "gross", "I",   "\xC4\xB1",   "\xC4\xB0"};
  for (const std::string& one : names) {
    for (const std::string& other : names) {
      CHECK(test::canonical("name_equal", one + "|" + other) == test::canonical("name_equal", other + "|" + one));
    }
    CHECK_FALSE(test::canonical("name_equal", one + "|" + one).empty());
  }
}

TEST_CASE("a bar in a local part does not part two addresses") {
  CHECK(test::canonical("email_equal", "a|b@example.com|A|B@EXAMPLE.com") == "a|b@example.com");
  CHECK(test::fault("email_equal", "a|b@example.com|b@example.com") == Fault::different);
}

TEST_CASE("domains of other scripts are sent as A-labels") {
  CHECK(test::canonical("email", "kari@bl\xC3\xA5skjell.no") == "kari@xn--blskjell-b0a.no");
  CHECK(test::canonical("email", "kari@gro\xC3\x9F.de") == "kari@xn--gro-7ka.de");  // not gross.de
  CHECK(test::canonical("email", "kari@EXAMPLE.COM") == "kari@example.com");
  CHECK(test::canonical("email", "kari@\xD0\xBF\xD1\x80\xD0\xB8\xD0\xBC\xD0\xB5\xD1\x80.\xD1\x80\xD1\x84") ==
        "kari@xn--e1afmkfd.xn--p1ai");
}

TEST_CASE("the limits of an address are those of its A-labels") {
  const std::string label(63, 'a');
  const std::string domain = label + "." + label + "." + label;
  CHECK(test::fault("email", std::string(64, 'k') + "@example.com") == Fault::none);
  CHECK(test::fault("email", std::string(65, 'k') + "@example.com") == Fault::length);
  CHECK(test::fault("email", std::string(254 - 191 - 4, 'k') + "@" + domain + ".no") == Fault::none);
  CHECK(test::fault("email", std::string(255 - 191 - 4, 'k') + "@" + domain + ".no") == Fault::length);
  CHECK(test::fault("email", "k@" + label + "a.no") == Fault::length);
  CHECK(test::fault("email", "k@" + std::string(1000000, 'a') + ".no") == Fault::length);
}

TEST_CASE("postal codes and phones take the country from the record") {
  CheckContext where = test::context();
  CHECK(test::canonical("postal_code", "any 1", where) == "ANY 1");
  where.region = "se";
  CHECK(test::canonical("postal_code", "114 55", where) == "11455");
  where.region = "GB";
  CHECK(test::canonical("postal_code", "sw1a 2aa", where) == "SW1A2AA");
  for (const char* wrong : {"SW1A  2AA", "SW1AA 2AA", "SW1A 2A", "S 2AA", "QI1 1AA", "1AA 1AA"}) {
    INFO(wrong);
    CHECK(test::canonical("postal_code", wrong, where).empty());
  }
  where.region = "NO";
  CHECK(test::canonical("phone", "40612345", where) == "+4740612345");
  CHECK(test::canonical("phone", "0046 70-123 45 67", where) == "+46701234567");
  CHECK(test::fault("phone", "10612345", where) == Fault::range);
  where.region = "ZZ";
  CHECK(test::fault("phone", "40612345", where) == Fault::region);
}

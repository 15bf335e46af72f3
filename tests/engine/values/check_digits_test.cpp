// What check digits promise: one wrong digit is always found.
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "tests/engine/values/reference_tables.hpp"

using namespace dovetail;

namespace {

// Numbers of the type, found by trying; the same ones in every run.
std::vector<std::string> valid_numbers(std::string_view type, const std::string& shape, std::size_t count) {
  std::mt19937 random(20260101);
  std::vector<std::string> found;
  for (int tries = 0; found.size() < count && tries < 4'000'000; ++tries) {
    std::string number = shape;
    for (char& c : number) {
      if (c == '#') c = static_cast<char>('0' + random() % 10);
    }
    if (!test::canonical(type, number).empty()) found.push_back(number);
  }
  return found;
}

// Every number that differs in one digit at or behind `from`.
void check_one_digit_changed(std::string_view type, const std::string& shape, std::size_t from = 0) {
  const auto numbers = valid_numbers(type, shape, 60);
  REQUIRE(numbers.size() == 60);
  for (const std::string& number : numbers) {
    for (std::size_t at = from; at < number.size(); ++at) {
      if (number[at] < '0' || number[at] > '9') continue;
      for (char digit = '0'; digit <= '9'; ++digit) {
        if (digit == number[at]) continue;
        std::string changed = number;
        changed[at] = digit;
        INFO(type << ' ' << number << " -> " << changed);
        CHECK(test::canonical(type, changed).empty());
      }
    }
  }
}

}  // namespace

TEST_CASE("a Norwegian account with one digit changed is invalid") {
  // Behind a register number and 0s that a change can't make into an account between banks, or back.
  check_one_digit_changed("no_account", "36247######", 6);
  check_one_digit_changed("no_account", "1503#5#####", 6);
}

TEST_CASE("a Norwegian identity number with one digit changed is invalid") {
  check_one_digit_changed("no_fnr", "1305#######");
}

TEST_CASE("an IBAN with one digit changed is invalid") {
  check_one_digit_changed("iban", "NO##3624073####");
  check_one_digit_changed("iban", "FI##123456000007##");
  check_one_digit_changed("iban", "DK##00400440116###");
}

TEST_CASE("a Swedish account with one account digit changed is invalid") {
  check_one_digit_changed("se_bank_account", "5201,#######", 5);
  check_one_digit_changed("se_bank_account", "4201,#######", 5);
  check_one_digit_changed("se_bank_account", "6112,#########", 5);
  check_one_digit_changed("se_bank_account", "3300,##########", 5);
  check_one_digit_changed("se_bank_account", "8105-9,##########", 7);
}

TEST_CASE("a Swedish personal number with one digit changed is invalid") {
  check_one_digit_changed("se_personnummer", "198509######", 2);
}

TEST_CASE("a Finnish identity code with one digit changed is invalid") {
  check_one_digit_changed("fi_hetu", "150874-###Y");
}

TEST_CASE("every D-number series has its years") {
  const auto is_serial_fault = [](const char* number) { return test::fault("no_fnr", number) == Fault::serial; };
  CHECK(test::canonical("no_fnr", "45127274502") == "45127274502");
  CHECK(is_serial_fault("13054555000"));        // 1945 with series 550
  CHECK(is_serial_fault("13054580000"));        // 1945 with series 800
  CHECK_FALSE(is_serial_fault("53054580000"));  // a D-number may have it
  CHECK(is_serial_fault("53055755000"));        // 1857 is too early for a D-number
  CHECK_FALSE(is_serial_fault("53055855000"));
}

TEST_CASE("the rule of 2032 begins on its day") {
  CheckContext where = test::context();
  using namespace std::chrono;
  where.today = 2031y / December / 31d;
  CHECK(test::fault("no_fnr", "13055700367", where) == Fault::check_digit);
  where.today = 2032y / January / 1d;
  CHECK(test::fault("no_fnr", "13055700367", where) == Fault::none);
}

TEST_CASE("a test system accepts synthetic numbers") {
  CheckContext where = test::context();
  CHECK(test::fault("no_fnr", "13855700748", where) == Fault::date);
  CHECK(test::fault("fi_hetu", "010203A9013", where) == Fault::serial);
  where.test_system = true;
  CHECK(test::fault("no_fnr", "13855700748", where) == Fault::none);
  CHECK(test::fault("fi_hetu", "010203A9013", where) == Fault::none);
}

TEST_CASE("a birth date after today is none") {
  CheckContext where = test::context();
  using namespace std::chrono;
  where.today = 1985y / September / 16d;
  CHECK(test::fault("se_personnummer", "19850917-9811", where) == Fault::date);
  where.today = 1985y / September / 17d;
  CHECK(test::fault("se_personnummer", "19850917-9811", where) == Fault::none);
  where.today = std::nullopt;
  CHECK(test::fault("se_personnummer", "19850917-9811", where) == Fault::none);
  CHECK(test::fault("se_personnummer", "850917-9811", where) == Fault::date);
}

TEST_CASE("the century of a short Swedish number depends on the day") {
  CheckContext where = test::context();
  CHECK(test::canonical("se_personnummer", "850917-9811", where) == "198509179811");
  CHECK(test::canonical("se_personnummer", "850917+9811", where) == "188509179811");
  CHECK(test::canonical("se_personnummer", "910060-9826", where) == "199100609826");
  CHECK(test::canonical("se_personnummer", "120319+9854", where) == "191203199854");
}

TEST_CASE("the part that is wrong is named") {
  CHECK(test::fault("se_bank_account", "9400,1234565") == Fault::unknown_bank);
  CHECK(test::fault("se_bank_account", "5201,1234564") == Fault::check_digit);
  CHECK(test::fault("se_bank_account", "5201,234565") == Fault::length);
  CHECK(test::fault("se_bank_account", "5201,12,4565") == Fault::syntax);
  CHECK(test::fault("iban", "US8412345678901234") == Fault::unknown_country);
  CHECK(test::fault("iban", "SE6750000000052011234567") == Fault::check_digit);
  CHECK(test::fault("iban", "DK500040044011624") == Fault::length);
  CHECK(test::fault("phone", "40612345") == Fault::region);
  CHECK(test::fault("bic", "DABAUKSX") == Fault::unknown_country);
  CHECK(test::fault("name_equal", "Jan|Janne") == Fault::different);
  CHECK(name(Fault::check_digit) == "check-digit");
}

TEST_CASE("check digits 00, 01 and 99 of an IBAN are refused though they divide") {
  // Each of these is congruent to a valid one.
  CHECK(test::canonical("iban", "DK5000400440116243") == "DK5000400440116243");
  for (int account = 0; account < 2000; ++account) {
    const std::string bban = "0040" + std::to_string(1000000000 + account);
    for (const char* digits : {"00", "01", "99"})
      CHECK(test::canonical("iban", "DK" + std::string(digits) + bban).empty());
  }
}

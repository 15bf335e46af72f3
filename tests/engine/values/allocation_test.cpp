// The valid path of types of a fixed length allocates nothing.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

#include "tests/engine/values/reference_tables.hpp"

using namespace dovetail;

// The address sanitizer has its own `new`: there is nothing to count there.
#ifndef __SANITIZE_ADDRESS__

namespace {

std::size_t allocations = 0;

}  // namespace

// g++ sees malloc behind an inlined `new` and calls the `delete` beside it a mismatch.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

TEST_CASE("a valid value of a fixed length costs no allocation") {
  const std::vector<std::pair<const char*, const char*>> values = {{"iso_date", "2024-02-29"},
                                                                   {"iso_datetime", "2024-02-29t23:30:00.123+01:00"},
                                                                   {"no_account", "3624.07.34014"},
                                                                   {"se_bank_account", "8105-9,744202631"},
                                                                   {"iban", "SE66 5000 0000 0520 1123 4567"},
                                                                   {"bic", "ndeanokkxxx"},
                                                                   {"no_fnr", "130557-00359"},
                                                                   {"no_fnr_2032", "13055700367"},
                                                                   {"no_fnr_synthetic", "13855700748"},
                                                                   {"se_personnummer", "850917-9811"},
                                                                   {"dk_cpr", "070761-1234"},
                                                                   {"fi_hetu", "150874y891y"},
                                                                   {"fi_hetu_synthetic", "010203A9013"},
                                                                   {"country_alpha2", "no"},
                                                                   {"country_alpha3", "nor"},
                                                                   {"postal_code", "1234 ab"},
                                                                   {"boolean", "True"},
                                                                   {"integer", "0042"}};
  CheckContext where = test::context();
  std::string sent;
  sent.reserve(64);
  for (const auto& [name, value] : values) {
    const CheckedType* type = find_type(name);
    where.region = "NL";
    sent.clear();
    const std::size_t before = allocations;
    const Fault fault = type->check(value, where, sent);
    const std::size_t made = allocations - before;
    INFO(name);
    CHECK(fault == Fault::none);
    CHECK(made == 0);
  }
}

#endif

TEST_CASE("time is linear in the length of the value") {
  // Nothing is timed: a quadratic check would not finish.
  CheckContext where = test::context();
  where.region = "NO";
  for (const CheckedType& type : checked_types()) {
    for (const char* piece : {"1", " ", "a", "\xC3\xA5", "a.", "@", "|", ",", "\xFF", "\xE2\x80\x8B", "\xCC\x81"}) {
      std::string value;
      while (value.size() < 200'000) value += piece;
      std::string sent;
      INFO(type.name);
      CHECK_NOTHROW(type.check(value, where, sent));
      CHECK_NOTHROW(type.check("a@" + value, where, sent));
    }
  }
}

// Generated people: the same for the same seed in every system, so that a hub and its providers know each other's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/sandbox/ids/national_id.hpp"

namespace dovetail::sandbox {

enum class Country { finland, norway, sweden };

// Nobody's: names are drawn from lists, ids are of ranges never issued, mail goes to example.com.
struct Person {
  Country country = Country::finland;
  int number = 0;  // from 1
  std::string given, family, email, phone;
  std::string employment_id;  // of no other person, of whatever country
  Gender gender = Gender::male;
  CivilDate born;
  std::string national_id;
  std::string street, postal_code, city;
  std::string account;        // Finland: IBAN; Norway: 11 digits; Sweden: ten digits
  std::string clearing, bic;  // Sweden; Finland
  CivilDate started;
  std::string title;
};

struct Population {
  int count = 0;  // of each country
  std::uint64_t seed = 1;
  std::vector<Country> countries = {};  // empty: the system's own
  int differing = 0;                    // of a hundred: one value is not what the other systems have
  int missing = 0;                      // of a hundred: not known to this system
  std::string system = {};              // differences are this system's own
};

// In the order of country and number.
std::vector<Person> make_people(const Population& population);
std::string country_code(Country country);  // FI, NO, SE

}  // namespace dovetail::sandbox

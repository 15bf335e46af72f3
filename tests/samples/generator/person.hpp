// A made-up person as each of the two systems has them, and what was made wrong on purpose.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace dovetail::samples {

struct Employment {
  std::string id;  // the system's own
  std::string start, end, probation_end, title;
  std::string end_reason;  // as Huma calls it
};

// Values in the form that is sent; empty: none. What a system cannot hold is left out by its writer.
struct Record {
  bool present = true;
  bool active = true;
  std::string id;
  std::string email, given_name, family_name, phone, birth_date, gender, nationality, employment_id;
  std::string identification_country, identification;
  std::string line1, line2, postal_code, city, country;
  std::string account_country, account_number, iban, bic, clearing;
  std::vector<Employment> employments;
};

// What one field reads as on both sides, in a system's own words.
struct Pair {
  std::string hub, provider;
};

// Something that is not as it is for everybody, and what must come of it.
struct Seed {
  std::string field;                 // the label in the rule file; empty: about the person
  std::string kind;                  // "differs", "missing in the provider", …
  std::vector<std::string> finding;  // the kinds of entry under which a plan may list it; empty: it is not listed
  Pair now;
  // After a first run in which the hub wins everywhere, the provider does, or everything is left.
  std::array<Pair, 3> after;
};

struct Person {
  Record hub, provider;
  std::vector<Seed> seeds;
};

// What a system calls male and female; other genders are as they are written.
std::string hub_gender(const std::string& gender);

}  // namespace dovetail::samples

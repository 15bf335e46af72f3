// People who are the same in both systems: what seeding starts from.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/samples/generator/chance.hpp"
#include "tests/samples/generator/person.hpp"

namespace dovetail::samples {

enum class Country { finland, norway };

// Names, mail addresses and numbers are made, not taken from anybody. No identification of `taken` is given again.
Person make_person(Chance& chance, Country country, unsigned count, std::set<std::string>& taken);

std::string make_given_name(Chance& chance, bool female);
std::string make_family_name(Chance& chance);
std::string make_title(Chance& chance);
std::string make_street(Chance& chance);
struct Town {
  std::string postal_code, name;
};
Town make_town(Chance& chance, Country country);

}  // namespace dovetail::samples

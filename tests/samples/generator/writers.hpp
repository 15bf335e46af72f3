// The systems' exports in their real shape, and the file that says what was seeded.
#pragma once

#include <string>
#include <vector>

#include "tests/samples/generator/person.hpp"

namespace dovetail::samples {

using People = std::vector<Person>;

// Each gives the whole document; `lines`: a record a line (NDJSON).
std::string huma_users(const People& people, bool lines);
std::string netvisor_employees(const People& people);
std::string netvisor_lines(const People& people);
std::string poweroffice_employees(const People& people, bool lines);
std::string finago_employees(const People& people, bool lines);

// {"system", "seed", "people", "seeded": [{"hub_id", "provider_id", "field", "kind", "finding", "now", "after"}]}
std::string truth(const People& people, std::string_view system, unsigned long seed);

}  // namespace dovetail::samples

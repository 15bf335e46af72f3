// The systems' exports in their real shape, and the file that says what was seeded.
#pragma once

#include <string>
#include <utility>
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

// The same as the systems list it: what has a call of its own in a file of its own. By the files' names.
using Files = std::vector<std::pair<std::string, std::string>>;
Files poweroffice_files(const People& people, bool lines);
Files finago_files(const People& people, bool lines);

// {"system", "seed", "people", "seeded": [{"hub_id", "provider_id", "field", "kind", "finding", "now", "after"}]}
std::string truth(const People& people, std::string_view system, unsigned long seed);

}  // namespace dovetail::samples

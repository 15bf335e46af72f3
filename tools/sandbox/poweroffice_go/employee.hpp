// The row of one employee.
#pragma once

#include "tools/sandbox/poweroffice_go/poweroffice_go.hpp"

namespace dovetail::sandbox::poweroffice_go {

Json blank_employee();  // every member of the answer, unset
void add_generated(PowerOfficeGo& system, const Person& person, const std::string& client);

// What is wrong with `row`, which will be employee `id` ("" for a new one); the address rules of a posted address too
// when `posted`. Fills in what the system fills in: the country of an address.
std::optional<Answer> check_employee(const Request& request, Json& row, const std::string& id, bool posted);
// The next free number of the default series of the caller's client.
long long next_number(const Request& request);

}  // namespace dovetail::sandbox::poweroffice_go

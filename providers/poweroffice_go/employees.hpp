// /Employees: searched by number or reference, and added to.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.hpp"
#include "providers/toolkit/calls.hpp"
#include "providers/toolkit/wire_writes.hpp"

namespace dovetail::providers::poweroffice_go {

std::string employee_path(std::string_view id);

// The ids of those with these employee numbers, nullopt for a number that nobody has. As many calls as the length of an
// address makes necessary.
Result<std::vector<std::optional<std::string>>> find_numbers(Calls& calls, const std::vector<std::string>& numbers);

// The id of the employee with that reference. Allows for a replica that lags behind.
Result<std::optional<std::string>> find_reference(Calls& calls, std::string_view reference, Clock& clock);

struct Added {
  std::string id;
  std::unique_ptr<JsonAnswer> employee;  // nullptr: an earlier attempt got through, whose answer was lost
};
// Adds an employee under that reference (empty: none). Whether a lost attempt got through is asked of the system.
Result<Added> add_employee(Calls& calls, std::vector<WireWrite> writes, std::string_view reference, Clock& clock);

// The privileges of ours that ClientIntegrationInformation does not show as valid.
std::vector<std::string> missing_privileges(const JsonNode& information);

}  // namespace dovetail::providers::poweroffice_go

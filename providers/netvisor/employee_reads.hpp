// getemployees.nv and getemployee.nv.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "providers/toolkit/calls.hpp"
#include "providers/toolkit/tree.hpp"

namespace dovetail::providers::netvisor {

// Everybody, those whose employment has ended too; their values are few.
Result<std::unique_ptr<Tree>> read_everybody(Calls& calls);

// One employee, with periods and payroll information; nullptr: there is none.
Result<std::unique_ptr<Tree>> read_employee(Calls& calls, std::string_view id);

// The text of that element of a list's employee; "": there is none.
std::string text_at(const Tree& tree, Node employee, const char* name);

// The keys of those whose element of that name in the list is one of the values, case ignored.
std::vector<std::optional<std::string>> keys_by(const Tree& everybody, const char* name,
                                                const std::vector<std::string>& values);

}  // namespace dovetail::providers::netvisor

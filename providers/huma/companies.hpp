// Huma's groups of the type company: the only names an organization shows, and where people are added.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "providers/toolkit/calls.hpp"

namespace dovetail::providers::huma {

struct Company {
  std::string id, name;
};

Result<std::vector<Company>> read_companies(Calls& calls);

// The ids of the groups for somebody new, as a JSON list: those that are `wanted` ("id,id"), else the only company. An
// Error of kind data where there is not exactly one.
Result<std::string> groups_for_new(std::string_view wanted, const std::vector<Company>& companies);

}  // namespace dovetail::providers::huma

// The list of simulated systems.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/sandbox/core/system.hpp"
#include "tools/sandbox/people/person.hpp"

namespace dovetail::sandbox {

std::vector<std::string> system_names();
// null when no system has that name.
std::unique_ptr<System> make_system(std::string_view name, const Population& population);

}  // namespace dovetail::sandbox

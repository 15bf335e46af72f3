// What an API identifier may do in Netvisor, which says so only when it is asked for something.
#pragma once

#include <string>
#include <vector>

#include "providers/toolkit/calls.hpp"

namespace dovetail::providers::netvisor {

// True where Netvisor refused because the resource is not allowed for the API identifier.
bool lacks_right(const Error& error);

// The resources that are closed. An Error where one could not be asked.
Result<std::vector<std::string>> closed_resources(Calls& calls);

}  // namespace dovetail::providers::netvisor

// `dovetail sandbox`: runs simulated systems until it is told to stop.
#pragma once

#include <string>
#include <vector>

namespace dovetail::sandbox {

// Prints addresses and credentials, and returns on SIGINT or SIGTERM with 0; 2: could not run, said on standard error.
int run_command(const std::vector<std::string>& arguments);

}  // namespace dovetail::sandbox

// What is the same person's on both sides, read from the simulated systems' rows by code that shares nothing with the
// engine or its rule files.
#pragma once

#include <map>
#include <string>

#include "tools/sandbox/server/sandbox.hpp"

namespace dovetail::soak {

// Values by what people call them; only what both sides hold.
using Values = std::map<std::string, std::string>;

Values values_in_hub(const sandbox::Json& row, const std::string& provider);
Values values_in_provider(const sandbox::Json& row, const std::string& provider);
// Sets one of them; in the provider only "given name", "family name" and the parts of an address.
sandbox::Json change_in_hub(const sandbox::Json& row, const std::string& what, const std::string& value);
sandbox::Json change_in_provider(const sandbox::Json& row, const std::string& provider, const std::string& what,
                                 const std::string& value);

}  // namespace dovetail::soak

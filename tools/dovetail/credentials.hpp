// Credentials from the environment and from a file.
#pragma once

#include <string>

#include "engine/error.hpp"
#include "providers/toolkit/adapter.hpp"

namespace dovetail::tools {

// From the environment (DOVETAIL_NETVISOR_USER_ID), then from `file`: {"netvisor": {"user_id": "…"}}; empty: no file.
// An Error of kind input names what is missing or unreadable, and never says what stands there.
Result<providers::Credentials> find_credentials(const std::string& adapter, const std::string& file);

// What of them there is.
Result<providers::Credentials> known_credentials(const std::string& adapter, const std::string& file);

}  // namespace dovetail::tools

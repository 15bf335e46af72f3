// dovetail rules: what changed rules would do, and saying yes to what they weaken.
#pragma once

#include "engine/api/runtime.hpp"
#include "tools/dovetail/store_options.hpp"

namespace dovetail::tools {

// Of one connection, or of all where none is named. Exit code 1: something waits for approval.
int rules_impact_command(const StoreOptions& options);
int rules_approve_command(const StoreOptions& options);

// Says on standard error where a connection goes on by its old rules; nothing where it does not.
void say_waiting_rules(Runtime& runtime, const std::string& connection);

}  // namespace dovetail::tools

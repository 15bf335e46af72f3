// What Huma is sent: members without the wrappers that answers have, and some groups only whole.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "providers/toolkit/json_node.hpp"
#include "providers/toolkit/wire_writes.hpp"

namespace dovetail::providers::huma {

// Writes with paths as bodies want them: "givenName/value" is written as "givenName".
std::vector<WireWrite> unwrapped_writes(const ir::Schema& schema, std::span<const Change> changes);

// Adds what the writes leave out of an object that is only taken whole, from the record (a user's details, wrapped):
// all members of a home address; of a bank account those of its one sort, with the sort. An object in which nothing
// would be left becomes null.
std::string user_body(const ir::Schema& schema, std::span<const WireWrite> writes, const JsonNode& record);

// The value inside a wrapper, or what stands there without one; nullptr: none.
const JsonNode* value_of(const JsonNode& object, std::string_view name);

}  // namespace dovetail::providers::huma

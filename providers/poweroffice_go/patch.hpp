// PowerOffice Go's bodies.
#pragma once

#include <span>
#include <string>

#include "providers/toolkit/json_node.hpp"
#include "providers/toolkit/wire_writes.hpp"

namespace dovetail::providers::poweroffice_go {

// A JSON Patch (RFC 6902). Below a member that is null in `record` nothing can be replaced: it is added as a whole.
std::string json_patch(std::span<const WireWrite> writes, const JsonNode& record);

}  // namespace dovetail::providers::poweroffice_go

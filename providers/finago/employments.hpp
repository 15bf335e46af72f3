// Employments: an own resource, an array that is merged by employment_id.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "providers/toolkit/calls.hpp"
#include "providers/toolkit/wire_writes.hpp"

namespace dovetail::providers::finago {

// The employments of an employee, as they are on the wire.
Result<std::unique_ptr<JsonAnswer>> read_employments(Calls& calls, std::string_view id);

// Sends each changed employment back whole, with its own id: an unknown id would make a second one. All changes are
// about elements of the list `employments`. `before` is how they were read last; nullptr: they are read now.
Result<void> write_employments(Calls& calls, const ir::Schema& schema, ir::MemberId employments, std::string_view id,
                               std::span<const Change> changes, bool swedish_company, const JsonAnswer* before);

}  // namespace dovetail::providers::finago

// /users: details, positions, and the search.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/values/type.hpp"
#include "providers/toolkit/calls.hpp"

namespace dovetail::providers::huma {

// The details as they came; nullptr, only where it may be absent: there is no such user.
Result<std::unique_ptr<JsonAnswer>> read_details(Calls& calls, std::string_view id, bool may_be_absent);

// Everybody's ids, each once. Partial where the list changed while it was read.
Result<Completeness> read_ids(Calls& calls, std::vector<std::string>& ids);

// The details with the positions inside, as the schema sees a user.
Result<std::string> with_positions(Calls& calls, const ir::Schema& schema, ir::MemberId positions,
                                   const JsonAnswer& details, std::string_view id);

// The ids of the users whose member of that name is the value; a call each: Huma searches for one text at a time.
Result<std::vector<std::optional<std::string>>> find_users(Calls& calls, const std::string& name,
                                                           const CheckedType& type,
                                                           const std::vector<std::string>& values);

}  // namespace dovetail::providers::huma

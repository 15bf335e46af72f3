// What Huma checks in the members of a user.
#pragma once

#include "tools/sandbox/huma/huma.hpp"

namespace dovetail::sandbox::huma {

// Sets the members of `patch` in `user`, the row `id` ("" for a new one); or the refusal.
std::optional<Answer> set_fields(const Request& request, Json& user, const std::string& id, const Json& patch);
bool is_email(const std::string& text);
// The refusal when `patch` holds a member that `known` does not name and the knob minds.
std::optional<Answer> check_members(const Request& request, const Json& patch, const std::vector<std::string>& known);

}  // namespace dovetail::sandbox::huma

// How Huma shows its objects: flat in lists, each field wrapped where one object is read.
#pragma once

#include "tools/sandbox/huma/huma.hpp"

namespace dovetail::sandbox::huma {

Json listed_user(const Request& request, const Json& row);
Json user_details(const Request& request, const Json& row);
// CURRENT, ENDED or UPCOMING on the sandbox's day.
std::string position_status(const Request& request, const Json& position);
Json listed_position(const Request& request, const Json& position);
Json wrapped_position(const Request& request, const Json& position);

}  // namespace dovetail::sandbox::huma

// Finago's key is exchanged for a token: by a query that nothing may show.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "providers/toolkit/http/client.hpp"
#include "providers/toolkit/http/token.hpp"

namespace dovetail::providers::finago {

Result<Token> exchange(const std::string& api_key, Transport& over, const Surroundings& around);

// "2025-06-03T10:15:00+02:00" or "…Z". nullopt: not such a moment.
std::optional<std::chrono::system_clock::time_point> read_moment(std::string_view text);

}  // namespace dovetail::providers::finago

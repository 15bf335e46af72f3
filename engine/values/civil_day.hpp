// A day of the proleptic Gregorian calendar, without zone. The pure part is handed the day; it never asks a clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace dovetail {

using CivilDay = std::chrono::year_month_day;

// Exactly YYYY-MM-DD, years 0001-9999, a day that exists; otherwise nullopt.
std::optional<CivilDay> parse_day(std::string_view text);

// YYYY-MM-DD.
std::string to_text(CivilDay day);

}  // namespace dovetail

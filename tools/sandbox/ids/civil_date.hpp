// Calendar dates as YYYY-MM-DD.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dovetail::sandbox {

struct CivilDate {
  int year = 0;
  int month = 0;
  int day = 0;
  auto operator<=>(const CivilDate&) const = default;
};

bool exists(const CivilDate& date);
std::optional<CivilDate> date_from(std::string_view text);  // exactly YYYY-MM-DD, and the day exists
std::string to_text(const CivilDate& date);

}  // namespace dovetail::sandbox

#include "tools/sandbox/ids/civil_date.hpp"

#include <fmt/format.h>

#include <chrono>

#include "tools/sandbox/core/text.hpp"

namespace dovetail::sandbox {

bool exists(const CivilDate& date) {
  using namespace std::chrono;
  return date.month > 0 && date.day > 0 &&
         year_month_day(year(date.year), month(static_cast<unsigned>(date.month)), day(static_cast<unsigned>(date.day)))
             .ok();
}

std::optional<CivilDate> date_from(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size) -> int {
    const std::string_view part = text.substr(at, size);
    return all_digits(part) ? static_cast<int>(*to_number(part)) : -1;
  };
  const CivilDate date{number(0, 4), number(5, 2), number(8, 2)};
  if (date.year < 0 || !exists(date)) return std::nullopt;
  return date;
}

std::string to_text(const CivilDate& date) { return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day); }

}  // namespace dovetail::sandbox

#include "engine/values/civil_day.hpp"

#include <fmt/format.h>

namespace dovetail {
namespace {

// The number that `text` spells in ASCII digits, or -1.
int number(std::string_view text) {
  int result = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    result = result * 10 + (c - '0');
  }
  return result;
}

}  // namespace

std::optional<CivilDay> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = number(text.substr(0, 4));
  const int month = number(text.substr(5, 2));
  const int day = number(text.substr(8, 2));
  if (year < 1 || month < 1 || day < 1) return std::nullopt;
  const CivilDay result{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                        std::chrono::day{static_cast<unsigned>(day)}};
  if (!result.ok()) return std::nullopt;
  return result;
}

std::string to_text(CivilDay day) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

}  // namespace dovetail

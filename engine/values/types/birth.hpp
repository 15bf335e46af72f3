// Birth dates inside national identity numbers.
#pragma once

#include <optional>
#include <string_view>

#include "engine/values/type.hpp"

namespace dovetail {

// nullopt: there is no such day.
inline std::optional<CivilDay> find_day(int year, int month, int day) {
  const CivilDay found{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                       std::chrono::day{static_cast<unsigned>(day)}};
  if (month < 1 || day < 1 || !found.ok()) return std::nullopt;
  return found;
}

inline Fault judge_birth(std::optional<CivilDay> birth, const CheckContext& context) {
  if (!birth || (context.today && *birth > *context.today)) return Fault::date;
  return Fault::none;
}

// The birth dates that numbers in sent form carry. nullopt: not such a number, or none that can be told
// (an unknown month or day; a Norwegian number of 2032 and later does not tell the century).
std::optional<CivilDay> find_birth_in_fnr(std::string_view sent);
std::optional<CivilDay> find_birth_in_hetu(std::string_view sent);
std::optional<CivilDay> find_birth_in_cpr(std::string_view sent);
std::optional<CivilDay> find_birth_in_personnummer(std::string_view sent);

}  // namespace dovetail

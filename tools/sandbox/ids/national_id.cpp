#include "tools/sandbox/ids/national_id.hpp"

#include <fmt/format.h>

#include <array>

#include "tools/sandbox/core/text.hpp"
#include "tools/sandbox/ids/account.hpp"

namespace dovetail::sandbox {

namespace {

constexpr std::string_view hetu_checks = "0123456789ABCDEFHJKLMNPRSTUVWXY";

int digits(std::string_view text, std::size_t at, std::size_t size) {
  return static_cast<int>(to_number(text.substr(at, size)).value_or(-1));
}

int century(char sign) {
  if (sign == '+') return 1800;
  if (std::string_view("-UVWXY").find(sign) != std::string_view::npos) return 1900;
  return std::string_view("ABCDEF").find(sign) != std::string_view::npos ? 2000 : -1;
}

template <std::size_t N>
int weighed(std::string_view number, const std::array<int, N>& weights) {
  int sum = 0;
  for (std::size_t at = 0; at < N; ++at) sum += weights[at] * (number[at] - '0');
  return sum % 11;
}

constexpr std::array first_weights = {3, 7, 6, 1, 8, 9, 4, 5, 2};
constexpr std::array second_weights = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};

// The year in full, or -1 where no series covers it.
int fnr_year(int year, int individual, bool d_number) {
  if (individual < 200) return 1900 + year;
  if (individual < 500) return d_number && year < 40 ? 2000 + year : 1900 + year;
  if (individual >= 900) return year < 40 ? 2000 + year : 1900 + year;
  if (year < 40) return 2000 + year;
  if (d_number && individual >= 600) return 1900 + year;
  if (individual < 600) return year >= (d_number ? 58 : 54) ? 1800 + year : -1;
  return individual < 750 && year >= 54 ? 1800 + year : -1;
}

}  // namespace

std::optional<HetuFacts> read_hetu(std::string_view raw, bool synthetic) {
  const std::string text = upper(raw);
  if (text.size() != 11) return std::nullopt;
  const std::string number = text.substr(0, 6) + text.substr(7, 3);
  const int first_year = century(text[6]);
  if (!all_digits(number) || first_year < 0) return std::nullopt;
  const CivilDate born{first_year + digits(number, 4, 2), digits(number, 2, 2), digits(number, 0, 2)};
  const int individual = digits(number, 6, 3);
  if (!exists(born) || individual < 2 || (individual >= 900 && !synthetic)) return std::nullopt;
  if (hetu_checks[static_cast<std::size_t>(*to_number(number) % 31)] != text[10]) return std::nullopt;
  return HetuFacts{born, individual % 2 == 1 ? Gender::male : Gender::female};
}

std::string make_hetu(const CivilDate& born, int individual) {
  const std::string date = fmt::format("{:02}{:02}{:02}", born.day, born.month, born.year % 100);
  const std::string number = fmt::format("{}{:03}", date, individual);
  const char sign = born.year >= 2000 ? 'A' : born.year >= 1900 ? '-' : '+';
  return fmt::format("{}{}{:03}{}", date, sign, individual,
                     hetu_checks[static_cast<std::size_t>(*to_number(number) % 31)]);
}

bool is_fnr(std::string_view text, bool synthetic) {
  if (text.size() != 11 || !all_digits(text)) return false;
  int month = digits(text, 2, 2);
  for (const int offset : {80, 65, 40}) {
    if (synthetic && month > offset && month <= offset + 12) month -= offset;
  }
  const int day = digits(text, 0, 2);
  const bool d_number = day > 40;
  const int year = fnr_year(digits(text, 4, 2), digits(text, 6, 3), d_number);
  if (year < 0 || !exists({year, month, d_number ? day - 40 : day})) return false;
  const int first = (weighed(text, first_weights) + text[9] - '0') % 11;
  const int second = (weighed(text, second_weights) + text[10] - '0') % 11;
  return first == 0 && second == 0;
}

std::optional<std::string> make_synthetic_fnr(const CivilDate& born, int individual) {
  std::string number = fmt::format("{:02}{:02}{:02}{:03}", born.day, born.month + 80, born.year % 100, individual);
  const int first = (11 - weighed(number, first_weights)) % 11;
  if (first == 10) return std::nullopt;
  number += static_cast<char>('0' + first);
  const int second = (11 - weighed(number, second_weights)) % 11;
  if (second == 10) return std::nullopt;
  return number + static_cast<char>('0' + second);
}

std::string make_personnummer(const CivilDate& born, int birth_number) {
  const std::string short_form =
      fmt::format("{:02}{:02}{:02}{:03}", born.year % 100, born.month, born.day, birth_number);
  return fmt::format("{:02}{}{}", born.year / 100, short_form, luhn_digit(short_form));
}

}  // namespace dovetail::sandbox

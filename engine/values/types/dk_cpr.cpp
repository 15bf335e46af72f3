// Danish CPR numbers. Modulus 11 is not checked: numbers that fail it are issued since 2007.
#include <array>

#include "engine/values/types/ascii.hpp"
#include "engine/values/types/birth.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {
namespace {

int full_year(int year, char seventh_digit) {
  if (seventh_digit <= '3') return 1900 + year;
  if (seventh_digit == '4' || seventh_digit == '9') return year <= 36 ? 2000 + year : 1900 + year;
  return year <= 57 ? 2000 + year : 1800 + year;
}

std::optional<CivilDay> find_birth(std::string_view digits) {
  const int year = full_year(ascii::number(digits.substr(4, 2)), digits[6]);
  return find_day(year, ascii::number(digits.substr(2, 2)), ascii::number(digits.substr(0, 2)));
}

}  // namespace

Fault check_dk_cpr(std::string_view raw, const CheckContext& context, std::string& sent) {
  const std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  std::array<char, 10> digits{};
  std::size_t count = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (i == 6 && (c == '-' || c == ' ')) continue;
    if (!ascii::is_digit(c)) return Fault::syntax;
    if (count < digits.size()) digits[count] = c;
    ++count;
  }
  if (count != digits.size()) return Fault::length;
  const std::string_view number(digits.data(), digits.size());
  const Fault fault = judge_birth(find_birth(number), context);
  if (fault == Fault::none) sent.append(number);
  return fault;
}

std::optional<CivilDay> find_birth_in_cpr(std::string_view sent) {
  if (sent.size() != 10 || !ascii::all_digits(sent)) return std::nullopt;
  return find_birth(sent);
}

std::string_view sentence_dk_cpr(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "a CPR number is written with digits, and one hyphen or space after the sixth";
    case Fault::length:
      return "a CPR number has 10 digits";
    case Fault::date:
      return "the CPR number begins with no birth date";
    default:
      return {};
  }
}

}  // namespace dovetail

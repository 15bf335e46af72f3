// Norwegian birth numbers (fødselsnummer) and D-numbers.
#include <array>

#include "engine/values/types/ascii.hpp"
#include "engine/values/types/birth.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {
namespace {

enum class Control : std::uint8_t { exact, rule_of_2032 };
enum class Months : std::uint8_t { real, synthetic };

// DDMMYYIIIKK without separator.
struct Number {
  std::array<char, 11> digits{};
  bool is_d_number = false;
  int day = 0;  // without what is added to it
  int month = 0;
  int year_in_century = 0;
  int series = 0;  // III, the individnummer
};

Fault take_digits(std::string_view value, std::array<char, 11>& digits) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (i == 6 && (c == ' ' || c == '-')) continue;
    if (!ascii::is_digit(c)) return Fault::syntax;
    if (count < digits.size()) digits[count] = c;
    ++count;
  }
  return count == digits.size() ? Fault::none : Fault::length;
}

// What test systems add to the month: Skatteetaten (Tenor), Norsk helsenett, NAV.
int without_addition(int month) {
  for (const int addition : {80, 65, 40}) {
    if (month > addition && month <= addition + 12) return month - addition;
  }
  return month;
}

void read(Number& number, Months months) {
  const auto at = [&](std::size_t from, std::size_t size) { return ascii::number({&number.digits[from], size}); };
  number.day = at(0, 2);
  number.is_d_number = number.day > 40;
  if (number.is_d_number) number.day -= 40;
  number.month = months == Months::synthetic ? without_addition(at(2, 2)) : at(2, 2);
  number.year_in_century = at(4, 2);
  number.series = at(6, 3);
}

// The year that series and year give together; nullopt: not issued. D-numbers have other series since 2021-11-16.
std::optional<int> find_year(const Number& number) {
  const int year = number.year_in_century;
  const int series = number.series;
  if (series < 200 || (series < 500 && !number.is_d_number)) return 1900 + year;
  if (year < 40) return 2000 + year;  // every later series
  const bool oldest = number.is_d_number ? series >= 500 && series < 600 : series >= 500 && series < 750;
  if (oldest) return year >= (number.is_d_number ? 58 : 54) ? std::optional(1800 + year) : std::nullopt;
  if (!number.is_d_number && series < 900) return std::nullopt;
  return 1900 + year;
}

int weighed(const Number& number, const std::array<int, 11>& weights) {
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * ascii::digit(number.digits[i]);
  return sum % 11;
}

bool has_control_digits(const Number& number, Control control) {
  const int first = weighed(number, {3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0});
  const int second = weighed(number, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1});
  return second == 0 && first <= (control == Control::rule_of_2032 ? 3 : 0);
}

Fault judge_date(const Number& number, Control control, const CheckContext& context) {
  if (control == Control::rule_of_2032) {
    // The series no longer gives the century: the day must exist in some year that ends so (2000 was a leap year).
    const bool exists = find_day(2000 + number.year_in_century, number.month, number.day).has_value();
    return exists ? Fault::none : Fault::date;
  }
  if (!find_day(2000, number.month, number.day)) return Fault::date;
  const auto year = find_year(number);
  if (!year) return Fault::serial;
  return judge_birth(find_day(*year, number.month, number.day), context);
}

Fault check(std::string_view raw, Control control, Months months, const CheckContext& context, std::string& sent) {
  const std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  Number number;
  if (const Fault fault = take_digits(value, number.digits); fault != Fault::none) return fault;
  read(number, months);
  if (const Fault fault = judge_date(number, control, context); fault != Fault::none) return fault;
  if (!has_control_digits(number, control)) return Fault::check_digit;
  sent.append(number.digits.data(), number.digits.size());
  return Fault::none;
}

// The new control digits are issued, and the series says less, from this day.
Control control_on(const CheckContext& context) {
  using namespace std::chrono;
  constexpr CivilDay start = 2032y / January / 1d;
  return context.today && *context.today >= start ? Control::rule_of_2032 : Control::exact;
}

}  // namespace

Fault check_no_fnr(std::string_view raw, const CheckContext& context, std::string& sent) {
  return check(raw, control_on(context), context.test_system ? Months::synthetic : Months::real, context, sent);
}

Fault check_no_fnr_2032(std::string_view raw, const CheckContext& context, std::string& sent) {
  return check(raw, Control::rule_of_2032, context.test_system ? Months::synthetic : Months::real, context, sent);
}

Fault check_no_fnr_synthetic(std::string_view raw, const CheckContext& context, std::string& sent) {
  return check(raw, control_on(context), Months::synthetic, context, sent);
}

std::optional<CivilDay> find_birth_in_fnr(std::string_view sent) {
  Number number;
  if (take_digits(sent, number.digits) != Fault::none) return std::nullopt;
  read(number, Months::synthetic);
  const auto year = find_year(number);
  if (!year || !has_control_digits(number, Control::exact)) return std::nullopt;
  return find_day(*year, number.month, number.day);
}

std::string_view sentence_no_fnr(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "a Norwegian identity number is written with digits, and one space or hyphen after the sixth";
    case Fault::length:
      return "a Norwegian identity number has 11 digits";
    case Fault::date:
      return "only Norwegian personal identification numbers are supported: this one begins with no birth date";
    case Fault::serial:
      return "no Norwegian identity number has this individual number together with this year";
    case Fault::check_digit:
      return "the last two digits do not fit the others: probably a typing error in the identity number";
    default:
      return {};
  }
}

}  // namespace dovetail

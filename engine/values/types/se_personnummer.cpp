// Swedish personal numbers and coordination numbers (samordningsnummer).
#include <array>

#include "engine/values/types/ascii.hpp"
#include "engine/values/types/birth.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {
namespace {

constexpr int coordination = 60;  // is added to the day

// The forms: 10 or 12 digits, with a separator before the last four or without.
struct Written {
  std::string_view day;  // YYMMDD or YYYYMMDD
  std::string_view last_four;
  bool plus = false;
};

Fault split(std::string_view value, Written& out) {
  if (value.size() < 10 || value.size() > 13) return Fault::length;
  out.last_four = value.substr(value.size() - 4);
  out.day = value.substr(0, value.size() - 4);
  if (out.day.back() == '-' || out.day.back() == '+') {
    out.plus = out.day.back() == '+';
    out.day.remove_suffix(1);
  }
  if (!ascii::all_digits(out.last_four) || !ascii::all_digits(out.day)) return Fault::syntax;
  if (out.day.size() != 6 && out.day.size() != 8) return Fault::length;
  return out.plus && out.day.size() == 8 ? Fault::syntax : Fault::none;
}

// The last year that ends so and is not in the future; with a plus 100 less.
std::optional<int> find_full_year(int year_in_century, bool plus, std::optional<CivilDay> today) {
  if (!today) return std::nullopt;
  const int now = static_cast<int>(today->year());
  const int last = now - (now % 100 - year_in_century + 100) % 100;
  return plus ? last - 100 : last;
}

// The day, or the first that it can be where month or day are unknown (only in a coordination number: 00, and 60).
std::optional<CivilDay> find_first_day(int year, int month, int day) {
  if (day < coordination) return find_day(year, month, day);
  day -= coordination;
  return find_day(year, month == 0 ? 1 : month, day == 0 ? 1 : day);
}

}  // namespace

Fault check_se_personnummer(std::string_view raw, const CheckContext& context, std::string& sent) {
  const std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  Written written;
  if (const Fault fault = split(value, written); fault != Fault::none) return fault;
  const std::string_view short_day = written.day.substr(written.day.size() - 6);
  const auto year = written.day.size() == 8
                        ? std::optional(ascii::number(written.day.substr(0, 4)))
                        : find_full_year(ascii::number(short_day.substr(0, 2)), written.plus, context.today);
  if (!year || *year < 1800 || *year > 2099) return Fault::date;
  const auto birth =
      find_first_day(*year, ascii::number(short_day.substr(2, 2)), ascii::number(short_day.substr(4, 2)));
  if (const Fault fault = judge_birth(birth, context); fault != Fault::none) return fault;
  if (written.last_four.starts_with("000")) return Fault::serial;
  std::array<char, 10> luhn{};
  short_day.copy(luhn.data(), 6);
  written.last_four.copy(luhn.data() + 6, 4);
  if (ascii::luhn_sum({luhn.data(), luhn.size()}) % 10 != 0) return Fault::check_digit;
  sent.push_back(static_cast<char>('0' + *year / 1000));
  sent.push_back(static_cast<char>('0' + *year / 100 % 10));
  sent.append(luhn.data(), luhn.size());
  return Fault::none;
}

std::optional<CivilDay> find_birth_in_personnummer(std::string_view sent) {
  if (sent.size() != 12 || !ascii::all_digits(sent)) return std::nullopt;
  const int day = ascii::number(sent.substr(6, 2));
  return find_day(ascii::number(sent.substr(0, 4)), ascii::number(sent.substr(4, 2)),
                  day > coordination ? day - coordination : day);
}

std::string_view sentence_se_personnummer(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "a Swedish personal number is written YYMMDD-NNNN or YYYYMMDD-NNNN, with + for - in the short form from "
             "the age "
             "of 100";
    case Fault::length:
      return "a Swedish personal number has 10 or 12 digits";
    case Fault::date:
      return "the Swedish personal number begins with no day up to today";
    case Fault::serial:
      return "no Swedish personal number has the birth number 000";
    case Fault::check_digit:
      return "the last digit does not fit the others: probably a typing error in the personal number";
    default:
      return {};
  }
}

}  // namespace dovetail

// Whole and decimal numbers and truth values: exact, as text.
#include <algorithm>
#include <string>

#include "engine/values/types/ascii.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {
namespace {

constexpr std::size_t most_digits = 18;  // they fit in 64 bits whatever they are

struct Number {
  bool negative = false;
  std::string_view whole;     // without leading zeros but for 0 itself
  std::string_view fraction;  // without trailing zeros
};

std::string_view without_leading_zeros(std::string_view digits) {
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1));
}

Fault take(std::string_view raw, bool with_fraction, Number& out) {
  std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  out.negative = value.starts_with('-');
  if (out.negative) value.remove_prefix(1);
  const auto point = value.find('.');
  if (point != std::string_view::npos) {
    if (!with_fraction) return Fault::syntax;
    out.fraction = value.substr(point + 1);
    if (out.fraction.empty() || !ascii::all_digits(out.fraction)) return Fault::syntax;
    out.fraction = out.fraction.substr(0, out.fraction.find_last_not_of('0') + 1);
    value = value.substr(0, point);
  }
  if (value.empty() || !ascii::all_digits(value)) return Fault::syntax;
  out.whole = without_leading_zeros(value);
  if (out.whole.size() + out.fraction.size() > most_digits) return Fault::range;
  if (out.whole == "0" && out.fraction.empty()) out.negative = false;
  return Fault::none;
}

void append(const Number& number, std::string& sent) {
  if (number.negative) sent.push_back('-');
  sent.append(number.whole);
  if (!number.fraction.empty()) sent.append(".").append(number.fraction);
}

bool spells(std::string_view value, std::string_view lower_case_word) {
  return std::ranges::equal(value, lower_case_word, {}, ascii::to_lower);
}

}  // namespace

Fault check_integer(std::string_view raw, const CheckContext&, std::string& sent) {
  Number number;
  const Fault fault = take(raw, false, number);
  if (fault == Fault::none) append(number, sent);
  return fault;
}

Fault check_decimal(std::string_view raw, const CheckContext&, std::string& sent) {
  Number number;
  const Fault fault = take(raw, true, number);
  if (fault == Fault::none) append(number, sent);
  return fault;
}

Fault check_boolean(std::string_view raw, const CheckContext&, std::string& sent) {
  const std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  if (!spells(value, "true") && !spells(value, "false")) return Fault::unknown_code;
  ascii::append_lower(sent, value);
  return Fault::none;
}

std::string_view sentence_integer(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "a whole number is written with digits, with - before it if it is negative";
    case Fault::range:
      return "the number has more than 18 digits";
    default:
      return {};
  }
}

std::string_view sentence_decimal(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "a number is written with digits and at most one decimal point, with - before it if it is negative";
    case Fault::range:
      return "the number has more than 18 digits";
    default:
      return {};
  }
}

std::string_view sentence_boolean(Fault fault) {
  return fault == Fault::unknown_code ? "it is neither true nor false" : std::string_view();
}

}  // namespace dovetail

// Finnish personal identity codes (henkilötunnus).
#include <algorithm>
#include <array>

#include "engine/values/types/ascii.hpp"
#include "engine/values/types/birth.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {
namespace {

constexpr std::size_t length = 11;  // DDMMYYCZZZQ
constexpr int last_issued = 899;    // 900-999: temporary and test codes

// 0: no such intermediate character. U-Y and B-F are issued since 2023.
int century(char character) {
  if (character == '+') return 1800;
  if (character == '-' || (character >= 'U' && character <= 'Y')) return 1900;
  if (character >= 'A' && character <= 'F') return 2000;
  return 0;
}

std::optional<CivilDay> find_birth(std::string_view code) {
  const int year = century(code[6]) + ascii::number(code.substr(4, 2));
  return find_day(year, ascii::number(code.substr(2, 2)), ascii::number(code.substr(0, 2)));
}

char check_character(std::string_view code) {
  constexpr std::string_view characters = "0123456789ABCDEFHJKLMNPRSTUVWXY";
  const int sum = ascii::number(code.substr(0, 6)) * 1000 + ascii::number(code.substr(7, 3));
  return characters[static_cast<std::size_t>(sum % 31)];
}

bool has_shape(std::string_view code) {
  return ascii::all_digits(code.substr(0, 6)) && century(code[6]) != 0 && ascii::all_digits(code.substr(7, 3)) &&
         ascii::is_alphanumeric(code[10]);
}

Fault check(std::string_view raw, int last_serial, const CheckContext& context, std::string& sent) {
  const std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  if (value.size() != length) return Fault::length;
  std::array<char, length> upper{};
  std::ranges::transform(value, upper.begin(), ascii::to_upper);
  const std::string_view code(upper.data(), upper.size());
  if (!has_shape(code)) return Fault::syntax;
  if (const Fault fault = judge_birth(find_birth(code), context); fault != Fault::none) return fault;
  const int serial = ascii::number(code.substr(7, 3));
  if (serial < 2 || serial > last_serial) return Fault::serial;
  if (code[10] != check_character(code)) return Fault::check_digit;
  sent.append(code);
  return Fault::none;
}

}  // namespace

Fault check_fi_hetu(std::string_view raw, const CheckContext& context, std::string& sent) {
  return check(raw, context.test_system ? 999 : last_issued, context, sent);
}

Fault check_fi_hetu_synthetic(std::string_view raw, const CheckContext& context, std::string& sent) {
  return check(raw, 999, context, sent);
}

std::optional<CivilDay> find_birth_in_hetu(std::string_view sent) {
  if (sent.size() != length || !has_shape(sent)) return std::nullopt;
  return find_birth(sent);
}

std::string_view sentence_fi_hetu(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "a Finnish personal identity code is a birth date, one of + - A-F U-Y, three digits and a check character";
    case Fault::length:
      return "a Finnish personal identity code has 11 characters";
    case Fault::date:
      return "the Finnish personal identity code begins with no birth date";
    case Fault::serial:
      return "the individual number is 002 to 899: others are temporary or test codes, or not issued";
    case Fault::check_digit:
      return "the last character does not fit the others: probably a typing error in the identity code";
    default:
      return {};
  }
}

}  // namespace dovetail

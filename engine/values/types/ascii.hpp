// What the checks of codes and numbers share. ASCII only, whatever the locale: the digits are 0-9 and nothing else.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "engine/values/type.hpp"
#include "engine/values/unicode.hpp"

namespace dovetail::ascii {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_letter(char c) { return is_upper(c) || is_lower(c); }
constexpr bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }
constexpr bool is_control(char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }
constexpr char to_upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }
constexpr char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr int digit(char c) { return c - '0'; }

constexpr bool all_digits(std::string_view text) {
  for (const char c : text) {
    if (!is_digit(c)) return false;
  }
  return true;
}

constexpr bool all_zeros(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

// The number that at most nine digits spell.
constexpr int number(std::string_view digits) {
  int result = 0;
  for (const char c : digits) result = result * 10 + digit(c);
  return result;
}

// Without space, tab, CR and LF at both ends: nothing else is trimmed.
constexpr std::string_view trimmed(std::string_view text) {
  constexpr auto is_ink = [](char c) { return static_cast<unsigned char>(c) > ' '; };
  if (!text.empty() && is_ink(text.front()) && is_ink(text.back())) return text;
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

inline void append_upper(std::string& out, std::string_view text) {
  const std::size_t before = out.size();
  out.append(text);
  for (std::size_t i = before; i < out.size(); ++i) out[i] = to_upper(out[i]);
}

inline void append_lower(std::string& out, std::string_view text) {
  const std::size_t before = out.size();
  out.append(text);
  for (std::size_t i = before; i < out.size(); ++i) out[i] = to_lower(out[i]);
}

// True if every byte is a printable character of ASCII; eight at a time.
inline bool is_printable(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  const auto all = [](const char* eight) {
    std::uint64_t x = 0;
    std::memcpy(&x, eight, sizeof x);
    const std::uint64_t rubbed = x ^ (ones * 0x7F);
    return (((x - ones * ' ') | x | (rubbed - ones)) & (ones << 7U)) == 0;
  };
  if (text.size() >= 8) {
    for (std::size_t i = 0; i + 8 <= text.size(); i += 8) {
      if (!all(text.data() + i)) return false;
    }
    return all(text.data() + text.size() - 8);
  }
  for (const char c : text) {
    if (c < ' ' || c == '\x7f') return false;
  }
  return true;
}

// What keeps a trimmed value from being a code at all: empty, not UTF-8, or a byte that is no printable ASCII.
inline Fault code_fault(std::string_view trimmed_value) {
  if (trimmed_value.empty()) return Fault::empty;
  if (is_printable(trimmed_value)) return Fault::none;
  for (const char c : trimmed_value) {
    if (c < 0 || is_control(c)) return is_utf8(trimmed_value) ? Fault::syntax : Fault::not_utf8;
  }
  return Fault::none;
}

// The Luhn sum of a run of digits, the last one being the check digit: a multiple of ten if it is right.
constexpr int luhn_sum(std::string_view digits) {
  int sum = 0;
  bool doubled = false;
  for (auto i = digits.size(); i-- > 0; doubled = !doubled) {
    const int value = digit(digits[i]) * (doubled ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum;
}

}  // namespace dovetail::ascii

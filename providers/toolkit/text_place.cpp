#include "providers/toolkit/text_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace dovetail::providers {
namespace {

void append_utf8(std::string& into, std::uint32_t code) {
  if (code < 0x80) {
    into += static_cast<char>(code);
  } else if (code < 0x800) {
    into += static_cast<char>(0xC0U | (code >> 6U));
    into += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    into += static_cast<char>(0xE0U | (code >> 12U));
    into += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    into += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

// The eight characters in which ISO-8859-15 differs from ISO-8859-1.
std::uint32_t latin9_code(unsigned char byte) {
  switch (byte) {
    case 0xA4:
      return 0x20AC;
    case 0xA6:
      return 0x160;
    case 0xA8:
      return 0x161;
    case 0xB4:
      return 0x17D;
    case 0xB8:
      return 0x17E;
    case 0xBC:
      return 0x152;
    case 0xBD:
      return 0x153;
    case 0xBE:
      return 0x178;
    default:
      return byte;
  }
}

struct Sequence {
  std::size_t length;  // 0: no character starts with this byte
  unsigned char second_low = 0x80, second_high = 0xBF;
};

Sequence sequence(unsigned char lead) {
  if (lead < 0x80) return {1};
  if (lead < 0xC2) return {0};
  if (lead < 0xE0) return {2};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};  // surrogates are not characters
  if (lead < 0xF0) return {3};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead < 0xF4) return {4};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0};
}

}  // namespace

std::string place_in(std::string_view file, std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
  const std::string_view last = before.substr(before.rfind('\n') + 1);
  const auto is_character_start = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; };
  return fmt::format("{}:{}:{}", file, line, std::ranges::count_if(last, is_character_start) + 1);
}

std::optional<std::size_t> find_bad_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const Sequence expected = sequence(static_cast<unsigned char>(text[at]));
    if (expected.length == 0 || at + expected.length > text.size()) return at;
    for (std::size_t i = 1; i < expected.length; ++i) {
      const auto byte = static_cast<unsigned char>(text[at + i]);
      const unsigned char low = i == 1 ? expected.second_low : 0x80;
      const unsigned char high = i == 1 ? expected.second_high : 0xBF;
      if (byte < low || byte > high) return at;
    }
    at += expected.length;
  }
  return std::nullopt;
}

std::string bad_utf8_text(std::string_view text, std::size_t bad) {
  const std::size_t line = text.substr(0, bad).rfind('\n') + 1;  // 0: the first
  const std::string_view rest = text.substr(bad + 1);
  const bool is_cut =
      bad + sequence(static_cast<unsigned char>(text[bad])).length > text.size() &&
      std::ranges::all_of(rest, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; });
  const std::size_t byte = bad - line + 1;
  if (!is_cut) return fmt::format("byte {} of this line is not UTF-8", byte);
  return fmt::format("the file ends in the middle of a character, at byte {} of this line: it is truncated", byte);
}

std::string utf8_from_latin(std::string_view text, bool latin9) {
  std::string converted;
  converted.reserve(text.size() + text.size() / 8);
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    append_utf8(converted, latin9 ? latin9_code(code) : code);
  }
  return converted;
}

}  // namespace dovetail::providers

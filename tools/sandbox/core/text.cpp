#include "tools/sandbox/core/text.hpp"

#include <algorithm>
#include <charconv>

namespace dovetail::sandbox {

namespace {

char lower(char each) { return each >= 'A' && each <= 'Z' ? static_cast<char>(each + 32) : each; }
char upper(char each) { return each >= 'a' && each <= 'z' ? static_cast<char>(each - 32) : each; }

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  const char small = lower(digit);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char each) { return lower(each); });
  return result;
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char each) { return upper(each); });
  return result;
}

std::string trim(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(blank) - begin + 1));
}

bool equal_fold(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, [](char a, char b) { return lower(a) == lower(b); });
}

bool has_fold(std::string_view text, std::string_view part) {
  return lower(text).find(lower(part)) != std::string::npos;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char each) { return each >= '0' && each <= '9'; });
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0;;) {
    const auto end = text.find(separator, begin);
    parts.emplace_back(text.substr(begin, end == std::string_view::npos ? end : end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::optional<long long> to_number(std::string_view text) {
  long long number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string url_decode(std::string_view text, bool plus) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 && hex_value(text[at + 2]) >= 0) {
      result += static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
      at += 2;
    } else {
      result += plus && text[at] == '+' ? ' ' : text[at];
    }
  }
  return result;
}

std::string url_encode(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  constexpr std::string_view plain = "-._~";
  std::string result;
  for (const char each : text) {
    const bool letter = (lower(each) >= 'a' && lower(each) <= 'z') || (each >= '0' && each <= '9');
    if (letter || plain.find(each) != std::string_view::npos) {
      result += each;
    } else {
      const auto byte = static_cast<unsigned char>(each);
      result += {'%', hex[byte >> 4U], hex[byte & 15U]};
    }
  }
  return result;
}

Pairs query_pairs(std::string_view query) {
  Pairs pairs;
  if (query.empty()) return pairs;
  for (const std::string& part : split(query, '&')) {
    if (part.empty()) continue;
    const auto equals = part.find('=');
    const std::string name = part.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : part.substr(equals + 1);
    pairs.emplace_back(url_decode(name, true), url_decode(value, true));
  }
  return pairs;
}

std::optional<std::string> base64_decode(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string bytes;
  unsigned buffer = 0;
  int bits = 0;
  for (const char each : text) {
    const char standard = each == '-' ? '+' : each == '_' ? '/' : each;
    const auto digit = base64_digits.find(standard);
    if (digit == std::string_view::npos) return std::nullopt;
    buffer = (buffer << 6U) | static_cast<unsigned>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>((buffer >> static_cast<unsigned>(bits)) & 255U);
    }
  }
  return bytes;
}

std::string base64_encode(std::string_view bytes, bool url_safe) {
  std::string text;
  unsigned buffer = 0;
  int bits = 0;
  const auto put = [&](unsigned index) {
    const char digit = base64_digits[index & 63U];
    text += !url_safe ? digit : digit == '+' ? '-' : digit == '/' ? '_' : digit;
  };
  for (const char each : bytes) {
    buffer = (buffer << 8U) | static_cast<unsigned char>(each);
    for (bits += 8; bits >= 6; bits -= 6) put(buffer >> static_cast<unsigned>(bits - 6));
  }
  if (bits > 0) put(buffer << static_cast<unsigned>(6 - bits));
  while (!url_safe && text.size() % 4 != 0) text += '=';
  return text;
}

}  // namespace dovetail::sandbox

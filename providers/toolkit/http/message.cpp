#include "providers/toolkit/http/message.hpp"

#include <algorithm>

namespace dovetail::providers {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

}  // namespace

const std::string* find_header(const std::vector<Header>& headers, std::string_view name) {
  const auto found = std::ranges::find_if(
      headers, [name](const Header& header) { return std::ranges::equal(header.name, name, {}, lower, lower); });
  return found == headers.end() ? nullptr : &found->value;
}

const std::string* Response::find_header(std::string_view name) const { return providers::find_header(headers, name); }

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4U];
    encoded += digits[byte & 15U];
  }
  return encoded;
}

std::string form_encoded(const std::vector<Header>& fields) {
  std::string encoded;
  for (const Header& field : fields) {
    if (!encoded.empty()) encoded += '&';
    encoded += percent_encoded(field.name) + '=' + percent_encoded(field.value);
  }
  return encoded;
}

}  // namespace dovetail::providers

#include "tools/mapcheck/escapes.hpp"

namespace dovetail::mapcheck {
namespace {

// -1: no hexadecimal digit.
int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte of the escape that `text` begins with, and that is then taken off; nullopt: none.
std::optional<char> take_escape(std::string_view& text) {
  if (text.size() < 2) return std::nullopt;
  const char kind = text[1];
  if (kind == 'x') {
    if (text.size() < 4 || hex_value(text[2]) < 0 || hex_value(text[3]) < 0) return std::nullopt;
    const int byte = hex_value(text[2]) * 16 + hex_value(text[3]);
    text.remove_prefix(4);
    return static_cast<char>(byte);
  }
  text.remove_prefix(2);
  switch (kind) {
    case '\\':
      return '\\';
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::string> unescaped(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    if (text.front() != '\\') {
      result.push_back(text.front());
      text.remove_prefix(1);
      continue;
    }
    const auto byte = take_escape(text);
    if (!byte) return std::nullopt;
    result.push_back(*byte);
  }
  return result;
}

void append_escaped(std::string_view bytes, std::string& out) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (byte < 0x20 || byte == 0x7F) {
          out += "\\x";
          out.push_back(hex[byte >> 4U]);
          out.push_back(hex[byte & 0xFU]);
        } else {
          out.push_back(c);
        }
    }
  }
}

}  // namespace dovetail::mapcheck

#include "engine/api/printable.hpp"

#include <fmt/format.h>

namespace dovetail {

std::string printable(std::string_view text) {
  std::string safe;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (byte < 0x20 || byte == 0x7F) {
      safe += fmt::format("\\x{:02X}", byte);
    } else if (c1) {
      safe += fmt::format("\\x{:02X}", static_cast<unsigned char>(text[++i]));
    } else {
      safe += text[i];
    }
  }
  return safe;
}

std::string printable_lines(std::string_view text, std::size_t indent) {
  std::string safe;
  while (true) {
    const std::size_t end = text.find('\n');
    safe += printable(text.substr(0, end));
    if (end == text.npos) return safe;
    text.remove_prefix(end + 1);
    safe += '\n' + std::string(text.empty() || text.front() == '\n' ? 0 : indent, ' ');
  }
}

}  // namespace dovetail

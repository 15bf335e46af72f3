#include "dsl/grammar/encoding.hpp"

#include <fmt/core.h>

#include <cstdint>
#include <cstring>

namespace dovetail::dsl::grammar {
namespace {

// The length of the sound UTF-8 character that starts here, 0 if there is none.
std::size_t sound(const unsigned char* at, std::size_t left) {
  const auto follows = [&](std::size_t i) { return i < left && (at[i] & 0xC0U) == 0x80U; };
  const unsigned char c = at[0];
  if (c < 0x80) return 1;
  if (c >= 0xC2 && c < 0xE0) return follows(1) ? 2 : 0;
  if (c >= 0xE0 && c < 0xF0) {
    if (!follows(1) || !follows(2)) return 0;
    const bool overlong = c == 0xE0 && at[1] < 0xA0;
    const bool surrogate = c == 0xED && at[1] >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (c >= 0xF0 && c < 0xF5) {
    if (!follows(1) || !follows(2) || !follows(3)) return 0;
    return (c == 0xF0 && at[1] < 0x90) || (c == 0xF4 && at[1] >= 0x90) ? 0 : 4;
  }
  return 0;
}

bool is_control(unsigned char c) { return (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F; }

// Eight bytes of printable ASCII, line breaks or tabs: nothing to look at. Others are looked at one by one.
bool plain(const unsigned char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  constexpr std::uint64_t ones = 0x0101010101010101U;
  const bool high = (word & (ones * 0x80)) != 0;
  const bool low = ((word - ones * 0x20) & ~word & (ones * 0x80)) != 0;
  const bool removed = (((word ^ (ones * 0x7F)) - ones) & ~(word ^ (ones * 0x7F)) & (ones * 0x80)) != 0;
  return !high && !low && !removed;
}

}  // namespace

bool check_encoding(const SourceFile& source, Reporter& reporter) {
  const auto text = source.text();
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    reporter.add(DiagnosticId::invalid_encoding, {0, 2}, "the file is UTF-16", "save it as UTF-8");
    return false;
  }
  if (const std::size_t cr = text.find('\r'); cr != text.npos && text.find('\n') == text.npos && cr + 1 < text.size()) {
    const auto at = static_cast<Offset>(cr);
    reporter.add(DiagnosticId::invalid_encoding, {at, at + 1}, "the lines end with a carriage return alone",
                 "save the file with line feeds, or with both");
    return false;
  }
  std::size_t first = text.size(), count = 0, controls = 0, first_control = text.size();
  for (std::size_t i = 0; i < text.size();) {
    if (i + 8 <= text.size() && plain(bytes + i)) {
      i += 8;
      continue;
    }
    const std::size_t length = sound(bytes + i, text.size() - i);
    if (length == 0 && count++ == 0) first = i;
    if (length == 1 && is_control(bytes[i]) && controls++ == 0) first_control = i;
    i += length == 0 ? 1 : length;
  }
  if (count > 0) {
    Diagnostic made = Diagnostic::of(DiagnosticId::invalid_encoding, source,
                                     {static_cast<Offset>(first), static_cast<Offset>(first + 1)},
                                     fmt::format("byte 0x{:02X} is not UTF-8", bytes[first]));
    if (count > 1) made.notes.push_back(fmt::format("so are {} more of this file", count - 1));
    made.help = "save the file as UTF-8; in Latin-1, for one, letters like `ø` are single bytes";
    reporter.add(std::move(made));
  }
  if (controls > 0) {
    Diagnostic made =
        Diagnostic::of(DiagnosticId::invalid_encoding, source,
                       {static_cast<Offset>(first_control), static_cast<Offset>(first_control + 1)},
                       fmt::format("control character U+{:04X}", static_cast<unsigned>(bytes[first_control])));
    if (controls > 1) made.notes.push_back(fmt::format("there are {} more in this file", controls - 1));
    made.help = "remove it";
    reporter.add(std::move(made));
  }
  // A text with a letter in the wrong encoding is still worth reading; bytes of another kind of file are not.
  return count + controls <= 16 + text.size() / 20;
}

}  // namespace dovetail::dsl::grammar

// Characters in texts for people that have no width, or turn the reading direction: what is read is not what is there.
#include <cstdint>
#include <optional>

#include "dsl/check/people_texts.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t size = 1;
};

// "U+200B"
std::string name_of(std::uint32_t code) {
  std::string digits;
  for (; code != 0 || digits.size() < 4; code >>= 4U) digits.insert(digits.begin(), "0123456789ABCDEF"[code & 15U]);
  return "U+" + digits;
}

// Of well-formed UTF-8, which source files are.
Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t lead = byte(at);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (size == 1 || at + size > text.size()) return {lead, 1};
  std::uint32_t code = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) code = (code << 6U) | (byte(at + i) & 0x3FU);
  return {code, size};
}

bool is_joiner(std::uint32_t code) { return code == 0x200C || code == 0x200D; }

bool is_invisible(std::uint32_t code) {
  return code == 0x00AD || code == 0x034F || code == 0x061C || code == 0x180E || (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x202A && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
         (code >= 0xE0000 && code <= 0xE007F);
}

// The first that nobody sees; nullopt: none. Scripts and pictures that are made of several characters need joiners.
std::optional<std::uint32_t> find_invisible(std::string_view text) {
  bool after_foreign = false;
  for (std::size_t at = 0; at < text.size();) {
    const Character found = character_at(text, at);
    if (is_invisible(found.code) && !(is_joiner(found.code) && after_foreign)) return found.code;
    after_foreign = found.code >= 0x300;
    at += found.size;
  }
  return std::nullopt;
}

bool turns_direction(std::uint32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

void lint_invisible_character(const MapDraft& draft, Report& report) {
  for_each_people_text(draft.unit->tree, [&](const ast::Text& text, std::string_view what) {
    const std::optional<std::uint32_t> code = find_invisible(text.text);
    if (!code) return;
    report.add(
        Diagnostic::of(DiagnosticId::invisible_character, draft.file(), text.span,
                       std::string(what) + " holds " + name_of(*code) + ", " +
                           (turns_direction(*code) ? "which turns the direction of reading" : "which nobody sees"))
            .helped("write the text anew, without it"));
  });
}

}  // namespace dovetail::dsl

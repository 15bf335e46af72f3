// Characters in texts for people that have no width, or turn the reading direction: what is read is not what is there.
#include <cstdint>

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

class InvisibleCharacters {
 public:
  InvisibleCharacters(const MapDraft& draft, Report& report) : draft_(draft), report_(report) {}

  void run() {
    for (const ast::Item& item : draft_.unit->tree.items) {
      std::visit([this](const auto& one) { take(one); }, item);
    }
  }

 private:
  void check(const ast::Text& text, std::string_view what) {
    bool after_foreign = false;  // scripts and pictures that are made of several characters need joiners
    for (std::size_t at = 0; at < text.text.size();) {
      const Character found = character_at(text.text, at);
      const bool joins = is_joiner(found.code) && after_foreign;
      if (is_invisible(found.code) && !joins) return report(text, what, found.code);
      after_foreign = found.code >= 0x300;
      at += found.size;
    }
  }

  void report(const ast::Text& text, std::string_view what, std::uint32_t code) {
    const bool turns = code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
                       (code >= 0x2066 && code <= 0x2069);
    report_.add(Diagnostic::of(DiagnosticId::invisible_character, draft_.file(), text.span,
                               std::string(what) + " holds " + name_of(code) + ", " +
                                   (turns ? "which turns the direction of reading" : "which nobody sees"))
                    .helped("write the text anew, without it"));
  }

  void take(const ast::Field& field) {
    check(field.label, "the field's label");
    for (const ast::Shape& shape : field.shapes) check(shape.name, "the shape's name");
  }
  void take(const ast::Fill& fill) {
    for (const ast::FillSource& source : fill.sources) {
      if (const auto* ask = std::get_if<ast::FillSource::Ask>(&source.from)) check(ask->question, "the question");
    }
  }
  template <typename Items>
  void take_inner(const Items& items) {
    for (const auto& item : items) {
      if (const auto* field = std::get_if<ast::Field>(&item)) take(*field);
      if (const auto* fill = std::get_if<ast::Fill>(&item)) take(*fill);
    }
  }
  void take(const ast::Each& each) { take_inner(each.items); }
  void take(const ast::Group& group) {
    check(group.title, "the group's title");
    take_inner(group.items);
    for (const auto& item : group.items) {
      if (const auto* each = std::get_if<ast::Each>(&item)) take(*each);
    }
  }
  void take(const ast::Setup& setup) {
    for (const auto& item : setup.items) {
      if (const auto* step = std::get_if<ast::Step>(&item)) check(step->text, "the step");
      if (const auto* credential = std::get_if<ast::Credential>(&item)) check(credential->label, "the label");
      if (const auto* support = std::get_if<ast::Support>(&item)) check(support->text, "the text");
    }
  }
  void take(const ast::Import& import) {
    if (import.title) check(*import.title, "the system's title");
  }
  void take(const ast::Setting& setting) { check(setting.label, "the setting's label"); }
  void take(const ast::Section& section) {
    check(section.title, "the section's title");
    check(section.text, "the section's text");
  }
  void take(const ast::Test& test) { check(test.name, "the test's name"); }
  template <typename Item>
  void take(const Item&) {}

  const MapDraft& draft_;
  Report& report_;
};

}  // namespace

void lint_invisible_character(const MapDraft& draft, Report& report) { InvisibleCharacters(draft, report).run(); }

}  // namespace dovetail::dsl

#include "providers/toolkit/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "providers/toolkit/text_place.hpp"

namespace dovetail::providers {
namespace {

std::unexpected<Error> fail(std::string_view file, std::string_view text, std::size_t offset, std::string_view why) {
  return std::unexpected(
      Error{.kind = Error::Kind::input, .what = fmt::format("{}: {}", place_in(file, text, offset), why)});
}

struct Quoted {
  std::size_t begin = 0, length = 0;
};

// Where the declaration names the encoding; nullopt: it does not.
std::optional<Quoted> declared_encoding(std::string_view text) {
  if (!text.starts_with("<?xml")) return std::nullopt;
  const std::string_view declaration = text.substr(0, text.find("?>"));
  const std::size_t name = declaration.find("encoding");
  if (name == text.npos) return std::nullopt;
  const std::size_t open = declaration.find_first_of("\"'", name);
  if (open == text.npos) return std::nullopt;
  const std::size_t close = declaration.find(declaration[open], open + 1);
  if (close == text.npos) return std::nullopt;
  return Quoted{open + 1, close - open - 1};
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lowered;
}

// Whether XML lets a character of this number stand in a document.
bool is_character(std::uint32_t number) {
  if (number < 0x20) return number == '\t' || number == '\n' || number == '\r';
  return number < 0xD800 || (number >= 0xE000 && number <= 0x10FFFF && number != 0xFFFE && number != 0xFFFF);
}

// The entity that starts at `at` with '&': one of XML's own, or a character by its number.
bool is_known_entity(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 5> own = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
  const std::string_view rest = text.substr(at, 16);
  if (std::ranges::any_of(own, [rest](std::string_view entity) { return rest.starts_with(entity); })) return true;
  if (!rest.starts_with("&#")) return false;
  const bool hexadecimal = rest.substr(2).starts_with('x');
  const std::string_view digits = rest.substr(hexadecimal ? 3 : 2);
  const std::size_t end = digits.find_first_not_of(hexadecimal ? "0123456789abcdefABCDEF" : "0123456789");
  if (end == digits.npos || end == 0 || digits[end] != ';') return false;
  std::uint32_t number = 0;
  const auto [rest_of, error] = std::from_chars(digits.data(), digits.data() + end, number, hexadecimal ? 16 : 10);
  return error == std::errc() && is_character(number);
}

// Walks over the text and skips comments, CDATA and processing instructions, in which anything may stand.
Result<void> check_markup(std::string_view file, std::string_view text) {
  constexpr std::array<std::array<std::string_view, 2>, 3> opaque = {
      {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}}};
  for (std::size_t at = text.find_first_of("<&"); at != text.npos; at = text.find_first_of("<&", at + 1)) {
    if (text[at] == '&') {
      if (!is_known_entity(text, at)) return fail(file, text, at, "not valid XML: an entity that is not XML's own");
      continue;
    }
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("<!DOCTYPE")) return fail(file, text, at, "document types are not accepted");
    for (const auto& [open, close] : opaque) {
      if (!rest.starts_with(open)) continue;
      const std::size_t end = rest.find(close, open.size());
      if (end == rest.npos) return fail(file, text, at, fmt::format("not valid XML: `{}` without `{}`", open, close));
      at += end + close.size() - 1;
      break;
    }
  }
  return {};
}

}  // namespace

Result<std::string> xml_as_utf8(std::string_view file, std::string_view text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return fail(file, text, 0, "UTF-16 is not accepted: save the document as UTF-8");
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::string utf8(text);
  if (const std::optional<Quoted> declared = declared_encoding(text)) {
    const std::string name = lower(text.substr(declared->begin, declared->length));
    if (name == "iso-8859-1" || name == "iso-8859-15") {
      utf8 = utf8_from_latin(text, name == "iso-8859-15");
      utf8.replace(declared->begin, declared->length, "utf-8");
    } else if (name != "utf-8" && name != "us-ascii") {
      return fail(file, text, declared->begin, fmt::format("encoding `{}` is not accepted: save it as UTF-8", name));
    }
  }
  if (const std::optional<std::size_t> bad = find_bad_utf8(utf8)) {
    return fail(file, utf8, *bad, bad_utf8_text(utf8, *bad));
  }
  const auto control = std::ranges::find_if(
      utf8, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r'; });
  if (control != utf8.end()) {
    return fail(file, utf8, static_cast<std::size_t>(control - utf8.begin()), "a control character");
  }
  if (const Result<void> markup = check_markup(file, utf8); !markup) return std::unexpected(markup.error());
  return utf8;
}

}  // namespace dovetail::providers

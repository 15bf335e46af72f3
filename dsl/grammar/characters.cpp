#include "dsl/grammar/characters.hpp"

#include <cstring>

namespace dovetail::dsl::grammar {
namespace {

constexpr Lookalike lookalikes[] = {
    {"\u00A0", " ", "a no-break space"},
    {"\u1680", " ", "a wide space"},
    {"\u2000", " ", "a wide space"},
    {"\u2001", " ", "a wide space"},
    {"\u2002", " ", "a wide space"},
    {"\u2003", " ", "a wide space"},
    {"\u2004", " ", "a thin space"},
    {"\u2005", " ", "a thin space"},
    {"\u2006", " ", "a thin space"},
    {"\u2007", " ", "a figure space"},
    {"\u2008", " ", "a thin space"},
    {"\u2009", " ", "a thin space"},
    {"\u200A", " ", "a thin space"},
    {"\u200B", " ", "a zero-width space"},
    {"\u200C", " ", "an invisible character"},
    {"\u200D", " ", "an invisible character"},
    {"\u200E", " ", "an invisible direction mark"},
    {"\u200F", " ", "an invisible direction mark"},
    {"\u2028", " ", "a line separator"},
    {"\u2029", " ", "a paragraph separator"},
    {"\u202F", " ", "a narrow no-break space"},
    {"\u205F", " ", "a thin space"},
    {"\u2060", " ", "an invisible character"},
    {"\u3000", " ", "a wide space"},
    {"\uFEFF", " ", "a byte order mark"},
    {"\u00AD", " ", "a soft hyphen"},
    {"\u201C", "\"", "a smart quote"},
    {"\u201D", "\"", "a smart quote"},
    {"\u201E", "\"", "a smart quote"},
    {"\u201F", "\"", "a smart quote"},
    {"\u2033", "\"", "a double prime"},
    {"\u00AB", "\"", "a guillemet"},
    {"\u00BB", "\"", "a guillemet"},
    {"\uFF02", "\"", "a wide quote"},
    {"\u2018", "\"", "a smart quote"},
    {"\u2019", "\"", "a smart quote"},
    {"\u2192", "->", "an arrow character"},
    {"\u2190", "<-", "an arrow character"},
    {"\u2194", "<->", "an arrow character"},
    {"\u21D2", "->", "an arrow character"},
    {"\u21D0", "<-", "an arrow character"},
    {"\u21D4", "<->", "an arrow character"},
    {"\u21C4", "<->", "an arrow character"},
    {"\u27F5", "<-", "an arrow character"},
    {"\u27F6", "->", "an arrow character"},
    {"\u27F7", "<->", "an arrow character"},
    {"\u2794", "->", "an arrow character"},
    {"\uF0E0", "->", "an arrow character"},
    {"\uF0DF", "<-", "an arrow character"},
    {"\uF0F3", "<->", "an arrow character"},
    {"\u2010", "-", "a hyphen character"},
    {"\u2011", "-", "a no-break hyphen"},
    {"\u2012", "-", "a figure dash"},
    {"\u2013", "-", "an en dash"},
    {"\u2014", "-", "an em dash"},
    {"\u2212", "-", "a minus sign"},
    {"\uFF5B", "{", "a wide brace"},
    {"\uFF5D", "}", "a wide brace"},
    {"\uFF08", "(", "a wide parenthesis"},
    {"\uFF09", ")", "a wide parenthesis"},
    {"\uFF0C", ",", "a wide comma"},
    {"\uFF1D", "=", "a wide equals sign"},
    {"\u0430", "a", "a Cyrillic letter"},
    {"\u0435", "e", "a Cyrillic letter"},
    {"\u043E", "o", "a Cyrillic letter"},
    {"\u0440", "p", "a Cyrillic letter"},
    {"\u0441", "c", "a Cyrillic letter"},
    {"\u0443", "y", "a Cyrillic letter"},
    {"\u0445", "x", "a Cyrillic letter"},
    {"\u0456", "i", "a Cyrillic letter"},
    {"\u0458", "j", "a Cyrillic letter"},
    {"\u0455", "s", "a Cyrillic letter"},
    {"\u0410", "A", "a Cyrillic letter"},
    {"\u0412", "B", "a Cyrillic letter"},
    {"\u0415", "E", "a Cyrillic letter"},
    {"\u041A", "K", "a Cyrillic letter"},
    {"\u041C", "M", "a Cyrillic letter"},
    {"\u041D", "H", "a Cyrillic letter"},
    {"\u041E", "O", "a Cyrillic letter"},
    {"\u0420", "P", "a Cyrillic letter"},
    {"\u0421", "C", "a Cyrillic letter"},
    {"\u0422", "T", "a Cyrillic letter"},
    {"\u0425", "X", "a Cyrillic letter"},
    {"\u0406", "I", "a Cyrillic letter"},
    {"\u03BF", "o", "a Greek letter"},
    {"\u03BD", "v", "a Greek letter"},
};

}  // namespace

const Lookalike* find_lookalike(const char* at, const char* end) {
  if (at >= end || !is_high(*at)) return nullptr;
  for (const Lookalike& one : lookalikes) {
    const auto size = one.bytes.size();
    if (static_cast<std::size_t>(end - at) >= size && std::memcmp(at, one.bytes.data(), size) == 0) return &one;
  }
  return nullptr;
}

}  // namespace dovetail::dsl::grammar

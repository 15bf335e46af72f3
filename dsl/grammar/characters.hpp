// Which bytes make words, numbers and line ends; and which characters are pasted in the place of others.
#pragma once

#include <cstddef>
#include <string_view>

namespace dovetail::dsl::grammar {

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_word(char c) { return is_letter(c) || is_digit(c); }
constexpr bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }

// The end of the word that starts here.
inline const char* word_end(const char* at, const char* end) {
  while (at < end && is_word(*at)) ++at;
  return at;
}

// The end of the character that starts here: all of its bytes, or one if it is not UTF-8.
inline const char* character_end(const char* at, const char* end) {
  ++at;
  while (at < end && (static_cast<unsigned char>(*at) & 0xC0U) == 0x80U) ++at;
  return at;
}

// A character that is pasted in the place of another.
struct Lookalike {
  std::string_view bytes;  // UTF-8
  std::string_view meant;
  std::string_view called;
};

// nullptr: what stands here is no known lookalike (ASCII never is).
const Lookalike* find_lookalike(const char* at, const char* end);

}  // namespace dovetail::dsl::grammar

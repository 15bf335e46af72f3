// A text that many may share: eight bytes for whoever holds it, nothing more if it is empty. What a plan keeps of
// millions of people is made of these.
#pragma once

#include <fmt/core.h>

#include <concepts>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace dovetail {

class Text {
 public:
  static constexpr std::size_t npos = std::string_view::npos;

  Text() = default;
  Text(std::string_view text);
  Text(const std::string& text) : Text(std::string_view(text)) {}
  Text(const char* text) : Text(std::string_view(text)) {}
  Text(const Text& other) noexcept;
  Text(Text&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Text& operator=(Text other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Text();

  // Valid as long as one who shares the text has it.
  std::string_view view() const;
  operator std::string_view() const { return view(); }
  operator std::string() const { return std::string(view()); }

  bool empty() const { return block_ == nullptr; }
  std::size_t size() const { return view().size(); }
  std::size_t find(std::string_view what) const { return view().find(what); }
  bool starts_with(std::string_view what) const { return view().starts_with(what); }
  bool starts_with(char what) const { return view().starts_with(what); }
  Text& operator+=(std::string_view more);

  template <std::convertible_to<std::string_view> Other>
  friend bool operator==(const Text& a, const Other& b) {
    return a.view() == std::string_view(b);
  }
  friend std::string operator+(std::string a, const Text& b) { return a += b.view(); }
  friend std::ostream& operator<<(std::ostream& out, const Text& text) { return out << text.view(); }

 private:
  struct Block;
  Block* block_ = nullptr;  // nullptr: empty
};

}  // namespace dovetail

template <>
struct fmt::formatter<dovetail::Text> : fmt::formatter<std::string_view> {
  template <typename Context>
  auto format(const dovetail::Text& text, Context& context) const {
    return fmt::formatter<std::string_view>::format(text.view(), context);
  }
};

// Values in a row of bytes: numbers as groups of seven bits, texts with their length before them. Reading is safe on
// any bytes: what does not fit makes the reader bad, and everything read from then on is empty.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dovetail {

class Packer {
 public:
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) bytes_ += static_cast<char>(0x80U | (value & 0x7fU));
    bytes_ += static_cast<char>(value);
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  std::string take() { return std::move(bytes_); }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) return shift == 63 && byte > 1 ? bad() : value;
    }
    return bad();
  }
  std::string_view text() {
    const std::uint64_t size = number();
    if (size > rest_.size()) {
      bad();
      return {};
    }
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }
  // How many of something follow; each takes at least one byte, so a count beyond the rest is bad.
  std::size_t count() {
    const std::uint64_t count = number();
    return count > rest_.size() ? bad() : count;
  }

  bool is_good() const { return is_good_; }
  bool is_at_end() const { return rest_.empty(); }
  std::uint64_t bad() {
    is_good_ = false;
    rest_ = {};
    return 0;
  }

 private:
  std::string_view rest_;
  bool is_good_ = true;
};

}  // namespace dovetail

// Values in a row of bytes: numbers as groups of seven bits, texts with their length before them. Reading is safe on
// any bytes: what does not fit makes the reader bad, and everything read from then on is empty. What is large is packed
// and read a piece at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace dovetail {

class Packer {
 public:
  // Keeps everything, for take().
  Packer() = default;
  // Passes the bytes on as they come, in pieces, and the last of them by finish().
  explicit Packer(std::function<void(std::string_view)> into) : into_(std::move(into)) {}

  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) bytes_ += static_cast<char>(0x80U | (value & 0x7fU));
    bytes_ += static_cast<char>(value);
    if (bytes_.size() >= piece && into_) finish();
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  std::string take() { return std::move(bytes_); }
  const std::string& bytes() const { return bytes_; }
  void finish() {
    into_(bytes_);
    bytes_.clear();
  }

 private:
  static constexpr std::size_t piece = 1U << 16U;

  std::function<void(std::string_view)> into_;
  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}
  // Of bytes that come in pieces; the piece after the last one is empty. What text() gave is valid until the next call.
  explicit Unpacker(std::function<std::string()> next) : next_(std::move(next)) {}
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (!has(1)) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) return shift == 63 && byte > 1 ? bad() : value;
    }
    return bad();
  }
  std::string_view text() {
    const std::uint64_t size = number();
    if (!has(size)) {
      bad();
      return {};
    }
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }
  // How many of something follow; each takes at least one byte, so a count beyond the rest is bad. Where the rest comes
  // in pieces, it is not known to be too large until then.
  std::size_t count() {
    const std::uint64_t count = number();
    return count > rest_.size() && !next_ ? bad() : count;
  }

  bool is_good() const { return is_good_; }
  bool is_at_end() { return !has(1); }
  std::uint64_t bad() {
    is_good_ = false;
    rest_ = {};
    next_ = nullptr;
    return 0;
  }

 private:
  // Whether so many bytes are left, which stand together then.
  bool has(std::uint64_t size) { return rest_.size() >= size || (next_ && join(size)); }
  bool join(std::uint64_t size) {
    std::string joined(rest_);
    while (joined.size() < size) {
      const std::string more = next_();
      if (more.empty()) {
        next_ = nullptr;
        break;
      }
      joined += more;
    }
    piece_ = std::move(joined);
    rest_ = piece_;
    return rest_.size() >= size;
  }

  std::function<std::string()> next_;
  std::string piece_;
  std::string_view rest_;
  bool is_good_ = true;
};

}  // namespace dovetail

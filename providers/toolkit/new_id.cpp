#include "providers/toolkit/new_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace dovetail::providers {
namespace {

// FNV-1a: nothing depends on its strength, only on its giving the same answer everywhere.
std::uint64_t hash(std::string_view text, std::uint64_t seed) {
  std::uint64_t state = 0xCBF29CE484222325U ^ seed;
  for (const char c : text) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return state ^ (state >> 29U);
}

}  // namespace

void NewId::taken(std::string_view id) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  const bool is_number = error == std::errc{} && end == id.data() + id.size();
  numbers_ = is_number && (numbers_ || ids_.empty());
  if (is_number) highest_ = std::max(highest_, number);
  ids_.emplace(id);
}

std::optional<std::string> NewId::next(std::string_view seed, const Fits& fits) {
  std::string id = numbers_ ? number() : uuid(seed);
  if (!numbers_ && !fits(id)) id = number();
  if (!fits(id)) return std::nullopt;
  taken(id);
  return id;
}

std::string NewId::number() {
  std::string id;
  do {
    id = std::to_string(++highest_);
  } while (ids_.contains(id));
  return id;
}

std::string NewId::uuid(std::string_view seed) {
  for (std::uint64_t attempt = ids_.size();; ++attempt) {
    const std::uint64_t high = hash(seed, attempt);
    const std::uint64_t low = hash(seed, high);
    std::string id = fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", high >> 32U, (high >> 16U) & 0xFFFFU,
                                 high & 0xFFFU, (low >> 48U) & 0xFFFU, low & 0xFFFFFFFFFFFFU);
    if (!ids_.contains(id)) return id;
  }
}

}  // namespace dovetail::providers

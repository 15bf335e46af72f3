#include "engine/match/key_join.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <functional>
#include <tuple>

namespace dovetail {
namespace {

constexpr std::size_t usual_key = 40;  // what is not used of it is never touched

}  // namespace

KeyJoin::KeyJoin(std::size_t most_records) {
  text_.reserve(most_records * usual_key);
  all_.reserve(most_records);
}

void KeyJoin::add(ir::Side side, RecordIndex record, std::string_view key) {
  const auto length = static_cast<std::uint32_t>(key.size());
  assert(text_.size() / word <= UINT32_MAX && record >> 31U == 0);
  Keyed keyed;
  keyed.hash = std::hash<std::string_view>{}(key);
  keyed.place = static_cast<std::uint32_t>(text_.size() / word);
  keyed.record = record & 0x7FFFFFFFU;
  keyed.side = side == ir::Side::provider ? 1 : 0;
  all_.push_back(keyed);
  std::array<char, word> size{};
  std::memcpy(size.data(), &length, word);
  text_.append(size.data(), word).append(key);
  text_.resize((text_.size() + word - 1) / word * word);
}

std::string_view KeyJoin::key(const Keyed& of) const {
  const char* const place = text_.data() + std::size_t{of.place} * word;
  std::uint32_t length = 0;
  std::memcpy(&length, place, word);
  return {place + word, length};
}

// By hash, side and record: first into a few thousand heaps, then each by itself, in the processor's own memory.
void KeyJoin::sort() {
  constexpr unsigned bits = 12;
  const auto heap_of = [](const Keyed& of) { return static_cast<std::size_t>(of.hash >> (64U - bits)); };
  std::vector<std::size_t> ends((std::size_t{1} << bits) + 1);
  for (const Keyed& of : all_) ++ends[heap_of(of) + 1];
  for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
  std::vector<std::size_t> next(ends.begin(), ends.end() - 1);
  std::vector<Keyed> sorted(all_.size());
  for (const Keyed& of : all_) sorted[next[heap_of(of)]++] = of;
  all_ = std::move(sorted);
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    std::sort(all_.begin() + static_cast<std::ptrdiff_t>(ends[i]),
              all_.begin() + static_cast<std::ptrdiff_t>(ends[i + 1]), [](const Keyed& a, const Keyed& b) {
                if (a.hash != b.hash) return a.hash < b.hash;
                return a.side != b.side ? a.side < b.side : a.record < b.record;
              });
  }
}

// Different keys of one hash are put apart. There are hardly ever any.
void KeyJoin::sort_alike(std::size_t first) {
  std::size_t end = first + 1;
  bool differ = false;
  for (; end < all_.size() && all_[end].hash == all_[first].hash; ++end) differ |= key(all_[end]) != key(all_[first]);
  if (!differ) return;
  std::stable_sort(all_.begin() + static_cast<std::ptrdiff_t>(first), all_.begin() + static_cast<std::ptrdiff_t>(end),
                   [this](const Keyed& a, const Keyed& b) { return key(a) < key(b); });
}

}  // namespace dovetail

// Finds who carries the same key, of all records of both sides.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ir/program.hpp"
#include "engine/snapshot.hpp"

namespace dovetail {

// The records that carry one key, by side.
struct Holders {
  std::array<std::vector<RecordIndex>, 2> records;
};

class KeyJoin {
 public:
  explicit KeyJoin(std::size_t most_records);

  void add(ir::Side side, RecordIndex record, std::string_view key);

  // Calls `take(const Holders&)` for each key. The order depends on nothing but the keys; records are in theirs.
  // Forgets everything.
  template <typename Take>
  void drain(Take take) {
    sort();
    Holders holders;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (i + ahead < all_.size()) __builtin_prefetch(text_.data() + std::size_t{all_[i + ahead].place} * word);
      if (i == 0 || all_[i].hash != all_[i - 1].hash) sort_alike(i);
      holders.records[all_[i].side].push_back(all_[i].record);
      if (i + 1 < all_.size() && all_[i].hash == all_[i + 1].hash && key(all_[i]) == key(all_[i + 1])) continue;
      take(static_cast<const Holders&>(holders));
      for (std::vector<RecordIndex>& of_side : holders.records) of_side.clear();
    }
    *this = KeyJoin(0);
  }

 private:
  struct Keyed {
    std::uint64_t hash = 0;
    std::uint32_t place = 0;  // of the key's length and text in the text of all, in words
    std::uint32_t record : 31 = 0;
    std::uint32_t side : 1 = 0;
  };

  static constexpr std::size_t word = 4;    // bytes
  static constexpr std::size_t ahead = 16;  // keys lie far apart: the processor is told early which come

  std::string_view key(const Keyed& of) const;
  void sort();
  void sort_alike(std::size_t first);

  std::string text_;
  std::vector<Keyed> all_;
};

}  // namespace dovetail

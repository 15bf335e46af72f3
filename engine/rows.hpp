// Rows of equal width, as a snapshot keeps them: they never move while more are added, and what was not used costs
// nothing.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dovetail {

class Rows {
 public:
  using Word = std::uint16_t;

  explicit Rows(std::size_t width) : width_(width) {}  // in words

  std::size_t size() const { return size_; }
  const Word* operator[](std::size_t row) const {
    const std::size_t place = row + first_block;
    return blocks_[block_of(place)].data() + (place - std::bit_floor(place)) * width_;
  }
  Word* operator[](std::size_t row) {
    const std::size_t place = row + first_block;
    return blocks_[block_of(place)].data() + (place - std::bit_floor(place)) * width_;
  }

  Word* last() {  // there is one
    std::vector<Word>& words = blocks_[last_block_];
    return words.data() + words.size() - width_;
  }

  Word* add() {  // all zeros
    const std::size_t place = size_ + first_block;
    last_block_ = block_of(place);
    if (last_block_ == blocks_.size()) blocks_.emplace_back().reserve(std::bit_floor(place) * width_);
    blocks_[last_block_].resize(blocks_[last_block_].size() + width_);
    ++size_;
    return last();
  }
  void drop() {  // the last; there is one
    blocks_[last_block_].resize(blocks_[last_block_].size() - width_);
    --size_;
    if (size_ > 0) last_block_ = block_of(size_ - 1 + first_block);
  }
  void clear() {  // the memory is kept
    for (std::vector<Word>& words : blocks_) words.clear();
    size_ = 0;
  }

 private:
  static constexpr std::size_t first_block = 16;  // rows; each block has twice as many as the one before

  static std::size_t block_of(std::size_t place) {
    return static_cast<std::size_t>(std::bit_width(place) - std::bit_width(first_block));
  }

  std::size_t width_, size_ = 0, last_block_ = 0;
  std::vector<std::vector<Word>> blocks_;
};

}  // namespace dovetail

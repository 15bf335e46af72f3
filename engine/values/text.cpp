#include "engine/values/text.hpp"

#include <atomic>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <new>

namespace dovetail {

// The characters stand behind it.
struct Text::Block {
  std::atomic<std::uint32_t> holders = 1;
  std::uint32_t size = 0;

  char* text() { return reinterpret_cast<char*>(this + 1); }
};

Text::Text(std::string_view text) {
  if (text.empty()) return;
  assert(text.size() <= UINT32_MAX);
  block_ = new (::operator new(sizeof(Block) + text.size())) Block;
  block_->size = static_cast<std::uint32_t>(text.size());
  std::memcpy(block_->text(), text.data(), text.size());
}

Text::Text(const Text& other) noexcept : block_(other.block_) {
  if (block_ != nullptr) block_->holders.fetch_add(1, std::memory_order_relaxed);
}

Text::~Text() {
  if (block_ == nullptr || block_->holders.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  block_->~Block();
  ::operator delete(block_);
}

std::string_view Text::view() const {
  return block_ == nullptr ? std::string_view() : std::string_view(block_->text(), block_->size);
}

Text& Text::operator+=(std::string_view more) {
  if (more.empty()) return *this;
  std::string whole(view());
  return *this = Text(whole += more);
}

}  // namespace dovetail

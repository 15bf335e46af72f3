// A short list that many may share: eight bytes for whoever holds it, nothing more if it is empty. Who changes it has
// their own from then on. Made for lists of a few: each addition moves them.
#pragma once

#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

namespace dovetail {

template <typename T>
class Few {
 public:
  using value_type = T;
  using iterator = T*;
  using const_iterator = const T*;

  Few() = default;
  Few(std::initializer_list<T> items) : Few(items.begin(), items.size()) {}
  Few(const std::vector<T>& items) : Few(items.data(), items.size()) {}
  Few(std::vector<T>&& items) {
    if (items.empty()) return;
    assert(items.size() <= UINT32_MAX);
    block_ = room_for(items.size());
    std::uninitialized_move_n(items.data(), items.size(), block_->items());
    block_->size = static_cast<std::uint32_t>(items.size());
  }
  Few(const Few& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) block_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  Few(Few&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Few& operator=(Few other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Few() {
    if (block_ == nullptr || block_->holders.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    std::destroy_n(block_->items(), block_->size);
    ::operator delete(block_);
  }

  bool empty() const { return block_ == nullptr; }
  std::size_t size() const { return block_ == nullptr ? 0 : block_->size; }
  const T* begin() const { return block_ == nullptr ? nullptr : block_->items(); }
  const T* end() const { return begin() + size(); }
  const T& operator[](std::size_t index) const {
    assert(index < size());
    return begin()[index];
  }
  const T& at(std::size_t index) const {  // throws std::out_of_range
    if (index >= size()) throw std::out_of_range("Few::at");
    return begin()[index];
  }
  const T& front() const { return (*this)[0]; }
  const T& back() const { return (*this)[size() - 1]; }

  // For changing them: makes this holder's own of what is shared.
  T* begin() {
    own();
    return block_ == nullptr ? nullptr : block_->items();
  }
  T* end() { return begin() + size(); }
  T& operator[](std::size_t index) {
    assert(index < size());
    return begin()[index];
  }
  T& front() { return (*this)[0]; }
  T& back() { return (*this)[size() - 1]; }
  void push_back(T item) {
    Few grown(size() + 1, *this);
    new (grown.block_->items() + grown.block_->size) T(std::move(item));
    ++grown.block_->size;
    *this = std::move(grown);
  }
  T& emplace_back() {
    push_back({});
    return back();
  }
  void clear() { *this = Few(); }

  operator std::vector<T>() const { return std::vector<T>(begin(), end()); }

  friend bool operator==(const Few& a, const Few& b) {
    if (a.block_ == b.block_) return true;
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!(a[i] == b[i])) return false;
    }
    return true;
  }

 private:
  // The items stand behind it.
  struct alignas(T) Block {
    std::atomic<std::uint32_t> holders = 1;
    std::uint32_t size = 0;

    T* items() { return reinterpret_cast<T*>(this + 1); }
  };

  static Block* room_for(std::size_t size) { return new (::operator new(sizeof(Block) + size * sizeof(T))) Block; }

  Few(const T* items, std::size_t size) {
    if (size == 0) return;
    assert(size <= UINT32_MAX);
    block_ = room_for(size);
    std::uninitialized_copy_n(items, size, block_->items());
    block_->size = static_cast<std::uint32_t>(size);
  }
  // With room for `size`, and the items of `from`, which keeps them only if they are shared.
  Few(std::size_t size, Few& from) : block_(room_for(size)) {
    const std::size_t count = from.size();
    if (count > 0 && from.is_alone()) {
      std::uninitialized_move_n(from.block_->items(), count, block_->items());
    } else if (count > 0) {
      std::uninitialized_copy_n(from.block_->items(), count, block_->items());
    }
    block_->size = static_cast<std::uint32_t>(count);
  }

  bool is_alone() const { return block_->holders.load(std::memory_order_acquire) == 1; }
  void own() {
    if (block_ == nullptr || is_alone()) return;
    *this = Few(std::as_const(*this).begin(), size());
  }

  Block* block_ = nullptr;  // nullptr: empty
};

// As std::erase_if.
template <typename T, typename Predicate>
std::size_t erase_if(Few<T>& items, Predicate predicate) {
  std::vector<T> left;
  for (const T& item : std::as_const(items)) {
    if (!predicate(item)) left.push_back(item);
  }
  const std::size_t gone = items.size() - left.size();
  if (gone > 0) items = left;
  return gone;
}

}  // namespace dovetail

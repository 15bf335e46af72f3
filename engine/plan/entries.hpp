// The findings of a plan. There may be millions, and most are alike but for whose they are: those stand here once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <ranges>
#include <vector>

#include "engine/plan/entry.hpp"

namespace dovetail {

class Entries;

class EntryIterator {
 public:
  using value_type = Entry;
  using difference_type = std::ptrdiff_t;

  EntryIterator() = default;
  EntryIterator(const Entries& of, std::size_t index) : of_(&of), index_(index) {}

  const Entry& operator*() const;
  const Entry* operator->() const { return &**this; }
  EntryIterator& operator++() {
    ++index_;
    return *this;
  }
  EntryIterator operator++(int) { return {*of_, index_++}; }
  bool operator==(const EntryIterator& other) const { return index_ == other.index_; }
  std::size_t index() const { return index_; }

 private:
  const Entries* of_ = nullptr;
  std::size_t index_ = 0;
};

class Entries {
 public:
  using iterator = EntryIterator;

  std::size_t size() const { return places_.size(); }
  bool empty() const { return places_.empty(); }
  iterator begin() const { return {*this, 0}; }
  iterator end() const { return {*this, size()}; }
  const Entry& operator[](std::size_t index) const { return kept_[places_[index].kept].entry; }
  const Entry& back() const { return (*this)[size() - 1]; }
  // Whose it is.
  PersonIndex person(std::size_t index) const { return places_[index].person; }
  // Those of one person, where they stand by person.
  std::ranges::subrange<iterator> of(PersonIndex person) const;

  void reserve(std::size_t size) { places_.reserve(size); }
  void add(PersonIndex person, Entry entry);
  // Behind these; its person 0 is this one's `first`.
  void append(Entries more, PersonIndex first);
  // For changing it: not shared any more. Valid until something is added.
  Entry& change(std::size_t index);

 private:
  struct Place {
    PersonIndex person = 0;
    std::uint32_t kept = 0;
  };
  struct Kept {
    Entry entry;
    std::uint32_t holders = 1;
  };

  // Where an equal one stands by now, with a holder more.
  std::uint32_t keep(Entry entry);

  std::vector<Place> places_;
  std::deque<Kept> kept_;
  // Of those who have a few members alike the latest, which is what the next one is compared with.
  std::vector<std::uint32_t> latest_;
};

inline const Entry& EntryIterator::operator*() const { return (*of_)[index_]; }

}  // namespace dovetail

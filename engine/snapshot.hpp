// What one read of a system gave: flat rows of observations, 8 bytes a cell, all text in one arena.
#pragma once

#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ir/layout.hpp"
#include "engine/values/observation.hpp"

namespace dovetail {

// Whether a listing covered everybody. A partial one concludes nothing about who is missing.
struct Completeness {
  bool complete = false;
  std::string reason;  // why not; empty if complete
};

using RecordIndex = std::uint32_t;
using ElementIndex = std::uint32_t;

class Snapshot {
 public:
  explicit Snapshot(ir::Layout layout) : layout_(std::move(layout)), elements_(layout_.lists.size()) {}

  const ir::Layout& layout() const { return layout_; }
  std::size_t size() const { return records_; }
  const Completeness& completeness() const { return completeness_; }

  // Views stay valid until the next append.
  Observation at(RecordIndex record, ir::SlotId slot) const {
    assert(record < records_ && slot < layout_.slots.size());
    return view(cells_[record * layout_.slots.size() + slot]);
  }

  // A list of one record: absent (not read), or value with its elements numbered first .. first + count.
  struct List {
    State state = State::absent;
    ElementIndex first = 0;
    std::uint32_t count = 0;
  };
  List list(RecordIndex record, std::size_t list) const { return lists_[record * layout_.lists.size() + list]; }
  Observation element(std::size_t list, ElementIndex element, ir::SlotId slot) const {
    return view(elements_[list][element * layout_.lists[list].slots.size() + slot]);
  }

  // --- filling, record by record; everything not set is absent ---

  RecordIndex add_record();
  void clear();                                                        // no records; the memory is kept
  void drop_record();                                                  // the one added last, as if it had not been
  void set(ir::SlotId slot, State state, std::string_view text = {});  // of the record added last
  // The same, made in place: `judge` appends the text to the string that it is given, and returns the state.
  template <typename Judge>
  State set_by(ir::SlotId slot, Judge judge) {
    return judged(cells_[(records_ - 1) * layout_.slots.size() + slot], judge);
  }
  template <typename Judge>
  State set_element_by(std::size_t list, ir::SlotId slot, Judge judge) {
    return judged(elements_[list][elements_[list].size() - layout_.lists[list].slots.size() + slot], judge);
  }
  void begin_list(std::size_t list);           // the list was read; now zero elements
  ElementIndex add_element(std::size_t list);  // to the list begun last of that number
  void set_element(std::size_t list, ir::SlotId slot, State state, std::string_view text = {});
  void set_completeness(Completeness completeness) { completeness_ = std::move(completeness); }

 private:
  // State in the low 3 bits, then 21 bits of length in bytes (decoders refuse longer texts), then 40 bits of offset.
  using Cell = std::uint64_t;
  static constexpr unsigned length_bits = 21;

  Observation view(Cell cell) const {
    const std::uint64_t length = (cell >> 3U) & ((1U << length_bits) - 1);
    return {static_cast<State>(cell & 7U), std::string_view(text_).substr(cell >> (3U + length_bits), length)};
  }
  Cell store(State state, std::string_view text);
  template <typename Judge>
  State judged(Cell& cell, Judge judge) {
    const std::uint64_t offset = text_.size();
    const State state = judge(text_);
    assert(text_.size() - offset < (1U << length_bits));
    cell = static_cast<std::uint64_t>(state) | ((text_.size() - offset) << 3U) | (offset << (3U + length_bits));
    return state;
  }

  ir::Layout layout_;
  std::size_t records_ = 0;
  std::string text_;
  std::vector<Cell> cells_;                  // records × slots
  std::vector<List> lists_;                  // records × lists
  std::vector<std::vector<Cell>> elements_;  // by list: elements × slots
  Completeness completeness_;
};

}  // namespace dovetail

// What one read of a system gave: flat rows of observations, 2 bytes a cell, all text in a few blocks.
#pragma once

#include <cassert>
#include <compare>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ir/layout.hpp"
#include "engine/rows.hpp"
#include "engine/values/observation.hpp"

namespace dovetail {

// Whether a listing covered everybody. A partial one concludes nothing about who is missing.
struct Completeness {
  bool complete = false;
  std::string reason;                   // why not; empty if complete
  std::vector<std::string> notes = {};  // what else a person should know of the read: what was left aside, and why
};

using RecordIndex = std::uint32_t;
using ElementIndex = std::uint32_t;

class Snapshot {
 public:
  explicit Snapshot(ir::Layout layout);

  const ir::Layout& layout() const { return layout_; }
  std::size_t size() const { return records_.size(); }
  const Completeness& completeness() const { return completeness_; }

  // Views stay valid until the next append.
  Observation at(RecordIndex record, ir::SlotId slot) const {
    assert(record < size() && slot < layout_.slots.size());
    const Word* row = records_[record];
    const Word cell = row[head + slot];
    return is_far(cell) ? far_view(cell, {of_records, record, slot}) : view(row, cell);
  }

  // A list of one record: absent (not read), or value with its elements numbered first .. first + count.
  struct List {
    State state = State::absent;
    ElementIndex first = 0;
    std::uint32_t count = 0;
  };
  List list(RecordIndex record, std::size_t list) const {
    const Word* words = records_[record] + list_at(list);
    const std::uint32_t first = number_at(words), count = number_at(words + 2);
    return {(count & list_read) != 0 ? State::value : State::absent, first, count & ~list_read};
  }
  Observation element(std::size_t list, ElementIndex element, ir::SlotId slot) const {
    const Word* row = elements_[list][element];
    const Word cell = row[head + slot];
    return is_far(cell) ? far_view(cell, {static_cast<std::uint32_t>(list), element, slot}) : view(row, cell);
  }

  // For those who soon read a record that lies far from the last one: twice, so that the second time finds the first's.
  void expect(RecordIndex record) const { __builtin_prefetch(records_[record]); }
  void expect_text(RecordIndex record) const {
    const Word* row = records_[record];
    const char* const text = text_of(row);
    for (std::size_t line = 0; line < 4; ++line) __builtin_prefetch(text + 64 * line);
    for (std::size_t list = 0; list < elements_.size(); ++list) {
      const std::size_t first = number_at(row + list_at(list));
      if (first < elements_[list].size()) __builtin_prefetch(elements_[list][first]);
    }
  }

  // --- filling, record by record; everything not set is absent ---

  RecordIndex add_record();
  void clear();                                                        // no records; the memory is kept
  void drop_record();                                                  // the one added last, as if it had not been
  void set(ir::SlotId slot, State state, std::string_view text = {});  // of the record added last
  // The same, made in place: `judge` appends the text to the string that it is given, and returns the state.
  template <typename Judge>
  State set_by(ir::SlotId slot, Judge judge) {
    return judged(records_, of_records, slot, judge);
  }
  template <typename Judge>
  State set_element_by(std::size_t list, ir::SlotId slot, Judge judge) {
    return judged(elements_[list], list, slot, judge);
  }
  void begin_list(std::size_t list);           // the list was read; now zero elements
  ElementIndex add_element(std::size_t list);  // to the list begun last of that number
  void set_element(std::size_t list, ir::SlotId slot, State state, std::string_view text = {});
  void set_completeness(Completeness completeness) { completeness_ = std::move(completeness); }

 private:
  // A row begins with the place of its text: which block, and where in it. Then a word for each slot: the state in the
  // low 3 bits, and where in the row's text the slot's stands, counted from 1; 0: it is empty. Then two numbers for
  // each list: the first element, and how many. A text stands behind its length: a byte, or if that is `long_text` 4
  // more.
  using Word = Rows::Word;
  static constexpr std::size_t head = 3;
  static constexpr unsigned state_bits = 3;
  static constexpr Word far = (1U << (16U - state_bits)) - 1;  // as a place: too far behind the row's first
  static constexpr unsigned char long_text = 255;
  static constexpr std::uint32_t list_read = 1U << 31U;
  static constexpr std::uint32_t of_records = UINT32_MAX;
  struct Cell {
    std::uint32_t list = of_records;
    std::uint32_t row = 0;
    ir::SlotId slot = 0;
    friend auto operator<=>(const Cell&, const Cell&) = default;
  };
  struct Far {
    std::size_t block = 0, offset = 0;
  };

  static std::uint32_t number_at(const Word* words) {
    std::uint32_t number = 0;
    std::memcpy(&number, words, sizeof number);
    return number;
  }
  static void put_number(std::uint32_t number, Word* words) { std::memcpy(words, &number, sizeof number); }
  static State state_of(Word cell) { return static_cast<State>(cell & ((1U << state_bits) - 1)); }
  static bool is_far(Word cell) { return cell >> state_bits == far; }
  const char* text_of(const Word* row) const { return texts_[row[0]].data() + number_at(row + 1); }
  static std::string_view text_at(const char* length) {
    const auto size = static_cast<unsigned char>(*length);
    if (size != long_text) return {length + 1, size};
    std::uint32_t all = 0;
    std::memcpy(&all, length + 1, sizeof all);
    return {length + 1 + sizeof all, all};
  }
  Observation view(const Word* row, Word cell) const {
    const unsigned place = cell >> state_bits;
    return {state_of(cell), place == 0 ? std::string_view() : text_at(text_of(row) + place - 1)};
  }
  Observation far_view(Word cell, const Cell& of) const;
  // `judge` as of set_by: of the row added last.
  template <typename Judge>
  State judged(Rows& rows, std::size_t list, ir::SlotId slot, Judge judge) {
    const std::size_t offset = begin_text();
    const State state = judge(texts_.back());
    end_text(rows, list, slot, state, offset);
    return state;
  }
  std::size_t begin_text();
  void end_text(Rows& rows, std::size_t list, ir::SlotId slot, State state, std::size_t offset);
  Word* add_to(Rows& rows) const;
  std::size_t list_at(std::size_t list) const { return head + layout_.slots.size() + 4 * list; }

  ir::Layout layout_;
  std::vector<std::string> texts_;  // blocks; a record's stands in one of them
  std::map<Cell, Far> far_;         // there are hardly any
  Rows records_;
  std::vector<Rows> elements_;  // by list
  Completeness completeness_;
};

}  // namespace dovetail

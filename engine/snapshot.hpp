// What one read of a system gave: flat rows of observations, 4 bytes a cell, all text in a few blocks.
#pragma once

#include <cassert>
#include <cstdint>
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
    return view(row, row[head + slot]);
  }

  // A list of one record: absent (not read), or value with its elements numbered first .. first + count.
  struct List {
    State state = State::absent;
    ElementIndex first = 0;
    std::uint32_t count = 0;
  };
  List list(RecordIndex record, std::size_t list) const {
    const Word* words = records_[record] + list_at(list);
    return {(words[1] & list_read) != 0 ? State::value : State::absent, words[0], words[1] & ~list_read};
  }
  Observation element(std::size_t list, ElementIndex element, ir::SlotId slot) const {
    const Word* row = elements_[list][element];
    return view(row, row[head + slot]);
  }

  // For those who soon read a record that lies far from the last one: twice, so that the second time finds the first's.
  void expect(RecordIndex record) const { __builtin_prefetch(records_[record]); }
  void expect_text(RecordIndex record) const {
    const Word* row = records_[record];
    const char* const text = texts_[row[0]].data() + row[1];
    for (std::size_t line = 0; line < 4; ++line) __builtin_prefetch(text + 64 * line);
    for (std::size_t list = 0; list < elements_.size(); ++list) {
      const std::size_t first = row[list_at(list)];
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
    Word* row = records_.last();
    return judged(row, row[head + slot], judge);
  }
  template <typename Judge>
  State set_element_by(std::size_t list, ir::SlotId slot, Judge judge) {
    Word* row = elements_[list].last();
    return judged(row, row[head + slot], judge);
  }
  void begin_list(std::size_t list);           // the list was read; now zero elements
  ElementIndex add_element(std::size_t list);  // to the list begun last of that number
  void set_element(std::size_t list, ir::SlotId slot, State state, std::string_view text = {});
  void set_completeness(Completeness completeness) { completeness_ = std::move(completeness); }

 private:
  // A row begins with the place of its text: which block, and where in it. Then a word for each slot: the state in the
  // low 3 bits, whether the text is far, then offset and length; of a far text its number. Then two words for each
  // list: the first element, and how many.
  using Word = Rows::Word;
  static constexpr std::size_t head = 2;
  static constexpr unsigned text_bits = 14;
  static constexpr Word far = 1U << 3U;
  static constexpr Word list_read = 1U << 31U;
  struct Far {
    std::uint32_t block = 0, offset = 0, length = 0;
  };

  Observation view(const Word* row, Word word) const {
    const auto state = static_cast<State>(word & 7U);
    if ((word & far) != 0) return far_view(state, word);
    constexpr Word mask = (1U << text_bits) - 1;
    return {state, {texts_[row[0]].data() + row[1] + (word >> (4U + text_bits)), (word >> 4U) & mask}};
  }
  Observation far_view(State state, Word word) const;
  // What stands for the last text from `offset` on.
  Word word_of(const Word* row, State state, std::size_t offset);
  void store(Word* row, Word& word, State state, std::string_view text);
  void begin_text(Word* row) const;
  template <typename Judge>
  State judged(const Word* row, Word& word, Judge judge) {
    const std::size_t offset = texts_.back().size();
    const State state = judge(texts_.back());
    word = word_of(row, state, offset);
    return state;
  }
  std::size_t list_at(std::size_t list) const { return head + layout_.slots.size() + 2 * list; }

  ir::Layout layout_;
  std::vector<std::string> texts_;  // blocks; a record's stands in one of them
  std::vector<Far> far_;            // too long for a word, or too far behind their record's first
  Rows records_;
  std::vector<Rows> elements_;  // by list
  Completeness completeness_;
};

}  // namespace dovetail

#include "engine/snapshot.hpp"

namespace dovetail {
namespace {

// A block that is as good as full takes no further record, so that it seldom has to grow.
constexpr std::size_t text_block = std::size_t{1} << 20U;
constexpr std::size_t as_good_as_full = text_block - (std::size_t{1} << 14U);

}  // namespace

Snapshot::Snapshot(ir::Layout layout)
    : layout_(std::move(layout)), texts_(1), records_(head + layout_.slots.size() + 2 * layout_.lists.size()) {
  for (const ir::Layout::List& list : layout_.lists) elements_.emplace_back(head + list.slots.size());
}

Observation Snapshot::far_view(State state, Word word) const {
  const Far& place = far_[word >> 4U];
  return {state, std::string_view(texts_[place.block]).substr(place.offset, place.length)};
}

Snapshot::Word Snapshot::word_of(const Word* row, State state, std::size_t offset) {
  const std::size_t length = texts_.back().size() - offset;
  const std::size_t behind = offset - row[1];
  if (behind < (1U << text_bits) && length < (1U << text_bits)) {
    return static_cast<Word>(state) | static_cast<Word>(length << 4U) | static_cast<Word>(behind << (4U + text_bits));
  }
  assert(texts_.back().size() <= UINT32_MAX && far_.size() < (1U << 28U));
  far_.push_back({row[0], static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(length)});
  return static_cast<Word>(state) | far | static_cast<Word>((far_.size() - 1) << 4U);
}

void Snapshot::store(Word* row, Word& word, State state, std::string_view text) {
  const std::size_t offset = texts_.back().size();
  texts_.back().append(text);
  word = word_of(row, state, offset);
}

void Snapshot::begin_text(Word* row) const {
  row[0] = static_cast<Word>(texts_.size() - 1);
  row[1] = static_cast<Word>(texts_.back().size());
}

RecordIndex Snapshot::add_record() {
  if (texts_.back().size() > as_good_as_full) texts_.emplace_back().reserve(text_block);
  begin_text(records_.add());
  return static_cast<RecordIndex>(size() - 1);
}

void Snapshot::clear() {
  texts_.resize(1);
  texts_.front().clear();
  far_.clear();
  records_.clear();
  for (Rows& of_list : elements_) of_list.clear();
  completeness_ = {};
}

// What its lists held stays behind, unreachable.
void Snapshot::drop_record() {
  assert(size() > 0);
  records_.drop();
}

void Snapshot::set(ir::SlotId slot, State state, std::string_view text) {
  Word* row = records_.last();
  store(row, row[head + slot], state, text);
}

void Snapshot::begin_list(std::size_t list) {
  Word* words = records_.last() + list_at(list);
  words[0] = static_cast<ElementIndex>(elements_[list].size());
  words[1] = list_read;
}

ElementIndex Snapshot::add_element(std::size_t list) {
  Word* words = records_.last() + list_at(list);
  begin_text(elements_[list].add());
  return words[0] + (words[1]++ & ~list_read);
}

void Snapshot::set_element(std::size_t list, ir::SlotId slot, State state, std::string_view text) {
  Word* row = elements_[list].last();
  store(row, row[head + slot], state, text);
}

}  // namespace dovetail

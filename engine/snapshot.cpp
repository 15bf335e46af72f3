#include "engine/snapshot.hpp"

#include <algorithm>

namespace dovetail {
namespace {

// A block that is as good as full takes no further record, so that it seldom has to grow.
constexpr std::size_t text_block = std::size_t{1} << 20U;
constexpr std::size_t as_good_as_full = text_block - (std::size_t{1} << 14U);

}  // namespace

Snapshot::Snapshot(ir::Layout layout)
    : layout_(std::move(layout)), texts_(1), records_(head + layout_.slots.size() + 4 * layout_.lists.size()) {
  for (const ir::Layout::List& list : layout_.lists) elements_.emplace_back(head + list.slots.size());
}

Observation Snapshot::far_view(Word cell, const Cell& of) const {
  const Far& place = far_.at(of);
  return {state_of(cell), text_at(texts_[place.block].data() + place.offset)};
}

// Leaves room for the length.
std::size_t Snapshot::begin_text() {
  texts_.back().push_back('\0');
  return texts_.back().size() - 1;
}

void Snapshot::end_text(Rows& rows, std::size_t list, ir::SlotId slot, State state, std::size_t offset) {
  std::string& text = texts_.back();
  const std::size_t length = text.size() - offset - 1;
  Word* const row = rows.last();
  row[head + slot] = static_cast<Word>(state);
  if (length == 0) return text.resize(offset);
  if (length < long_text) {
    text[offset] = static_cast<char>(length);
  } else {
    assert(length <= UINT32_MAX);
    const auto all = static_cast<std::uint32_t>(length);
    text[offset] = static_cast<char>(long_text);
    text.insert(offset + 1, reinterpret_cast<const char*>(&all), sizeof all);
  }
  const std::size_t place = offset - number_at(row + 1) + 1;
  row[head + slot] = static_cast<Word>(std::min<std::size_t>(place, far) << state_bits | static_cast<unsigned>(state));
  if (place < far) return;
  const Cell of{static_cast<std::uint32_t>(list), static_cast<std::uint32_t>(rows.size() - 1), slot};
  far_.insert_or_assign(of, Far{texts_.size() - 1, offset});
}

Snapshot::Word* Snapshot::add_to(Rows& rows) const {
  assert(texts_.size() - 1 <= UINT16_MAX && texts_.back().size() <= UINT32_MAX);
  Word* const row = rows.add();
  row[0] = static_cast<Word>(texts_.size() - 1);
  put_number(static_cast<std::uint32_t>(texts_.back().size()), row + 1);
  return row;
}

RecordIndex Snapshot::add_record() {
  if (texts_.back().size() > as_good_as_full) texts_.emplace_back().reserve(text_block);
  add_to(records_);
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
  set_by(slot, [&](std::string& into) {
    into.append(text);
    return state;
  });
}

void Snapshot::begin_list(std::size_t list) {
  Word* words = records_.last() + list_at(list);
  put_number(static_cast<ElementIndex>(elements_[list].size()), words);
  put_number(list_read, words + 2);
}

ElementIndex Snapshot::add_element(std::size_t list) {
  Word* words = records_.last() + list_at(list);
  add_to(elements_[list]);
  const std::uint32_t count = number_at(words + 2);
  put_number(count + 1, words + 2);
  return number_at(words) + (count & ~list_read);
}

void Snapshot::set_element(std::size_t list, ir::SlotId slot, State state, std::string_view text) {
  set_element_by(list, slot, [&](std::string& into) {
    into.append(text);
    return state;
  });
}

}  // namespace dovetail

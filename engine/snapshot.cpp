#include "engine/snapshot.hpp"

namespace dovetail {

Snapshot::Cell Snapshot::store(State state, std::string_view text) {
  assert(text.size() < (1U << length_bits));
  const std::uint64_t offset = text_.size();
  text_.append(text);
  return static_cast<std::uint64_t>(state) | (static_cast<std::uint64_t>(text.size()) << 3U) |
         (offset << (3U + length_bits));
}

RecordIndex Snapshot::add_record() {
  cells_.resize(cells_.size() + layout_.slots.size());
  lists_.resize(lists_.size() + layout_.lists.size());
  return static_cast<RecordIndex>(records_++);
}

void Snapshot::clear() {
  records_ = 0;
  text_.clear();
  cells_.clear();
  lists_.clear();
  for (std::vector<Cell>& of_list : elements_) of_list.clear();
  completeness_ = {};
}

// What its lists held stays behind, unreachable.
void Snapshot::drop_record() {
  assert(records_ > 0);
  --records_;
  cells_.resize(records_ * layout_.slots.size());
  lists_.resize(records_ * layout_.lists.size());
}

void Snapshot::set(ir::SlotId slot, State state, std::string_view text) {
  cells_[(records_ - 1) * layout_.slots.size() + slot] = store(state, text);
}

void Snapshot::begin_list(std::size_t list) {
  const std::size_t width = layout_.lists[list].slots.size();
  const auto first = width == 0 ? 0 : static_cast<ElementIndex>(elements_[list].size() / width);
  lists_[(records_ - 1) * layout_.lists.size() + list] = {State::value, first, 0};
}

ElementIndex Snapshot::add_element(std::size_t list) {
  List& of_record = lists_[(records_ - 1) * layout_.lists.size() + list];
  elements_[list].resize(elements_[list].size() + layout_.lists[list].slots.size());
  return of_record.first + of_record.count++;
}

void Snapshot::set_element(std::size_t list, ir::SlotId slot, State state, std::string_view text) {
  const std::size_t width = layout_.lists[list].slots.size();
  elements_[list][elements_[list].size() - width + slot] = store(state, text);
}

}  // namespace dovetail

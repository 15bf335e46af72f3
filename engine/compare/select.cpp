#include <string>
#include <tuple>

#include "engine/compare/record_view.hpp"

namespace dovetail {
namespace {

// One list of one record, with the members that order it.
class Elements {
 public:
  Elements(const ir::Selection& selection, const Snapshot& snapshot, RecordIndex record)
      : selection_(selection), snapshot_(snapshot), list_(snapshot.list(record, selection.list)) {}

  bool was_read() const { return list_.state == State::value; }
  ElementIndex begin() const { return list_.first; }
  ElementIndex end() const { return list_.first + list_.count; }
  bool empty() const { return list_.count == 0; }

  Observation at(ElementIndex element, ir::SlotId slot) const {
    if (slot == ir::no_slot) return {State::unset, {}};
    return snapshot_.element(selection_.list, element, slot);
  }
  std::string_view start(ElementIndex element) const { return at(element, selection_.begin).text; }
  std::string_view id(ElementIndex element) const { return at(element, selection_.key).text; }
  // Open ends are later than any date.
  std::string_view last_day(ElementIndex element) const {
    const Observation end = at(element, selection_.end);
    return end.state == State::value ? end.text : "9999-99-99";
  }
  // What decides the order was read and is understood.
  bool ordered(ElementIndex element) const {
    const State start = at(element, selection_.begin).state;
    const State last = at(element, selection_.end).state;
    return (start == State::value || start == State::unset) && (last == State::value || last == State::unset);
  }

 private:
  const ir::Selection& selection_;
  const Snapshot& snapshot_;
  Snapshot::List list_;
};

Selected select_where(const ir::Selection& selection, const Elements& elements, std::string& key_scratch) {
  Selected found{Selected::Kind::none, no_element};
  bool unread = false;
  for (ElementIndex element = elements.begin(); element < elements.end(); ++element) {
    bool fits = true;
    for (std::size_t i = 0; i < selection.where.size() && fits; ++i) {
      const auto& [slot, key] = selection.where[i];
      const Observation seen = elements.at(element, slot);
      if (seen.state == State::absent) unread = true;
      if (seen.state == State::value && selection.where_types[i] != nullptr && selection.where_types[i]->key != nullptr) {
        key_scratch.clear();
        selection.where_types[i]->key(seen.text, key_scratch);
        fits = key_scratch == key;
      } else {
        fits = seen.state == State::value && seen.text == key;
      }
    }
    if (!fits) continue;
    if (found.kind == Selected::Kind::element) return {Selected::Kind::ambiguous, no_element};
    found = {Selected::Kind::element, element};
  }
  if (found.kind == Selected::Kind::none && unread) found.kind = Selected::Kind::absent;
  return found;
}

bool is_earlier(const Elements& elements, ElementIndex a, ElementIndex b) {
  return std::tuple(elements.start(a), elements.id(a)) < std::tuple(elements.start(b), elements.id(b));
}

bool is_later(const Elements& elements, ElementIndex a, ElementIndex b) {
  return std::tuple(elements.last_day(a), elements.start(a), elements.id(a)) >
         std::tuple(elements.last_day(b), elements.start(b), elements.id(b));
}

// In force before upcoming before ended; the latest start of those in force, the next of those upcoming, the last
// to end of those ended.
bool is_more_current(const Elements& elements, ElementIndex a, ElementIndex b, std::string_view today) {
  const auto rank = [&](ElementIndex element) {
    if (elements.start(element) > today) return 1;
    return elements.last_day(element) >= today ? 0 : 2;
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  if (rank(a) == 1) return is_earlier(elements, a, b);
  if (rank(a) == 2) return is_later(elements, a, b);
  return std::tuple(elements.start(a), elements.id(a)) > std::tuple(elements.start(b), elements.id(b));
}

Selected select_by_order(const ir::Selection& selection, const Elements& elements, CivilDay today) {
  const std::string day = to_text(today);
  if (elements.empty()) return {Selected::Kind::absent, no_element};
  ElementIndex best = elements.begin();
  for (ElementIndex element = elements.begin(); element < elements.end(); ++element) {
    if (!elements.ordered(element)) return {Selected::Kind::absent, no_element};
    const bool better = selection.kind == ir::Selector::Kind::earliest ? is_earlier(elements, element, best)
                        : selection.kind == ir::Selector::Kind::latest ? is_later(elements, element, best)
                                                                       : is_more_current(elements, element, best, day);
    if (better) best = element;
  }
  return {Selected::Kind::element, best};
}

}  // namespace

Selected select(const ir::Selection& selection, const Snapshot& snapshot, RecordIndex record, CivilDay today) {
  const Elements elements(selection, snapshot, record);
  if (!elements.was_read()) return {Selected::Kind::absent, no_element};
  if (selection.kind != ir::Selector::Kind::where) return select_by_order(selection, elements, today);
  std::string key;
  return select_where(selection, elements, key);
}

}  // namespace dovetail

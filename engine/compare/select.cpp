#include "engine/compare/select.hpp"

#include <array>
#include <cassert>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "engine/compare/record_view.hpp"

namespace dovetail {
namespace {

bool is_earlier(const Span& a, const Span& b) { return std::tie(a.first_day, a.id) < std::tie(b.first_day, b.id); }

bool is_later(const Span& a, const Span& b) {
  return std::tie(a.last_day, a.first_day, a.id) > std::tie(b.last_day, b.first_day, b.id);
}

bool is_more_current(const Span& a, const Span& b, std::string_view today) {
  enum class Rank : std::uint8_t { in_force, upcoming, ended };
  const auto rank = [&](const Span& span) {
    if (span.first_day > today) return Rank::upcoming;
    return span.last_day >= today ? Rank::in_force : Rank::ended;
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  if (rank(a) == Rank::upcoming) return is_earlier(a, b);
  if (rank(a) == Rank::ended) return is_later(a, b);
  return std::tie(a.first_day, a.id) > std::tie(b.first_day, b.id);
}

bool meets(const ir::Selection& selection, std::size_t condition, Observation seen, std::string& key) {
  if (seen.state != State::value) return false;
  const CheckedType* type = selection.where_types[condition];
  key.clear();
  if (type != nullptr && type->key != nullptr) {
    type->key(seen.text, key);
  } else {
    key.assign(seen.text);
  }
  return key == selection.where[condition].second;
}

Selected select_where(const ir::Selection& selection, const Snapshot& snapshot, Snapshot::List list) {
  Selected found{Selected::Kind::none, no_element};
  bool unread = false, invalid = false;  // what decides whether some element is the one
  std::string key;
  for (ElementIndex element = list.first; element < list.first + list.count; ++element) {
    bool told = true, fits = true, spoilt = false;
    for (std::size_t i = 0; i < selection.where.size() && fits; ++i) {
      const Observation seen = snapshot.element(selection.list, element, selection.where[i].first);
      const bool tells = seen.state == State::value || seen.state == State::unset;
      told &= tells;
      spoilt |= seen.state == State::invalid;
      fits = !tells || meets(selection, i, seen, key);
    }
    unread |= fits && !told && !spoilt;
    invalid |= fits && !told && spoilt;
    if (!fits || !told) continue;
    if (found.kind == Selected::Kind::element) return {Selected::Kind::ambiguous, no_element};
    found = {Selected::Kind::element, element};
  }
  if (found.kind == Selected::Kind::none && invalid) found.kind = Selected::Kind::invalid;
  if (found.kind == Selected::Kind::none && unread) found.kind = Selected::Kind::absent;
  return found;
}

// Why nothing can be chosen by order, whatever the order of the elements is; nullopt: every place is known.
std::optional<Selected::Kind> undecided(const ir::Selection& selection, const Snapshot& snapshot, Snapshot::List list) {
  std::optional<Selected::Kind> why;
  for (ElementIndex element = list.first; element < list.first + list.count; ++element) {
    for (const ir::SlotId slot : {selection.begin, selection.end}) {
      const State state = slot == ir::no_slot ? State::unset : snapshot.element(selection.list, element, slot).state;
      if (state == State::value || state == State::unset) continue;
      if (state == State::invalid) return Selected::Kind::invalid;
      why = Selected::Kind::absent;
    }
  }
  return why;
}

Selected select_by_order(const ir::Selection& selection, const Snapshot& snapshot, Snapshot::List list,
                         CivilDay today) {
  if (list.count == 0) return {Selected::Kind::absent, no_element};
  if (const auto why = undecided(selection, snapshot, list)) return {*why, no_element};
  if (list.count == 1) return {Selected::Kind::element, list.first};
  std::array<Span, 16> few;
  std::vector<Span> many;
  if (list.count > few.size()) many.resize(list.count);
  const std::span<Span> spans = list.count > few.size() ? std::span(many) : std::span(few).first(list.count);
  for (ElementIndex element = list.first; element < list.first + list.count; ++element) {
    const auto seen = [&](ir::SlotId slot) {
      return slot == ir::no_slot ? Observation{State::unset, {}} : snapshot.element(selection.list, element, slot);
    };
    const Observation last = seen(selection.end);
    spans[element - list.first] = {seen(selection.begin).text, last.state == State::value ? last.text : open_end,
                                   seen(selection.key).text};
  }
  const std::string day = selection.kind == ir::Selector::Kind::current ? to_text(today) : std::string();
  return {Selected::Kind::element, list.first + static_cast<ElementIndex>(choose(selection.kind, spans, day))};
}

}  // namespace

std::size_t choose(ir::Selector::Kind kind, std::span<const Span> elements, std::string_view today) {
  assert(!elements.empty());
  std::size_t best = 0;
  for (std::size_t i = 1; i < elements.size(); ++i) {
    const bool better = kind == ir::Selector::Kind::earliest ? is_earlier(elements[i], elements[best])
                        : kind == ir::Selector::Kind::latest ? is_later(elements[i], elements[best])
                                                             : is_more_current(elements[i], elements[best], today);
    if (better) best = i;
  }
  return best;
}

Selected select(const ir::Selection& selection, const Snapshot& snapshot, RecordIndex record, CivilDay today) {
  const Snapshot::List list = snapshot.list(record, selection.list);
  if (list.state != State::value) return {Selected::Kind::absent, no_element};
  if (selection.kind == ir::Selector::Kind::where) return select_where(selection, snapshot, list);
  return select_by_order(selection, snapshot, list, today);
}

}  // namespace dovetail

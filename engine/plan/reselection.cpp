#include "engine/plan/reselection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/compare/select.hpp"
#include "engine/plan/chooser.hpp"
#include "engine/plan/sentences.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

// An element as it will be: its days, and its id.
struct Planned {
  std::string first, last, id;
};

// What one person's entries do to one side.
class PersonWrites {
 public:
  PersonWrites(const PlanInput& input, Plan& plan, std::size_t first, std::size_t end, Side side, bool foreseeing)
      : foreseeing_(foreseeing),
        input_(input),
        plan_(plan),
        first_(first),
        end_(end),
        side_(side),
        record_(input.program.records[at(side)]),
        snapshot_(side == Side::hub ? input.hub : input.provider) {}

  void hold() {
    const Person& person = plan_.people[plan_.entries.person(first_)];
    index_ = side_ == Side::hub ? person.hub : person.provider;
    if (index_ == no_record) return;
    for (std::uint32_t i = 0; i < record_.selections.size(); ++i) {
      const ir::Selection& selection = record_.selections[i];
      if (selection.kind == ir::Selector::Kind::where || !is_written_through(i)) continue;
      if (changes(selection)) hold_culprits(selection.list, i);
    }
  }

 private:
  // By nobody's decision: it goes, or would go, because it is preselected.
  static bool is_open(const Entry& entry) { return entry.open() || entry.decided_by == as_preselected; }

  // Whether the entry writes to the side; while foreseeing, also as it is preselected.
  bool writes(const Entry& entry) const {
    if (is_open(entry)) {
      return foreseeing_ && entry.preselected == (side_ == Side::provider ? Choice::hub : Choice::provider);
    }
    const bool runs = entry.action == Action::set || entry.action == Action::clear || entry.action == Action::create;
    return runs && entry.target == side_;
  }

  template <typename Each>
  void for_writes(Each each) const {
    for (std::size_t i = first_; i < end_; ++i) {
      const Entry& entry = plan_.entries[i];
      if (!writes(entry) || entry.kind == Kind::create || entry.field == no_field) continue;
      for (const Write& write : entry.offers[at(side_)]) each(i, write);
    }
  }

  // The selection by which the entry's field reaches the member; no_selection: by none.
  std::uint32_t selection_of(std::size_t entry, const Write& write) const {
    for (const ir::Part& part : input_.program.fields[plan_.entries[entry].field].parts[at(side_)]) {
      if (part.member == write.member && part.selection != ir::no_selection) return part.selection;
    }
    return ir::no_selection;
  }

  bool is_written_through(std::uint32_t selection) const {
    bool found = false;
    for_writes([&](std::size_t entry, const Write& write) { found |= selection_of(entry, write) == selection; });
    return found;
  }

  ir::SlotId slot_of(const Write& write) const { return input_.program.layouts[at(side_)].slot(write.member); }

  // The list's elements, as they are or as they will be.
  std::vector<Planned> elements(const ir::Selection& selection, bool written) const {
    std::vector<Planned> result;
    const Snapshot::List list = snapshot_.list(index_, selection.list);
    for (ElementIndex element = list.first; element < list.first + list.count; ++element) {
      const auto text = [&](ir::SlotId slot) {
        return slot == ir::no_slot ? std::string() : std::string(snapshot_.element(selection.list, element, slot).text);
      };
      result.push_back({text(selection.begin), text(selection.end), text(selection.key)});
    }
    if (!written) return result;
    for_writes([&](std::size_t, const Write& write) {
      const ir::SlotId slot = slot_of(write);
      if (write.element.empty() || !is_in(write, selection.list)) return;
      auto found = std::ranges::find(result, write.element.view(), &Planned::id);
      if (found == result.end()) found = result.insert(result.end(), Planned{{}, {}, write.element});
      if (slot == selection.begin) found->first = write.after.text;
      if (slot == selection.end) found->last = write.after.text;
    });
    return result;
  }

  bool is_in(const Write& write, std::uint32_t list) const {
    const ir::Schema& schema = input_.program.rules->schema(side_);
    return schema.members[write.member].list == input_.program.layouts[at(side_)].lists[list].list;
  }

  std::string chosen(const ir::Selection& selection, const std::vector<Planned>& planned) const {
    if (planned.empty()) return {};
    std::vector<Span> spans;
    for (const Planned& one : planned) {
      spans.push_back({one.first, one.last.empty() ? open_end : std::string_view(one.last), one.id});
    }
    return planned[choose(selection.kind, spans, to_text(input_.today))].id;
  }

  bool changes(const ir::Selection& selection) const {
    const std::vector<Planned> before = elements(selection, false);
    return !before.empty() && chosen(selection, before) != chosen(selection, elements(selection, true));
  }

  // The days that are written through selectors; where an `each` moves the selection, what is written through it.
  void hold_culprits(std::uint32_t list, std::uint32_t moved) {
    std::vector<std::size_t> days, through;
    for_writes([&](std::size_t entry, const Write& write) {
      const std::uint32_t by = selection_of(entry, write);
      if (by == ir::no_selection || !is_in(write, list)) return;
      const ir::Selection& selection = record_.selections[by];
      const ir::SlotId slot = slot_of(write);
      if (slot == selection.begin || slot == selection.end) days.push_back(entry);
      if (by == moved) through.push_back(entry);
    });
    for (const std::size_t index : days.empty() ? through : days) {
      if (foreseeing_ && !is_open(plan_.entries[index])) continue;  // is settled already
      Entry& entry = plan_.entries.change(index);
      const ir::Field& field = *input_.program.fields[entry.field].rule;
      entry.kind = Kind::held;
      entry.action = foreseeing_ ? Action::none : Action::hold;
      if (foreseeing_) {
        entry.preselected = entry.decision = Choice::undecided;
        entry.decided_by = {};
      }
      entry.reason = Reason::not_selected;
      entry.why = fmt::format(
          "{}: together with what else is written for this person, the value would make the rule choose another "
          "element "
          "in {} ({}); decide one of them first",
          field.label, input_.program.rules->title(side_), place_text(field.origin));
      plan_.reasons[plan_.entries.person(index) * plan_.fields + entry.field] = Reason::not_selected;
    }
  }

  bool foreseeing_;
  const PlanInput& input_;
  Plan& plan_;
  std::size_t first_, end_;
  Side side_;
  const ir::RecordProgram& record_;
  const Snapshot& snapshot_;
  RecordIndex index_ = no_record;
};

bool has_ordered_selection(const ir::RecordProgram& record) {
  return std::ranges::any_of(record.selections,
                             [](const ir::Selection& one) { return one.kind != ir::Selector::Kind::where; });
}

}  // namespace

void hold_reselections(const PlanInput& input, Plan& plan) {
  for (const Side side : {Side::hub, Side::provider}) {
    if (!has_ordered_selection(input.program.records[at(side)])) continue;
    for (std::size_t first = 0, end = 0; first < plan.entries.size(); first = end) {
      while (end < plan.entries.size() && plan.entries.person(end) == plan.entries.person(first)) ++end;
      for (const bool foreseeing : {false, true}) PersonWrites(input, plan, first, end, side, foreseeing).hold();
    }
  }
}

}  // namespace dovetail

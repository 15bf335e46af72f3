#include "engine/compare/record_view.hpp"

#include <algorithm>

namespace dovetail {

void RecordView::move_to(RecordIndex record, CivilDay today) {
  record_ = record;
  today_ = today;
  region_ = text_at(record_program_->region);
  selected_.assign(record_program_->selections.size(), std::nullopt);
}

void RecordView::resolve(std::uint32_t selection) const {
  selected_[selection] = record_ == no_record
                             ? Selected{Selected::Kind::none, no_element}
                             : select(record_program_->selections[selection], *snapshot_, record_, today_);
}

Observation RecordView::observe(const ir::Part& part, ElementIndex element) const {
  if (record_ == no_record) return {State::unset, {}};
  if (part.in_element) {
    if (element == no_element) return {State::unset, {}};
    return snapshot_->element(part.list, element, part.slot);
  }
  if (part.selection == ir::no_selection) return snapshot_->at(record_, part.slot);
  const Selected& chosen = selected(part.selection);
  if (chosen.kind == Selected::Kind::none) return {State::unset, {}};
  if (chosen.kind != Selected::Kind::element) return {State::absent, {}};
  return snapshot_->element(record_program_->selections[part.selection].list, chosen.element, part.slot);
}

std::string_view RecordView::text_at(ir::SlotId slot) const {
  if (record_ == no_record || slot == ir::no_slot) return {};
  const Observation seen = snapshot_->at(record_, slot);
  return seen.state == State::value ? seen.text : std::string_view();
}

std::string_view RecordView::id() const { return text_at(record_program_->identity); }

std::string_view RecordView::element_id(std::size_t list, ir::SlotId key, ElementIndex element) const {
  if (key == ir::no_slot || element == no_element) return {};
  const Observation seen = snapshot_->element(list, element, key);
  return seen.state == State::value ? seen.text : std::string_view();
}

bool is_active(const ir::Program& program, ir::Side side, const Snapshot& snapshot, RecordIndex record,
               CivilDay today) {
  const ir::RecordProgram& rules = program.records[ir::at(side)];
  if (rules.active != ir::no_slot) {
    const Observation seen = snapshot.at(record, rules.active);
    const std::string& wanted = program.rules->schema(side).active_value;
    if (seen.state == State::value && seen.text != wanted) return false;
  }
  if (!rules.employments || rules.employment_end == ir::no_slot) return true;
  const Snapshot::List list = snapshot.list(record, *rules.employments);
  if (list.state != State::value) return true;
  const std::string day = to_text(today);
  for (ElementIndex element = list.first; element < list.first + list.count; ++element) {
    const Observation end = snapshot.element(*rules.employments, element, rules.employment_end);
    if (end.state != State::value || end.text >= day) return true;
  }
  return false;
}

}  // namespace dovetail

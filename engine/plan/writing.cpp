#include "engine/plan/writing.hpp"

#include <algorithm>

#include "engine/compare/select.hpp"

namespace dovetail {

using ir::at;

std::string NewElements::of_selection(ir::Side side, std::uint32_t selection) {
  for (const Known& known : known_) {
    if (known.side == side && known.selection == selection) return known.name;
  }
  known_.push_back({side, selection, next(side)});
  return known_.back().name;
}

std::string NewElements::next(ir::Side side) { return "+" + std::to_string(++count_[at(side)]); }

namespace {

ir::SlotId key_of_list(const ir::Program& program, const ir::Part& part, ir::Side side) {
  const ir::Layout& layout = program.layouts[at(side)];
  const ir::MemberId key = program.rules->schema(side).members[layout.lists[part.list].list].key;
  return key == ir::no_member ? ir::no_slot : layout.slot(key);
}

// One field's writes on one side.
class Writer {
 public:
  Writer(const PlanInput& input, const ir::FieldProgram& field, ir::Side target, const Place& place, NewElements& added,
         bool creating)
      : input_(input), field_(field), target_(target), place_(place), added_(added), creating_(creating) {}

  Writing make(const Sight& there, const Image& image) {
    const std::vector<ir::Part>& parts = field_.parts[at(target_)];
    there_ = &there;
    reshapes_ = field_.rule->has_shapes() && image.verdict == Image::Verdict::value && there.shape != image.shape;
    clears_whole_ = image.verdict == Image::Verdict::unset;
    result_.clears = result_.fills = true;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].compared) consider(parts[i], there.parts[i], image.parts[i]);
    }
    if (result_.writes.empty()) return std::move(result_);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (!parts[i].compared) consider(parts[i], there.parts[i], image.parts[i]);
    }
    return std::move(result_);
  }

 private:
  void consider(const ir::Part& part, Observation before, const Value& after) {
    if (!part.written || after.state == State::absent) return;
    const bool nothing_there = creating_ || before.state == State::unset;
    if (nothing_there && after.state == State::unset) return;
    // With the value go the members of its shape; elements that another shape stands for are not its.
    if (after.state == State::unset && field_.rule->has_shapes() &&
        is_of_another_element(input_.program, field_, target_, there_->shape, part)) {
      return;
    }
    if (!part.compared && before.state == State::absent && after.state == State::unset) return;
    // What was never agreed on is not emptied because its neighbour changed.
    if (part.only_along && after.state == State::unset && !clears_whole_ && !field_.rule->has_shapes()) return;
    if (!creating_ && stays(part, before, after)) return;
    forbid(part, nothing_there, after.state == State::unset);
    if (part.compared) {
      result_.clears &= after.state == State::unset;
      result_.fills &= nothing_there;
    }
    Write write{.member = part.member, .element = address(part)};
    write.before = creating_ ? Value{} : Value::of(before);
    write.after = after;
    write.field = field_.index;
    result_.reselects |= reselects(part, after);
    result_.writes.push_back(std::move(write));
  }

  // A value of another shape goes whole and in its own form, also where a member's type takes both forms for the same.
  bool stays(const ir::Part& part, Observation before, const Value& after) const {
    if (reshapes_ && before.state == State::value) return after.state == State::value && before.text == after.text;
    return same_value(part, before, after, context());
  }

  CheckContext context() const {
    return {input_.tables, input_.today, place_.view(target_).region(), input_.test_system};
  }

  void forbid(const ir::Part& part, bool fills, bool unsets) {
    const ir::Permission& allowed = part.permission;
    Block block{.path = part.path};
    block.limit = unsets ? allowed.unset : fills ? allowed.create : allowed.update;
    block.unset = unsets;
    if (block.limit == ir::Limit::none && is_derived(part)) block.limit = ir::Limit::schema;
    block.rule = block.limit == ir::Limit::clause   ? allowed.clause
                 : block.limit == ir::Limit::schema ? part.schema->origin
                                                    : field_.rule->origin;
    if (block.limit == ir::Limit::none) return;
    if (!result_.block || block.limit < result_.block->limit) result_.block = std::move(block);
  }

  bool is_derived(const ir::Part& part) const {
    if (part.derived_from == ir::no_slot || !place_.view(target_).exists()) return false;
    ir::Part source = part;
    source.slot = part.derived_from;
    const ir::Member& member = input_.program.rules->schema(target_).members[part.schema->derived_from];
    if (member.list == ir::no_member) {
      source.in_element = false;
      source.selection = ir::no_selection;
    }
    const State state = place_.view(target_).observe(source, place_.element(target_)).state;
    return state == State::value || state == State::masked;
  }

  // Also writes what an element that is made new must carry to be found again.
  std::string address(const ir::Part& part) {
    if (part.selection == ir::no_selection || part.in_element) {
      return element_of(input_.program, part, target_, place_);
    }
    const RecordView& view = place_.view(target_);
    const ir::Selection& selection = input_.program.records[at(target_)].selections[part.selection];
    if (view.exists() && view.selected(part.selection).kind == Selected::Kind::element) {
      return element_of(input_.program, part, target_, place_);
    }
    const std::string element = added_.of_selection(target_, part.selection);
    for (const auto& [member, value] : selection.creates) {
      Write write{.member = member, .element = element};
      write.after = {State::value, value};
      result_.writes.push_back(std::move(write));
    }
    return element;
  }

  // Whether the written day makes the selector choose another element than the one written to.
  bool reselects(const ir::Part& part, const Value& after) const {
    if (part.selection == ir::no_selection || creating_) return false;
    const ir::Selection& selection = input_.program.records[at(target_)].selections[part.selection];
    const RecordView& view = place_.view(target_);
    if (selection.kind == ir::Selector::Kind::where || (part.slot != selection.begin && part.slot != selection.end)) {
      return false;
    }
    const ElementIndex chosen = view.selected(part.selection).element;
    const Snapshot::List list = view.snapshot().list(view.record(), selection.list);
    std::vector<Span> spans;
    for (ElementIndex element = list.first; element < list.first + list.count; ++element) {
      const auto text = [&](ir::SlotId slot) {
        if (slot == ir::no_slot) return std::string_view();
        if (element == chosen && slot == part.slot) return std::string_view(after.text);
        return view.snapshot().element(selection.list, element, slot).text;
      };
      const std::string_view last = text(selection.end);
      spans.push_back({text(selection.begin), last.empty() ? open_end : last, text(selection.key)});
    }
    return list.first + choose(selection.kind, spans, to_text(input_.today)) != chosen;
  }

  const PlanInput& input_;
  const ir::FieldProgram& field_;
  ir::Side target_;
  const Place& place_;
  NewElements& added_;
  bool creating_;
  const Sight* there_ = nullptr;
  bool clears_whole_ = false;  // the source has no value of the whole field
  bool reshapes_ = false;      // a value of one shape takes the place of another's
  Writing result_;
};

}  // namespace

std::string element_of(const ir::Program& program, const ir::Part& part, ir::Side side, const Place& place) {
  if (part.in_element) {
    const ElementIndex element = place.element(side);
    if (element == no_element) return {};
    return std::string(place.view(side).element_id(part.list, key_of_list(program, part, side), element));
  }
  if (part.selection == ir::no_selection) return {};
  const ir::Selection& selection = program.records[at(side)].selections[part.selection];
  return std::string(
      place.view(side).element_id(selection.list, selection.key, place.view(side).selected(part.selection).element));
}

Writing make_writing(const PlanInput& input, const ir::FieldProgram& field, ir::Side target, const Place& place,
                     const Sight& there, const Image& image, NewElements& added, bool creating) {
  return Writer(input, field, target, place, added, creating).make(there, image);
}

}  // namespace dovetail

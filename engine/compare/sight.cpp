#include "engine/compare/sight.hpp"

#include <algorithm>
#include <string>

#include "engine/compare/pair_texts.hpp"

namespace dovetail {
namespace {

using ir::at;

// A pair whose other end is a literal: its path is a condition when this side is the source.
bool is_condition(const ir::PairProgram& pair, ir::Side side) {
  return !pair.parts[at(side)].empty() && pair.literal[at(other(side))].has_value();
}

bool has_literal(const ir::PairProgram& pair, ir::Side side) { return pair.literal[at(side)].has_value(); }

}  // namespace

bool counts(const ir::FieldProgram& field, const ir::PairProgram& pair, ir::Side side) {
  return !pair.companion && !is_condition(pair, side) && !has_literal(pair, side) && !field.parts[at(side)].empty();
}

namespace {

// What `valid` clauses of this side say about a pair's value; nullptr: nothing against it.
const ir::Clause* refused_by(const ir::PairProgram& pair, ir::Side side, const Sight& sight,
                             const CheckContext& context) {
  std::string sent;
  for (const ir::Clause* clause : pair.checks[at(side)]) {
    if (clause->kind != ir::Clause::Kind::valid) continue;
    const std::optional<std::string> whole = whole_text(pair, side, sight.parts, context);
    if (!whole) continue;
    sent.clear();
    if (clause->type->check(*whole, context, sent) != Fault::none) return clause;
  }
  return nullptr;
}

bool meets_condition(const ir::FieldProgram& field, const ir::PairProgram& pair, ir::Side side, const Sight& sight) {
  const Value& wanted = *pair.literal[at(other(side))];
  const std::uint32_t index = pair.parts[at(side)].front();
  const Observation& seen = sight.parts[index];
  if (wanted.state != State::value) return seen.state == wanted.state;
  const CheckedType* type = field.parts[at(side)][index].type;
  if (seen.state != State::value) return false;
  return type == nullptr ? seen.text == wanted.text : same_key(*type, seen.text, wanted.text);
}

// The states of a shape's (or the field's) members that count, folded.
struct Fold {
  bool any_absent = false, any_invalid = false, any_masked = false, any_value = false, any_unset = false;

  void add(State state) {
    any_absent |= state == State::absent;
    any_invalid |= state == State::invalid;
    any_masked |= state == State::masked;
    any_value |= state == State::value;
    any_unset |= state == State::unset;
  }
  State whole() const {
    if (any_absent) return State::absent;
    if (any_invalid) return State::invalid;
    if (any_masked) return State::masked;
    return any_value ? State::value : State::unset;
  }
};

// `converted`: the pairs' transforms must also have an image of the values.
bool shape_holds(const ir::FieldProgram& field, const ir::ShapeProgram& shape, ir::Side side, const Sight& sight,
                 const CheckContext& context, bool converted) {
  Fold fold;
  const bool leads_out = std::ranges::any_of(
      shape.pairs, [&](const ir::PairProgram& pair) { return flows_to(pair.direction, other(side)); });
  if (!leads_out) return false;
  for (const ir::PairProgram& pair : shape.pairs) {
    if (is_condition(pair, side) && !meets_condition(field, pair, side, sight)) return false;
    if (!counts(field, pair, side)) continue;
    for (const std::uint32_t part : pair.parts[at(side)]) fold.add(sight.parts[part].state);
    if (refused_by(pair, side, sight, context) != nullptr) return false;
    // At the provider's end of a table stand words, not what the transforms made.
    const bool carries = !pair.transforms->empty() && (side == ir::Side::hub || !pair.table);
    if (Texts texts; converted && carries && !carry(pair, side, sight.parts, context, texts)) return false;
  }
  return fold.whole() == State::value;
}

void fold_shapes(const ir::FieldProgram& field, ir::Side side, const CheckContext& context, Sight& sight) {
  Fold fold;
  for (const ir::ShapeProgram& shape : field.shapes) {
    for (const ir::PairProgram& pair : shape.pairs) {
      if (!counts(field, pair, side)) continue;
      for (const std::uint32_t part : pair.parts[at(side)]) fold.add(sight.parts[part].state);
    }
  }
  sight.state = fold.whole();
  sight.shape = -1;
  if (!fold.any_value || fold.any_absent) return;
  // Where no shape can be converted, the first that fits otherwise says best what is wrong with the value.
  for (const bool converted : {true, false}) {
    for (std::size_t i = 0; i < field.shapes.size(); ++i) {
      if (!shape_holds(field, field.shapes[i], side, sight, context, converted)) continue;
      sight.shape = static_cast<int>(i);
      sight.state = State::value;
      return;
    }
  }
}

void fold_pairs(const ir::FieldProgram& field, ir::Side side, const CheckContext& context, Sight& sight) {
  Fold fold;
  bool conditions = true;
  for (const ir::PairProgram& pair : field.shapes.front().pairs) {
    if (is_condition(pair, side)) conditions &= meets_condition(field, pair, side, sight);
    if (!counts(field, pair, side)) continue;
    for (const std::uint32_t part : pair.parts[at(side)]) fold.add(sight.parts[part].state);
    if (const ir::Clause* refused = refused_by(pair, side, sight, context)) {
      fold.any_invalid = true;
      sight.refused = refused;
    }
  }
  sight.state = fold.whole();
  sight.shape = sight.state == State::value && !conditions ? -1 : 0;
  sight.incomplete = field.all_parts[at(side)] && fold.any_unset;
}

}  // namespace

bool is_of_another_element(const ir::Program& program, const ir::FieldProgram& field, ir::Side side, int shape,
                           const ir::Part& part) {
  if (part.selection == ir::no_selection || part.in_element) return false;
  if (program.records[at(side)].selections[part.selection].kind != ir::Selector::Kind::where) return false;
  if (shape < 0) return true;
  return std::ranges::none_of(field.shapes[static_cast<std::size_t>(shape)].pairs, [&](const ir::PairProgram& pair) {
    return std::ranges::any_of(pair.parts[at(side)], [&](std::uint32_t of_shape) {
      return field.parts[at(side)][of_shape].selection == part.selection;
    });
  });
}

void look(const ir::FieldProgram& field, ir::Side side, const RecordView& record, ElementIndex element,
          const CheckContext& context, Sight& sight) {
  const std::vector<ir::Part>& parts = field.parts[at(side)];
  sight.parts.resize(parts.size());
  if (field.plain) {
    sight.parts.front() = record.observe(parts.front(), element);
    sight.state = sight.parts.front().state;
    sight.shape = 0;
    sight.incomplete = false;
    sight.ambiguous = record.ambiguous(parts.front());
    sight.undecided = record.undecided(parts.front());
    sight.refused = nullptr;
    return;
  }
  sight.ambiguous = sight.undecided = false;
  sight.incomplete = false;
  sight.refused = nullptr;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    sight.parts[i] = record.observe(parts[i], element);
    // Nobody can read it, so what was last written there stands for it, as with masked members.
    if (parts[i].schema->write_only && record.exists()) sight.parts[i] = {State::masked, {}};
    sight.ambiguous |= record.ambiguous(parts[i]);
    sight.undecided |= record.undecided(parts[i]);
  }
  if (field.rule->has_shapes()) {
    fold_shapes(field, side, context, sight);
  } else {
    fold_pairs(field, side, context, sight);
  }
}

}  // namespace dovetail

// What one side of one person says about one field, and about the whole of it.
#pragma once

#include <vector>

#include "engine/compare/record_view.hpp"
#include "engine/values/type.hpp"

namespace dovetail {

struct Sight {
  std::vector<Observation> parts;  // by FieldProgram::parts of the side; views into the snapshot
  // The field as a whole: absent if a part is, else invalid, else masked, else unset if every part is, else value.
  State state = State::absent;
  int shape = 0;                        // value: which shape this side's value takes as a source; -1: none
  bool incomplete = false;              // `all parts filled` is demanded on this side, and a part is unset
  bool ambiguous = false;               // a selector found several elements
  bool undecided = false;               // what a selector goes by is not of its type
  const ir::Clause* refused = nullptr;  // invalid because of this `valid` clause; nullptr: not of the member's type
};

// Whether a part stands in a list element that a condition selects and that this shape does not lead to; such elements
// are not of the value, and keep what they have. Negative: no shape.
bool is_of_another_element(const ir::Program& program, const ir::FieldProgram& field, ir::Side side, int shape,
                           const ir::Part& part);

// Whether the pair's members of this side make up the field's value there: not what only goes along with it, chooses a
// shape, or is a constant.
bool counts(const ir::FieldProgram& field, const ir::PairProgram& pair, ir::Side side);

// Fills `sight`, whose memory is reused. `context.region` is the record's own.
void look(const ir::FieldProgram& field, ir::Side side, const RecordView& record, ElementIndex element,
          const CheckContext& context, Sight& sight);

}  // namespace dovetail

// What a system demands beside a field's writes, and no rule would give.
#pragma once

#include <span>

#include "engine/compare/comparer.hpp"
#include "engine/plan/plan.hpp"

namespace dovetail {

// A member without a value that a write cannot go without.
struct Lacking {
  const ir::Member* member = nullptr;   // nullptr: nothing is lacking
  const ir::Member* partner = nullptr;  // what is written only together with it
  const ir::Member* object = nullptr;   // what is there only with it; without either, every element needs it
  bool any() const { return member != nullptr; }
};

// A member, required on creation, that an element would be without: one that the writes add, or one in which they set
// other members and clear this one. Nothing if another rule may give it. `open`: what is asked for.
Lacking find_lacking(const PlanInput& input, const ir::FieldProgram& field, ir::Side target,
                     std::span<const Write> writes, std::span<const Question> open);

// A member that one of the writes goes only together with, that no rule gives, and that has no value in the target.
// `place`: of the records; nothing is there where `creating`.
Lacking find_lacking_partner(const PlanInput& input, ir::Side target, const Place& place, bool creating,
                             std::span<const Write> writes);

// A member, required on creation, that an optional object of the record would be without: one that the writes bring
// into being, or one in which they set other members and clear this one. Nothing if another field may give it, or if it
// is not known what the target has there. `open`: what is asked for.
Lacking find_lacking_in_object(const PlanInput& input, const ir::FieldProgram& field, ir::Side target,
                               const Place& place, std::span<const Write> writes, std::span<const Question> open);

// That member's value as it stands: of the record, or of the element that is called so. State absent: it was not read.
Observation beside(const PlanInput& input, ir::Side target, RecordIndex record, std::string_view element,
                   ir::MemberId member);

}  // namespace dovetail

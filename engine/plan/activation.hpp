// Groups that send only what has changed since the connection was activated.
#pragma once

#include <string>
#include <vector>

#include "engine/base.hpp"
#include "engine/compare/record_view.hpp"

namespace dovetail {

// True if an element that the group's fields are taken from was created or changed after activation: it is not among
// the link's marks of its list, or its mark says otherwise of a member. What nobody could have marked is unchanged: a
// list that was not read then, or a member that the group did not take.
bool changed_since_activation(const ir::Program& program, std::uint32_t group, const RecordView& hub, const Link& link);

// The same of one element of an `each` in such a group.
bool element_changed_since_activation(const ir::Program& program, const ir::ListProgram& list, const RecordView& hub,
                                      ElementIndex element, const Link& link);

// Marks of every element that activation groups could take something from, as they are now.
Few<ActivationMark> activation_marks(const ir::Program& program, const RecordView& hub);

// Adds what could not be marked when the others were, as it is now.
void complete_marks(const ir::Program& program, const RecordView& hub, Few<ActivationMark>& marks);

}  // namespace dovetail

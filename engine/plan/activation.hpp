// Groups that send only what has changed since the connection was activated.
#pragma once

#include <string>
#include <vector>

#include "engine/base.hpp"
#include "engine/compare/record_view.hpp"

namespace dovetail {

// True if an element that the group's fields are taken from was created or changed after activation: the link has no
// mark of it, or one with another hash.
bool changed_since_activation(const ir::Program& program, std::uint32_t group, const RecordView& hub, const Link& link);

// Marks of every element that activation groups could take something from, as they are now.
std::vector<ActivationMark> activation_marks(const ir::Program& program, const RecordView& hub);

}  // namespace dovetail

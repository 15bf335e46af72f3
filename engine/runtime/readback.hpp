// What a record that was read again says about single members.
#pragma once

#include <string_view>

#include "engine/ir/schema.hpp"
#include "engine/snapshot.hpp"

namespace dovetail {

// The member of the first record of `fresh`, in the list element of that id if it stands in one. Absent: the read says
// nothing about it, because the layout leaves it out or the list was not read. Unset: there is no such element.
Observation observe(const Snapshot& fresh, const ir::Schema& schema, ir::MemberId member, std::string_view element);

// By the member's key where both are values.
bool same_observation(const ir::Member& member, Observation a, Observation b);

}  // namespace dovetail

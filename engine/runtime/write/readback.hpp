// What a record that was read again says about single members.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ir/layout.hpp"
#include "engine/ir/schema.hpp"
#include "engine/plan/plan.hpp"
#include "engine/snapshot.hpp"

namespace dovetail {

// Just these members, of elements with the keys that tell them apart: a record that is read by it costs no call for
// anything else.
ir::Layout layout_of(const ir::Schema& schema, const std::vector<ir::MemberId>& members);

// The member of a record of `fresh`, in the list element of that id if it stands in one. Absent: the read says
// nothing about it, because the layout leaves it out or the list was not read. Unset: there is no such element.
Observation observe(const Snapshot& fresh, const ir::Schema& schema, ir::MemberId member, std::string_view element,
                    RecordIndex record = 0);

struct ElementValue {
  ir::MemberId member = ir::no_member;
  Value value;
};

// The id of an element in the first record of `fresh` with all of these values, of one list; what the read says nothing
// about is left out. nullopt: there is none, or the read tells about none of them.
std::optional<std::string> find_element(const Snapshot& fresh, const ir::Schema& schema,
                                        const std::vector<ElementValue>& values);

// Of what a new record was to be made of, by index: the values that its first record in `fresh` does not show, of
// elements all or none. What the read says nothing about counts as shown, and so does another value.
std::vector<std::size_t> not_shown(const Snapshot& fresh, const ir::Schema& schema, std::span<const Write> writes);

// By the member's key where both are values.
bool same_observation(const ir::Member& member, Observation a, Observation b);

}  // namespace dovetail

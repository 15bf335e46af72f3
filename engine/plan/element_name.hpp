// What people know a list element by.
#pragma once

#include <string>
#include <string_view>

#include "engine/plan/plan.hpp"

namespace dovetail {

// The value that the element is matched by, as the start date of a period: the hub's, or else the provider's. Its id
// where that has none, or is secret; empty: there is no element.
std::string element_name(const PlanInput& input, const Person& person, FieldIndex field, const std::string& hub_element,
                         const std::string& provider_element);

// The value that the element of this id is matched by in one record; empty: it has none, it is secret, or the field
// stands in no list. `field`: of the list.
std::string match_value(const ir::Program& program, ir::Side side, const Snapshot& snapshot, RecordIndex record,
                        FieldIndex field, std::string_view id);

// "Job title", in an element "Job title [2025-09-20]"; empty: the entry is about the person.
std::string field_name(const PlanInput& input, const Person& person, const Entry& entry);

}  // namespace dovetail

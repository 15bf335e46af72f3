// List elements that came under two people in one read.
#pragma once

#include <string>
#include <vector>

#include "engine/ir/schema.hpp"
#include "engine/snapshot.hpp"

namespace dovetail::providers {

// An id of an element belongs to one person: where several have it, one of them was answered with another's list, and
// nobody knows which. That list counts as not read for all of them, and a note says so.
void withhold_shared_elements(const ir::Schema& schema, Snapshot& read, std::vector<std::string>& notes);

}  // namespace dovetail::providers

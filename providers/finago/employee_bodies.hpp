// What Finago is sent about an employee, besides the changes themselves.
#pragma once

#include <vector>

#include "providers/toolkit/json_answer.hpp"
#include "providers/toolkit/wire_writes.hpp"

namespace dovetail::providers::finago {

// An object on the wire is written whole: what the writes leave out is taken from the record; nullptr: there is none.
// An Error of kind data where one would be sent without content.
Result<void> complete_objects(std::vector<WireWrite>& writes, const JsonNode* record);

// The writes, and every other text that the record has.
std::vector<WireWrite> with_the_rest(std::vector<WireWrite> writes, const JsonNode& before);

// Something that the writes are not about had a value before, and has none now.
bool lost_others(const std::vector<WireWrite>& writes, const JsonNode& before, const JsonNode& after);

}  // namespace dovetail::providers::finago

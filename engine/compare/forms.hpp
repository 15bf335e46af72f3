// The sent form and the key of a member's value, as the member's type and the `valid` clauses of the rule have them.
#pragma once

#include <string>
#include <string_view>

#include "engine/ir/program.hpp"
#include "engine/values/observation.hpp"

namespace dovetail {

// A text in the sent form of the type; as it is where the type refuses it, or is nullptr.
std::string sent_form(const CheckedType* type, std::string_view text, const CheckContext& context);

// Appends the key by which values of the member are compared, matched and unique. `text` is in the sent form of the
// member's own type; a type that a clause demands counts before it, if it takes the text.
void append_key(const ir::Part& part, std::string_view text, const CheckContext& context, std::string& key);

// True for two values with one key, and for two of the same state without a value.
bool same_value(const ir::Part& part, Observation a, Observation b, const CheckContext& context);

}  // namespace dovetail

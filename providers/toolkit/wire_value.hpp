// One member's text on the wire and what it says: empty rules, masks, enumerations, and the type's sent form.
#pragma once

#include <string>
#include <string_view>

#include "engine/ir/schema.hpp"
#include "engine/values/observation.hpp"
#include "engine/values/type.hpp"
#include "providers/toolkit/tree.hpp"

namespace dovetail::providers {

// Judges a text as it stands in a document. Not of the member's type: invalid, with the text as it is.
Value read_wire(const ir::Member& member, std::string_view raw, const CheckContext& context);
// The same; the text, if there is one, is appended to `text`.
State read_wire(const ir::Member& member, std::string_view raw, const CheckContext& context, std::string& text);

// Whether `true` or `false` of JSON, which is no text, can be a value of the member.
bool takes_boolean(const ir::Member& member, std::string_view word);

// How a value in sent form is written.
Scalar write_wire(const ir::Member& member, std::string_view sent);

}  // namespace dovetail::providers

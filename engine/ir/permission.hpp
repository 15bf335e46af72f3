// What a write may do to one member under the rules and the schema. Bits are narrowed here, never widened.
#pragma once

#include "engine/ir/program.hpp"

namespace dovetail::ir {

// `of_pair`: the clauses of the pair that the member stands in, besides the field's own.
Permission permission(const Member& member, const Field& field, const std::vector<Clause>& of_pair, Side side);

}  // namespace dovetail::ir

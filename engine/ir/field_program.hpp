// Compiles one field: its members as numbered parts, its pairs as indexes into them.
#pragma once

#include "engine/ir/program.hpp"

namespace dovetail::ir {

// `program` has its rules, layouts and tables; selections that the field needs are added to its records.
FieldProgram compile_field(Program& program, const Field& field, std::uint32_t index);

// `match PATH <-> PATH`. The field has no rule and no index; it is compared by nobody.
FieldProgram compile_match_pair(Program& program, const Pair& pair);

// One member as rules address it; `each`: the list rule whose element is at hand. Its permission is open.
Part make_part(Program& program, Side side, const Path& path, std::optional<std::uint32_t> each);

}  // namespace dovetail::ir

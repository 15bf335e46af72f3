// Records moved between snapshots of one layout, and hashed.
#pragma once

#include <string>
#include <string_view>

#include "engine/base.hpp"
#include "engine/ir/program.hpp"
#include "engine/snapshot.hpp"

namespace dovetail {

// Appends one record of `from`; both have the same layout.
void copy_record(const Snapshot& from, RecordIndex record, Snapshot& into);

// The record's id; empty: it has none.
std::string_view id_of(const ir::Program& program, ir::Side side, const Snapshot& snapshot, RecordIndex record);

// Everything of `from` but the record of that id, with its completeness.
Snapshot without(const ir::Program& program, ir::Side side, const Snapshot& from, std::string_view id);

// Changes when anything that the rules read of the record does.
std::string record_hash(const Snapshot& snapshot, RecordIndex record, const SecretHasher& hasher);

}  // namespace dovetail

// A map from disk, compiled for a subcommand; what is wrong in it is said on standard error.
#pragma once

#include <memory>
#include <string>

#include "dsl/compile.hpp"
#include "engine/values/reference_tables.hpp"
#include "tools/mapcheck/subcommands.hpp"

namespace dovetail::mapcheck {

struct Compiled {
  ReferenceTables tables;
  dsl::Loaded loaded;
  dsl::CompileResult result;
};

// nullptr: the file can't be read, is no map, or has errors. That has been said, and `session.exit` tells which.
std::unique_ptr<Compiled> compile_map(const std::string& wanted, Session& session);

}  // namespace dovetail::mapcheck

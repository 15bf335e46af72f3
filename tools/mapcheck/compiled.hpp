// A map from disk, compiled for a subcommand; what is wrong in it is said on standard error.
#pragma once

#include <memory>
#include <string>

#include "dsl/compile.hpp"
#include "engine/error.hpp"
#include "engine/values/reference_tables.hpp"
#include "tools/mapcheck/subcommands.hpp"

namespace dovetail::mapcheck {

struct Compiled {
  Result<ReferenceTables> tables;  // an error: why there are none, so that values are not judged
  dsl::Loaded loaded;
  dsl::CompileResult result;
};

// Says on standard error what keeps us from the work, and makes `exit` the program's, unless a graver one is.
void fail(Session& session, ExitCode exit, const std::string& what);

// nullptr: the file can't be read, is no map, or has errors. That has been said, and `session.exit` tells which.
std::unique_ptr<Compiled> compile_map(const std::string& wanted, Session& session);

}  // namespace dovetail::mapcheck

// What a host would be answered, for programs that read standard output.
#pragma once

#include <string_view>

#include "engine/api/json_file.hpp"
#include "engine/api/runtime.hpp"

namespace dovetail::tools {

// Prints it as a document of that kind: {"dovetail": KIND, "version": 1, …}. The exit code; of a failure, which is told
// on standard error, could_not_run.
int print_answer(Runtime& runtime, std::string_view kind, const Json& request);

}  // namespace dovetail::tools

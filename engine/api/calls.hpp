// What a host asks of a runtime as JSON, and is answered: docs/api.md.
#pragma once

#include <string>
#include <string_view>

#include "engine/api/runtime.hpp"

namespace dovetail {

struct Answered {
  enum class Kind : std::uint8_t { done, needs_person, failed };
  Kind kind = Kind::failed;
  std::string json;  // failed: {"error": {"kind": "…", "what": "…"}}
};

// Never throws for what stands in the request.
Answered answer(Runtime& runtime, std::string_view request);

// The options of dovetail_open. Error::input: what is wrong with them.
Result<RuntimeOptions> read_options(std::string_view json);

std::string error_json(const Error& error);

}  // namespace dovetail

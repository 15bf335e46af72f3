// The calls by name. A new one is a function and a line in its table.
#pragma once

#include <span>
#include <string_view>

#include "engine/api/arguments.hpp"
#include "engine/api/runtime.hpp"

namespace dovetail {

struct Reply {
  Json json;
  bool needs_person = false;
};

struct Call {
  std::string_view name;
  Result<Reply> (*answer)(Runtime& runtime, Arguments& arguments);
};

std::span<const Call> connection_calls();
std::span<const Call> people_calls();
std::span<const Call> run_calls();
std::span<const Call> undo_calls();
std::span<const Call> work_calls();

Json instant_json(Instant instant);  // "2026-01-31T12:00:00.000Z"; null: never

}  // namespace dovetail

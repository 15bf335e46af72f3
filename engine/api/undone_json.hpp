// What an undo did, for hosts and programs.
#pragma once

#include "engine/api/json_file.hpp"
#include "engine/runtime/run/undo.hpp"

namespace dovetail {

// {"run": …, "summary": …, "changes": […], "left": […]}, without values.
Json undone_json(const Opened& opened, const Undone& undone);

}  // namespace dovetail

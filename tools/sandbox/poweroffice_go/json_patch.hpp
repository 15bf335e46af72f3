// JSON Patch as Microsoft's library applies it to a typed object: names without regard to case, remove = null, and its
// words.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "tools/sandbox/poweroffice_go/members.hpp"

namespace dovetail::sandbox::poweroffice_go {

// `document` after all operations, or the library's message about the first that failed: then nothing is changed.
// Only members that may be patched exist for it.
std::expected<Json, std::string> patched(Json document, const Json& operations, const std::vector<Member>& members,
                                         bool lenient);

}  // namespace dovetail::sandbox::poweroffice_go

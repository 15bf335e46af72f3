// JSON Patch as Microsoft's library applies it to a typed object: names without regard to case, remove = null, and its
// words.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "tools/sandbox/poweroffice_go/members.hpp"

namespace dovetail::sandbox::poweroffice_go {

struct PatchManner {
  bool lenient = false;          // numbers and booleans as text are taken
  bool creates_objects = false;  // a path below an object that is not there makes it
};

// `document` after all operations, or the library's message about the first that failed: then nothing is changed.
// Only members that may be patched exist for it.
std::expected<Json, std::string> patched(Json document, const Json& operations, const std::vector<Member>& members,
                                         const PatchManner& manner);

}  // namespace dovetail::sandbox::poweroffice_go

// Reading a file of ours that is one long list, without holding a tree of it.
#pragma once

#include <functional>
#include <string>

#include "engine/api/json_file.hpp"

namespace dovetail {

// As read_json_file, but each object of the outermost object's list `list` is handed to `take` as it is read and
// forgotten; its number stands in its place then. An object with a member twice is named by the item that it is in.
Result<Json> read_json_file(const std::string& path, const std::string& kind, const std::string& list,
                            const std::function<void(const Json&)>& take);

}  // namespace dovetail

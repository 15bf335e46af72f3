// What the operating system refused, in words that say what to do where that is known.
#pragma once

#include <string>

namespace dovetail {

// Of an errno: "Permission denied", "Too many open files: this process may open no more; …".
std::string system_error(int error);

}  // namespace dovetail

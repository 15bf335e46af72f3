// What the operating system refused, in words that say what to do where that is known.
#pragma once

#include <exception>
#include <optional>
#include <string>

namespace dovetail {

// Of an errno: "Permission denied", "Too many open files: this process may open no more; …".
std::string system_error(int error);

// Of what was thrown: who has no more memory or threads to give, and what to do. nullopt: it says something else.
std::optional<std::string> what_is_lacking(const std::exception& thrown);

}  // namespace dovetail

// The names of the kinds of errors, as documents, logs and reports write them.
#pragma once

#include <string_view>

#include "engine/error.hpp"

namespace dovetail {

std::string_view name(Error::Kind kind);

}  // namespace dovetail

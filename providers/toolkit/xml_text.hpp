// What must be true of a text before it is parsed as XML.
#pragma once

#include <string>
#include <string_view>

#include "engine/error.hpp"

namespace dovetail::providers {

// The document in UTF-8, its declaration saying so. Refuses other encodings than UTF-8 and ISO-8859-1 and -15, bytes
// that are not text, document types, and entities other than XML's own.
Result<std::string> xml_as_utf8(std::string_view file, std::string_view text);

}  // namespace dovetail::providers

// XML documents: the records are the elements of one name, at any depth.
#pragma once

#include <memory>
#include <string>

#include "providers/toolkit/tree.hpp"

namespace dovetail::providers {

// `file` is how messages name the text. UTF-8, or ISO-8859-1 and -15 where the declaration says so; written back as
// UTF-8. Refuses document types and entities other than XML's own five, ill-formed text, more than one root, and more
// than 100 levels. Names are matched exactly, else ignoring ASCII case.
Result<std::unique_ptr<Tree>> parse_xml(std::string file, std::string text, std::string_view record_name);

}  // namespace dovetail::providers

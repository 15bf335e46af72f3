// Whether a file's bytes are text at all.
#pragma once

#include "dsl/grammar/reporter.hpp"

namespace dovetail::dsl::grammar {

// Reports bytes that are not UTF-8, and control characters, once for the file. False: it is no text, and parsing it
// would only repeat that.
bool check_encoding(const SourceFile& source, Reporter& reporter);

}  // namespace dovetail::dsl::grammar

// What a trace may show: the shape of a message, the system's own words about an error, and no personal values.
#pragma once

#include <string>
#include <string_view>

namespace dovetail::providers {

// Names stay; values become "…", but for words of an error or a patch, in which addresses and long numbers become "…".
// Bodies that are neither JSON, XML nor a form become "(17 bytes)".
std::string masked_body(std::string_view body);

// Of the query only the names stay, and short numbers; long digits in the path become "…".
std::string masked_target(std::string_view target);

// Words of a system: e-mail addresses, runs of letters and digits with four digits or more, and numbers in groups that
// have as many together, become "…".
std::string masked_words(std::string_view words);

}  // namespace dovetail::providers

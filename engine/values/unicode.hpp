// The Unicode that values need: normal forms, case folding, domain names. The only place that knows ICU.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dovetail {

// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

// The functions below want well-formed UTF-8, and append to `out`.

// Nothing but Unicode white space: no text at all by its key.
bool is_blank(std::string_view text);

// NFC, outer Unicode white space cut, inner runs of it made one space: by this, texts are compared. Case counts.
void append_text_key(std::string_view text, std::string& out);

// NFKC_Casefold, then white space as above: by this, names of people are compared. Empty if nothing visible is left.
void append_name_key(std::string_view text, std::string& out);

// Full case mapping without the customs of any language.
void append_upper_case(std::string_view text, std::string& out);
void append_lower_case(std::string_view text, std::string& out);

// The domain as A-labels by UTS #46 (non-transitional, STD3, CheckBidi, CheckJoiners). False: it has none.
bool append_a_labels(std::string_view domain, std::string& out);

}  // namespace dovetail

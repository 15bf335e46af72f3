// Small pieces of text and bytes that every simulated system needs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dovetail::sandbox {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string lower(std::string_view text);                               // ASCII only
std::string upper(std::string_view text);                               // ASCII only
std::string trim(std::string_view text);                                // blanks, tabs, CR, LF at both ends
bool equal_fold(std::string_view left, std::string_view right);         // ASCII case ignored
bool has_fold(std::string_view text, std::string_view part);            // `part` occurs in `text`, ASCII case ignored
bool all_digits(std::string_view text);                                 // false when empty
std::vector<std::string> split(std::string_view text, char separator);  // keeps empty parts; "" gives one
std::string replace_all(std::string text, std::string_view from, std::string_view to);

// nullopt unless the whole text is an integer that fits.
std::optional<long long> to_number(std::string_view text);

// %XX and, where `plus` says so, '+' for a blank. A broken escape stays as it is.
std::string url_decode(std::string_view text, bool plus);
std::string url_encode(std::string_view text);
// The pairs of a query string or a form body, decoded, in their order.
Pairs query_pairs(std::string_view query);

// nullopt when `text` is no base64.
std::optional<std::string> base64_decode(std::string_view text);
std::string base64_encode(std::string_view bytes, bool url_safe = false);  // url_safe: no padding either

}  // namespace dovetail::sandbox

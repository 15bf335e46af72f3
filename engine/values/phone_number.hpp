// Telephone numbers of all countries. The only place that knows libphonenumber.
#pragma once

#include <string>
#include <string_view>

namespace dovetail {

enum class PhoneVerdict : unsigned char { valid, no_region, no_number, not_in_plan };

// Reads a number as written in `region` (alpha-2, upper case; unknown or empty: only the international form is one).
// Valid: its E.164 form is appended to `e164`.
PhoneVerdict judge_phone(std::string_view written, std::string_view region, std::string& e164);

// Appends the national form as the number's own country writes it, given E.164. False: no such number.
bool append_national_form(std::string_view e164, std::string& out);

// Appends the digits of the national number (with their leading zero where they have one), without country code, if
// the number is of `region`. False: it is another country's.
bool append_national_digits(std::string_view e164, std::string_view region, std::string& out);

}  // namespace dovetail

// The conversions that the list of transforms (transforms.cpp) names; contract: Transform. The argument counts hold
// when they are called: `in` has as many values as the transform says, `arguments` too. An empty value stands for an
// unset member of a joined one.
#pragma once

#include "engine/values/transform.hpp"

namespace dovetail {

using Conversion = bool(std::span<const std::string_view> in, std::span<const std::string> arguments,
                        const CheckContext& context, Texts& out);

// text.cpp
Conversion to_trimmed, to_upper, to_lower, to_digits, to_padded, from_padded, to_prefixed, from_prefixed, to_integer,
    from_integer, to_decimal_comma, from_decimal_comma;

// dates.cpp
Conversion to_dotted_date, from_dotted_date, to_compact_date, from_compact_date, to_midnight, from_midnight,
    to_birth_date_of_fnr, to_birth_date_of_hetu, to_birth_date_of_cpr, to_birth_date_of_personnummer;

// accounts.cpp
Conversion to_clearing_and_account, from_clearing_and_account, to_iban_of_no_account, from_iban_of_no_account,
    to_iban_of_fi_account, from_iban_of_fi_account, to_iban_of_se_account, to_bic_of_iban, to_iban_with_bic,
    from_iban_with_bic;

// contact.cpp
Conversion to_national_phone, from_national_phone, to_double_zero_phone, from_double_zero_phone, to_digits_phone,
    from_digits_phone, to_alpha3, from_alpha3, to_spaced_postal_code, from_spaced_postal_code;

// Gives `text` as the one result.
inline bool give(Texts& out, std::string text) {
  out.assign(1, std::move(text));
  return true;
}

}  // namespace dovetail

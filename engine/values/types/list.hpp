// The checks, keys and sentences that the list of types (types.cpp) names; contracts: CheckedType.
#pragma once

#include "engine/values/type.hpp"

namespace dovetail {

using Check = Fault(std::string_view raw, const CheckContext& context, std::string& sent);
using Key = void(std::string_view sent, std::string& key);
using Sentence = std::string_view(Fault fault);

// text.cpp, number.cpp, date.cpp
Check check_text, check_integer, check_decimal, check_boolean, check_iso_date, check_iso_datetime;
Key key_text, key_iso_datetime;
Sentence sentence_text, sentence_integer, sentence_decimal, sentence_boolean, sentence_iso_date, sentence_iso_datetime;

// bank_account.cpp, no_account.cpp, se_bank_account.cpp, iban.cpp, bic.cpp
Check check_bank_account, check_no_account, check_se_bank_account, check_iban, check_bic;
Key key_bank_account, key_no_account, key_se_bank_account, key_bic;
Sentence sentence_bank_account, sentence_no_account, sentence_se_bank_account, sentence_iban, sentence_bic;

// no_fnr.cpp, se_personnummer.cpp, dk_cpr.cpp, fi_hetu.cpp
Check check_no_fnr, check_no_fnr_2032, check_no_fnr_synthetic, check_se_personnummer, check_dk_cpr, check_fi_hetu,
    check_fi_hetu_synthetic;
Sentence sentence_no_fnr, sentence_se_personnummer, sentence_dk_cpr, sentence_fi_hetu;

// country.cpp, postal_code.cpp, phone.cpp, email.cpp, equality.cpp
Check check_country_alpha2, check_country_alpha3, check_postal_code, check_phone, check_email, check_name_equal,
    check_email_equal;
Key key_postal_code, key_email;
Sentence sentence_country_alpha2, sentence_country_alpha3, sentence_postal_code, sentence_phone, sentence_email,
    sentence_equality;

}  // namespace dovetail

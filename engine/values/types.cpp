#include <algorithm>
#include <array>

#include "engine/values/type.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {
namespace {

// name, rule, check, key, sentence
constexpr std::array types = {
    CheckedType{.name = "text",
                .rule = "any text but control characters; outer blanks are cut",
                .check = check_text,
                .key = key_text,
                .sentence = sentence_text,
                .of_lines = true},
    CheckedType{"integer", "a whole number of at most 18 digits", check_integer, nullptr, sentence_integer},
    CheckedType{"decimal", "a number with a decimal point, of at most 18 digits", check_decimal, nullptr,
                sentence_decimal},
    CheckedType{"boolean", "true or false", check_boolean, nullptr, sentence_boolean},
    CheckedType{"date", "a day of the calendar, as YYYY-MM-DD", check_iso_date, nullptr, sentence_iso_date},
    CheckedType{"iso_date", "a day of the calendar, as YYYY-MM-DD", check_iso_date, nullptr, sentence_iso_date},
    CheckedType{"iso_datetime", "a point in time with seconds and zone (RFC 3339)", check_iso_datetime,
                key_iso_datetime, sentence_iso_datetime},
    CheckedType{"bank_account", "any account number: domestic or IBAN, blanks dropped", check_bank_account,
                key_bank_account, sentence_bank_account},
    CheckedType{"no_account", "Norwegian bank account: 11 digits, modulus 11", check_no_account, key_no_account,
                sentence_no_account},
    CheckedType{"se_bank_account", "Swedish bank account: clearing number and account, checked as the bank's list says",
                check_se_bank_account, key_se_bank_account, sentence_se_bank_account},
    CheckedType{"iban", "international bank account number of 89 countries", check_iban, nullptr, sentence_iban},
    CheckedType{"bic", "bank identifier code: 8 or 11 characters with a country code", check_bic, key_bic,
                sentence_bic},
    CheckedType{"no_fnr", "Norwegian birth number or D-number", check_no_fnr, nullptr, sentence_no_fnr},
    CheckedType{"no_fnr_2032", "no_fnr with the control digits issued from 2032", check_no_fnr_2032, nullptr,
                sentence_no_fnr},
    CheckedType{"no_fnr_synthetic", "no_fnr, and the numbers of test systems (month + 80, 65 or 40)",
                check_no_fnr_synthetic, nullptr, sentence_no_fnr},
    CheckedType{"se_personnummer", "Swedish personal number or samordningsnummer", check_se_personnummer, nullptr,
                sentence_se_personnummer},
    CheckedType{"dk_cpr", "Danish CPR number: 10 digits that begin with a birth date", check_dk_cpr, nullptr,
                sentence_dk_cpr},
    CheckedType{"fi_hetu", "Finnish personal identity code, with the characters of 2023", check_fi_hetu, nullptr,
                sentence_fi_hetu},
    CheckedType{"fi_hetu_synthetic", "fi_hetu, and the temporary and test codes 900-999", check_fi_hetu_synthetic,
                nullptr, sentence_fi_hetu},
    CheckedType{"country_alpha2", "two-letter country code (ISO 3166-1)", check_country_alpha2, nullptr,
                sentence_country_alpha2},
    CheckedType{"country_alpha3", "three-letter country code (ISO 3166-1)", check_country_alpha3, nullptr,
                sentence_country_alpha3},
    CheckedType{.name = "postal_code",
                .rule = "postal code as the country writes it",
                .check = check_postal_code,
                .key = key_postal_code,
                .sentence = sentence_postal_code,
                .by_region = true},
    CheckedType{.name = "postal_text",
                .rule = "a postal code that is not checked; blanks don't count",
                .check = check_text,
                .key = key_postal_code,
                .sentence = sentence_text,
                .of_lines = true},
    CheckedType{.name = "phone",
                .rule = "telephone number; without + it is one of the record's country",
                .check = check_phone,
                .key = nullptr,
                .sentence = sentence_phone,
                .by_region = true},
    CheckedType{"email", "e-mail address; domains of all scripts", check_email, key_email, sentence_email},
    CheckedType{.name = "name_equal",
                .rule = "two names that are the same, however they are cased and composed",
                .check = check_name_equal,
                .key = nullptr,
                .sentence = sentence_equality,
                .of_two = true},
    CheckedType{.name = "email_equal",
                .rule = "two e-mail addresses that are the same, however they are cased",
                .check = check_email_equal,
                .key = nullptr,
                .sentence = sentence_equality,
                .of_two = true},
};

std::string_view general_sentence(Fault fault) {
  switch (fault) {
    case Fault::none:
      break;
    case Fault::empty:
      return "there is no value";
    case Fault::not_utf8:
      return "the value is not UTF-8 text";
    case Fault::syntax:
      return "the value holds characters that do not belong there";
    case Fault::length:
      return "the value is too short or too long";
    case Fault::date:
      return "the value holds no day that exists, or one that lies ahead";
    case Fault::serial:
      return "the value is of a series that is not issued";
    case Fault::check_digit:
      return "the check digit does not fit: probably a typing error";
    case Fault::unknown_bank:
      return "the bank is not known";
    case Fault::unknown_country:
      return "there is no such country";
    case Fault::unknown_code:
      return "the value is not in the list of codes";
    case Fault::region:
      return "the country is not known";
    case Fault::range:
      return "the number is out of range";
    case Fault::different:
      return "the two values are not equal";
  }
  return "the value is valid";
}

}  // namespace

std::string_view name(Fault fault) {
  constexpr std::array<std::string_view, 14> names = {
      "none",        "empty",        "not-utf8",        "syntax",       "length", "date",  "serial",
      "check-digit", "unknown-bank", "unknown-country", "unknown-code", "region", "range", "different"};
  return names[static_cast<std::size_t>(fault)];
}

std::span<const CheckedType> checked_types() { return types; }

const CheckedType* find_type(std::string_view name) {
  const auto found = std::ranges::find(types, name, &CheckedType::name);
  return found == types.end() ? nullptr : &*found;
}

std::string_view describe(const CheckedType& type, Fault fault) {
  const std::string_view own = type.sentence == nullptr ? std::string_view() : type.sentence(fault);
  return own.empty() ? general_sentence(fault) : own;
}

void append_key(const CheckedType& type, std::string_view sent, std::string& key) {
  if (type.key == nullptr) {
    key.append(sent);
  } else {
    type.key(sent, key);
  }
}

bool same_key(const CheckedType& type, std::string_view sent, std::string_view other) {
  if (type.key == nullptr || sent == other) return sent == other;
  std::string key;
  std::string other_key;
  type.key(sent, key);
  type.key(other, other_key);
  return key == other_key;
}

}  // namespace dovetail

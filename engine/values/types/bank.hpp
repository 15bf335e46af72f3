// What the bank account types and the conversions between them share.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "engine/values/reference_tables.hpp"
#include "engine/values/type.hpp"

namespace dovetail {

// The rule of Norwegian accounts without separators: 11 ASCII digits.
Fault judge_no_account(std::string_view eleven_digits);

// The 14 digits of a Finnish account written as 123456-785, its check digit being right; nullopt: it is none.
std::optional<std::string> find_fi_bban(std::string_view written);
// The other way round, for 14 digits.
std::string fi_account_text(std::string_view bban);

// A Swedish account taken apart and checked.
struct SeAccount {
  std::array<char, 5> clearing{};  // without separators
  std::size_t clearing_length = 0;
  std::array<char, 10> account{};  // zero-filled as its bank wants it
  std::size_t account_length = 0;
  const ClearingRange* range = nullptr;

  std::string_view clearing_text() const { return {clearing.data(), clearing_length}; }
  std::string_view account_text() const { return {account.data(), account_length}; }
};
Fault judge_se_account(std::string_view raw, const ReferenceTables& tables, SeAccount& out);

// The IBAN of a BBAN (letters upper case): country, check digits, BBAN. Appends it.
void append_iban(std::string_view country, std::string_view bban, std::string& out);

// The length and the characters of a BIC, upper case; whether the country exists is not looked at.
bool has_bic_shape(std::string_view bic);

}  // namespace dovetail

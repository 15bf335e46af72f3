// International bank account numbers.
#include <cassert>

#include "engine/values/types/ascii.hpp"
#include "engine/values/types/bank.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {
namespace {

constexpr std::size_t longest = 34;

// `rest` (mod 97) followed by more digits or letters (A is 10, Z is 35).
int continued(int rest, std::string_view text) {
  for (const char c : text) {
    rest = ascii::is_digit(c) ? (rest * 10 + ascii::digit(c)) % 97 : (rest * 100 + (c - 'A') + 10) % 97;
  }
  return rest;
}

bool has_structure(std::string_view bban, const BbanStructure& structure) {
  std::size_t at = 0;
  for (const auto& run : structure.runs) {
    for (const char c : bban.substr(at, run.count)) {
      const bool fits = run.kind == 'n' ? ascii::is_digit(c) : run.kind == 'a' ? ascii::is_upper(c) : true;
      if (!fits) return false;
    }
    at += run.count;
  }
  return true;
}

// The check digits that a country has of its own.
Fault judge_national(std::string_view country, std::string_view bban) {
  if (country == "NO") return judge_no_account(bban);
  if (country == "FI" && ascii::luhn_sum(bban) % 10 != 0) return Fault::check_digit;
  return Fault::none;
}

// An IBAN in upper case without spaces.
Fault judge(std::string_view iban, const ReferenceTables& tables) {
  if (iban.size() < 2 || !ascii::is_upper(iban[0]) || !ascii::is_upper(iban[1])) return Fault::syntax;
  const BbanStructure* structure = tables.find_bban(iban.substr(0, 2));
  if (structure == nullptr) return Fault::unknown_country;
  if (iban.size() != structure->length + 4U) return Fault::length;
  const std::string_view check_digits = iban.substr(2, 2);
  const std::string_view bban = iban.substr(4);
  if (!ascii::all_digits(check_digits) || !has_structure(bban, *structure)) return Fault::syntax;
  const int check = ascii::number(check_digits);
  if (check < 2 || check > 98) return Fault::check_digit;
  if (continued(continued(0, bban), iban.substr(0, 4)) != 1) return Fault::check_digit;
  return judge_national(iban.substr(0, 2), bban);
}

}  // namespace

void append_iban(std::string_view country, std::string_view bban, std::string& out) {
  const int rest = continued(continued(continued(0, bban), country), "00");
  const int check = 98 - rest;
  out.append(country);
  out.push_back(static_cast<char>('0' + check / 10));
  out.push_back(static_cast<char>('0' + check % 10));
  out.append(bban);
}

Fault check_iban(std::string_view raw, const CheckContext& context, std::string& sent) {
  assert(context.tables != nullptr);
  const std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  std::array<char, longest> iban{};
  std::size_t count = 0;
  for (const char c : value) {
    if (c == ' ') continue;
    if (!ascii::is_alphanumeric(c)) return Fault::syntax;
    if (count < iban.size()) iban[count] = ascii::to_upper(c);
    ++count;
  }
  if (count > iban.size()) return Fault::length;
  const std::string_view text(iban.data(), count);
  const Fault fault = judge(text, *context.tables);
  if (fault == Fault::none) sent.append(text);
  return fault;
}

std::string_view sentence_iban(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "an IBAN is two letters, two check digits and the account as its country writes it; only spaces may "
             "separate";
    case Fault::length:
      return "an IBAN of this country has another length";
    case Fault::unknown_country:
      return "there are no IBANs in the country that the first two letters name";
    case Fault::unknown_bank:
      return "no Norwegian bank has the register number 0000";
    case Fault::check_digit:
      return "the check digits do not fit: probably a typing error in the IBAN";
    default:
      return {};
  }
}

}  // namespace dovetail

// Norwegian bank accounts.
#include "engine/values/types/ascii.hpp"
#include "engine/values/types/bank.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {
namespace {

constexpr std::size_t account_digits = 11;

// The check digit that the first ten digits give; 10: there is none.
int check_digit(std::string_view digits) {
  constexpr std::array<int, 10> weights = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
  // Accounts between banks have 00 as digits 5 and 6; then the register number is not weighed.
  const std::size_t from = digits[4] == '0' && digits[5] == '0' ? 6 : 0;
  int sum = 0;
  for (std::size_t i = from; i < weights.size(); ++i) sum += weights[i] * ascii::digit(digits[i]);
  return sum % 11 == 0 ? 0 : 11 - sum % 11;
}

}  // namespace

Fault judge_no_account(std::string_view eleven_digits) {
  if (eleven_digits.starts_with("0000")) return Fault::unknown_bank;
  return check_digit(eleven_digits) == ascii::digit(eleven_digits.back()) ? Fault::none : Fault::check_digit;
}

Fault check_no_account(std::string_view raw, const CheckContext&, std::string& sent) {
  const std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  std::array<char, account_digits> digits{};
  std::size_t count = 0;
  bool after_digit = false;  // a separator stands between two digits
  for (const char c : value) {
    if (ascii::is_digit(c)) {
      if (count < digits.size()) digits[count] = c;
      ++count;
      after_digit = true;
    } else if ((c == ' ' || c == '.') && after_digit) {
      after_digit = false;
    } else {
      return Fault::syntax;
    }
  }
  if (!after_digit) return Fault::syntax;
  if (count != digits.size()) return Fault::length;
  const std::string_view account(digits.data(), digits.size());
  const Fault fault = judge_no_account(account);
  if (fault == Fault::none) sent.append(account);
  return fault;
}

void key_no_account(std::string_view sent, std::string& key) { append_iban("NO", sent, key); }

std::string_view sentence_no_account(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "a Norwegian account number is written with digits, and single spaces or dots between them";
    case Fault::length:
      return "a Norwegian account number has 11 digits";
    case Fault::unknown_bank:
      return "no bank has the register number 0000";
    case Fault::check_digit:
      return "the last digit does not fit the others: probably a typing error in the account number";
    default:
      return {};
  }
}

}  // namespace dovetail

// Swedish bank accounts: clearing number and account, as Bankgirot's list of banks says.
#include <algorithm>
#include <cassert>

#include "engine/values/types/ascii.hpp"
#include "engine/values/types/bank.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {
namespace {

// The digits of both parts. Longer ones than any bank has are counted, not kept.
struct Parts {
  std::array<char, 5> clearing{};
  std::array<char, 10> account{};
  std::size_t clearing_length = 0;
  std::size_t account_length = 0;
};

template <std::size_t size>
void keep(std::array<char, size>& digits, std::size_t& length, char c) {
  if (length < size) digits[length] = c;
  ++length;
}

Fault split(std::string_view value, Parts& out) {
  const bool has_comma = value.find(',') != std::string_view::npos;
  bool in_account = false;
  for (const char c : value) {
    if (c == ' ' || c == '-' || c == '.') continue;
    if (c == ',') {
      if (in_account) return Fault::syntax;
      in_account = true;
      continue;
    }
    if (!ascii::is_digit(c)) return Fault::syntax;
    if (!has_comma) in_account = out.clearing_length == (out.clearing[0] == '8' ? 5U : 4U);
    if (in_account) {
      keep(out.account, out.account_length, c);
    } else {
      keep(out.clearing, out.clearing_length, c);
    }
  }
  return Fault::none;
}

struct Lengths {
  std::size_t shortest, longest;  // longest: the length that shorter ones are zero-filled to
};

Lengths lengths(const ClearingRange& range, bool is_plusgirot) {
  if (range.type == 1) return {7, 7};
  if (range.comment == 1) return {10, 10};
  if (range.comment == 2) return {8, 9};
  return {is_plusgirot ? 2U : 7U, 10};
}

// Weights from the right: 1 2 3 … 10, then 1 again.
bool divides_by_eleven(std::string_view first, std::string_view second) {
  int sum = 0;
  int weight = 1;
  const auto weigh = [&](std::string_view digits) {
    for (auto i = digits.size(); i-- > 0; weight = weight % 10 + 1) sum += weight * ascii::digit(digits[i]);
  };
  weigh(second);
  weigh(first);
  return sum > 0 && sum % 11 == 0;
}

bool has_check_digit(const SeAccount& account) {
  const std::string_view clearing = account.clearing_text().substr(0, 4);
  const ClearingRange& range = *account.range;
  if (range.type == 1)
    return divides_by_eleven(range.comment == 1 ? clearing.substr(1) : clearing, account.account_text());
  if (range.comment == 2) return divides_by_eleven({}, account.account_text());
  return ascii::luhn_sum(account.account_text()) % 10 == 0;
}

}  // namespace

Fault judge_se_account(std::string_view raw, const ReferenceTables& tables, SeAccount& out) {
  const std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  Parts parts;
  if (const Fault fault = split(value, parts); fault != Fault::none) return fault;
  const bool five = parts.clearing_length == 5 && parts.clearing[0] == '8';
  if (parts.clearing_length != 4 && !five) return Fault::length;
  out.clearing = parts.clearing;
  out.clearing_length = parts.clearing_length;
  out.range = tables.find_clearing(ascii::number(out.clearing_text().substr(0, 4)));
  if (out.range == nullptr) return Fault::unknown_bank;
  if (five && ascii::luhn_sum(out.clearing_text()) % 10 != 0) return Fault::check_digit;
  const Lengths allowed = lengths(*out.range, parts.clearing[0] == '9');
  if (parts.account_length < allowed.shortest || parts.account_length > allowed.longest) return Fault::length;
  const std::size_t fill = allowed.longest - parts.account_length;
  out.account.fill('0');
  std::copy_n(parts.account.begin(), parts.account_length, out.account.begin() + static_cast<std::ptrdiff_t>(fill));
  out.account_length = allowed.longest;
  if (ascii::all_zeros(out.account_text())) return Fault::serial;
  return has_check_digit(out) ? Fault::none : Fault::check_digit;
}

Fault check_se_bank_account(std::string_view raw, const CheckContext& context, std::string& sent) {
  assert(context.tables != nullptr);
  SeAccount account;
  const Fault fault = judge_se_account(raw, *context.tables, account);
  if (fault != Fault::none) return fault;
  sent.append(account.clearing_text());
  sent.push_back(',');
  sent.append(account.account_text());
  return Fault::none;
}

// The fifth digit of a clearing number only checks the other four: with and without it is one account.
void key_se_bank_account(std::string_view sent, std::string& key) {
  key.append(sent.substr(0, 4));
  key.append(sent.substr(std::min(sent.find(','), sent.size())));
}

std::string_view sentence_se_bank_account(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "a Swedish account is written with digits, spaces, hyphens and dots, and at most one comma after the "
             "clearing "
             "number";
    case Fault::length:
      return "the clearing number or the account has not as many digits as its bank's have";
    case Fault::unknown_bank:
      return "no bank is known for this clearing number: it is mistyped, or the list of banks is out of date";
    case Fault::serial:
      return "an account of nothing but zeros does not exist";
    case Fault::check_digit:
      return "the check digit does not fit: probably a typing error in the account or clearing number";
    default:
      return {};
  }
}

}  // namespace dovetail

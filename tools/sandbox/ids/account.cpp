#include "tools/sandbox/ids/account.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tools/sandbox/core/text.hpp"

namespace dovetail::sandbox {

namespace {

std::string without(std::string_view text, std::string_view dropped) {
  std::string kept(text);
  std::erase_if(kept, [&](char each) { return dropped.find(each) != std::string_view::npos; });
  return kept;
}

// The check digit of mod 11 over ten digits, or nullopt.
std::optional<char> mod11_digit(std::string_view stem) {
  constexpr std::array weights = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
  const std::size_t begin = stem[4] == '0' && stem[5] == '0' ? 6 : 0;  // accounts between banks
  int sum = 0;
  for (std::size_t at = begin; at < weights.size(); ++at) sum += weights[at] * (stem[at] - '0');
  const int digit = (11 - sum % 11) % 11;
  if (digit == 10) return std::nullopt;
  return static_cast<char>('0' + digit);
}

int mod97(std::string_view rearranged) {
  int rest = 0;
  for (const char each : rearranged) {
    const int value = each >= 'A' ? each - 'A' + 10 : each - '0';
    rest = (value >= 10 ? rest * 100 + value : rest * 10 + value) % 97;
  }
  return rest;
}

struct BankCode {
  std::string_view digits;
  std::string_view bic;
};

// Longer codes first: the first that fits counts.
constexpr std::array bank_codes = {
    BankCode{"405", "HELSFIHH"}, BankCode{"497", "HELSFIHH"}, BankCode{"713", "CITIFIHX"}, BankCode{"799", "HOLVFIHH"},
    BankCode{"31", "HANDFIHH"},  BankCode{"33", "ESSEFIHX"},  BankCode{"34", "DABAFIHX"},  BankCode{"36", "SBANFIHH"},
    BankCode{"37", "DNBAFIHX"},  BankCode{"38", "SWEDFIHH"},  BankCode{"39", "SBANFIHH"},  BankCode{"47", "POPFFI22"},
    BankCode{"1", "NDEAFIHH"},   BankCode{"2", "NDEAFIHH"},   BankCode{"5", "OKOYFIHH"},   BankCode{"6", "AABAFI22"},
    BankCode{"8", "DABAFIHH"},
};

}  // namespace

char luhn_digit(std::string_view digits) {
  int sum = 0;
  bool twice = true;
  for (auto each = digits.rbegin(); each != digits.rend(); ++each, twice = !twice) {
    const int value = (*each - '0') * (twice ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

bool is_norwegian_account(std::string_view text) {
  const std::string digits = without(text, " .");
  return digits.size() == 11 && all_digits(digits) && !digits.starts_with("0000") &&
         mod11_digit(std::string_view(digits).substr(0, 10)) == digits[10];
}

std::optional<std::string> make_norwegian_account(std::string_view stem) {
  const auto digit = mod11_digit(stem);
  if (!digit) return std::nullopt;
  return std::string(stem) + *digit;
}

bool is_iban(std::string_view text) {
  const std::string iban = upper(without(text, " "));
  if (iban.size() < 15 || iban.size() > 34 || !all_digits(iban.substr(2, 2))) return false;
  const bool plain = std::ranges::all_of(iban, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
  constexpr std::array lengths = {std::pair{"FI", 18U}, std::pair{"NO", 15U}, std::pair{"SE", 24U},
                                  std::pair{"DK", 18U}, std::pair{"DE", 22U}, std::pair{"EE", 20U}};
  for (const auto& [country, length] : lengths) {
    if (iban.starts_with(country) && iban.size() != length) return false;
  }
  return plain && iban[0] >= 'A' && iban[1] >= 'A' && mod97(iban.substr(4) + iban.substr(0, 4)) == 1;
}

std::string make_iban(std::string_view country, std::string_view domestic) {
  const int check = 98 - mod97(fmt::format("{}{}00", domestic, country));
  return fmt::format("{}{:02}{}", country, check, domestic);
}

std::string make_finnish_iban(long long number) {
  const std::string domestic = fmt::format("123456{:07}", number % 10'000'000);
  return make_iban("FI", domestic + luhn_digit(domestic));
}

std::string bic_of_finnish_iban(std::string_view text) {
  const std::string iban = upper(without(text, " "));
  if (!iban.starts_with("FI")) return {};
  for (const BankCode& code : bank_codes) {
    if (iban.substr(4).starts_with(code.digits)) return std::string(code.bic);
  }
  return {};
}

bool is_bic(std::string_view text) {
  if (text.size() != 8 && text.size() != 11) return false;
  const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  return std::all_of(text.begin(), text.begin() + 6, letter) &&
         std::all_of(text.begin() + 6, text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace dovetail::sandbox

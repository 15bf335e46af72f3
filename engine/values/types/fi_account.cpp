// Finnish bank accounts as they were written before IBANs, and still are.
#include <algorithm>

#include "engine/values/types/ascii.hpp"
#include "engine/values/types/bank.hpp"

namespace dovetail {
namespace {

// Finnish accounts are 14 digits, written as six and the rest without its filling zeros; where banks' codes begin with
// 4 or 5, the first digit of the rest stands before the zeros.
constexpr std::size_t fi_digits = 14;
constexpr std::size_t fi_first_part = 6;

std::size_t fi_kept(std::string_view first_part) { return first_part[0] == '4' || first_part[0] == '5' ? 1 : 0; }

}  // namespace

std::optional<std::string> find_fi_bban(std::string_view written) {
  const std::string_view value = ascii::trimmed(written);
  if (value.size() < 9 || value.size() > 15 || value[fi_first_part] != '-') return std::nullopt;
  const std::string_view first = value.substr(0, fi_first_part);
  const std::string_view rest = value.substr(fi_first_part + 1);
  if (rest.size() < 2 || !ascii::all_digits(first) || !ascii::all_digits(rest)) return std::nullopt;
  const std::size_t kept = fi_kept(first);
  std::string bban(first);
  bban.append(rest.substr(0, kept)).append(fi_digits - fi_first_part - rest.size(), '0').append(rest.substr(kept));
  if (ascii::luhn_sum(bban) % 10 != 0) return std::nullopt;
  return bban;
}

std::string fi_account_text(std::string_view bban) {
  const std::size_t from = fi_first_part + fi_kept(bban);
  // At least two digits stand behind the hyphen.
  const std::size_t last = fi_digits - (from > fi_first_part ? 1 : 2);
  const std::size_t rest = std::min(bban.find_first_not_of('0', from), last);
  std::string text(bban.substr(0, fi_first_part));
  return text.append("-").append(bban.substr(fi_first_part, from - fi_first_part)).append(bban.substr(rest));
}

}  // namespace dovetail

// Conversions of bank accounts: domestic numbers, IBANs, BICs.
#include <algorithm>
#include <cassert>

#include "engine/values/transforms/list.hpp"
#include "engine/values/types/ascii.hpp"
#include "engine/values/types/bank.hpp"

namespace dovetail {
namespace {

// The sent form of a value of that type; nullopt: it is none.
std::optional<std::string> find_sent(std::string_view type, std::string_view value, const CheckContext& context) {
  std::string sent;
  if (find_type(type)->check(value, context, sent) != Fault::none) return std::nullopt;
  return sent;
}

// The BBAN of an IBAN of that country; nullopt: it is none.
std::optional<std::string> find_bban(std::string_view value, std::string_view country, const CheckContext& context) {
  const auto iban = find_sent("iban", value, context);
  if (!iban || !iban->starts_with(country)) return std::nullopt;
  return iban->substr(4);
}

std::optional<std::string> find_se_iban(const SeAccount& account) {
  constexpr std::size_t account_digits = 17;  // behind the three of the IBAN id
  std::string number;
  if (account.range->iban_method == 0) return std::nullopt;
  if (account.range->iban_method != 2) number.append(account.clearing_text());
  if (account.range->iban_method == 3 && number.size() == 4) {
    for (number.push_back('0'); ascii::luhn_sum(number) % 10 != 0;) ++number.back();
  }
  number.append(account.account_text());
  std::string bban(account.range->iban_id.data(), account.range->iban_id.size());
  bban.append(account_digits - number.size(), '0').append(number);
  std::string iban;
  append_iban("SE", bban, iban);
  return iban;
}

}  // namespace

bool to_clearing_and_account(std::span<const std::string_view> in, std::span<const std::string>,
                             const CheckContext& context, Texts& out) {
  assert(context.tables != nullptr);
  SeAccount account;
  if (judge_se_account(in[0], *context.tables, account) != Fault::none) return false;
  out.assign({std::string(account.clearing_text()), std::string(account.account_text())});
  return true;
}

// Joins whatever stands there: `valid se_bank_account` says what is wrong with it.
bool from_clearing_and_account(std::span<const std::string_view> in, std::span<const std::string>,
                               const CheckContext& context, Texts& out) {
  std::string joined(ascii::trimmed(in[0]));
  joined.append(",").append(ascii::trimmed(in[1]));
  if (joined.size() == 1) return false;
  auto sent = find_sent("se_bank_account", joined, context);
  return give(out, sent ? *std::move(sent) : std::move(joined));
}

bool to_iban_of_no_account(std::span<const std::string_view> in, std::span<const std::string>,
                           const CheckContext& context, Texts& out) {
  const auto account = find_sent("no_account", in[0], context);
  if (!account) return false;
  std::string iban;
  append_iban("NO", *account, iban);
  return give(out, std::move(iban));
}

bool from_iban_of_no_account(std::span<const std::string_view> in, std::span<const std::string>,
                             const CheckContext& context, Texts& out) {
  auto bban = find_bban(in[0], "NO", context);
  return bban && give(out, *std::move(bban));
}

bool to_iban_of_fi_account(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext&,
                           Texts& out) {
  const auto bban = find_fi_bban(in[0]);
  if (!bban) return false;
  std::string iban;
  append_iban("FI", *bban, iban);
  return give(out, std::move(iban));
}

bool from_iban_of_fi_account(std::span<const std::string_view> in, std::span<const std::string>,
                             const CheckContext& context, Texts& out) {
  const auto bban = find_bban(in[0], "FI", context);
  return bban && give(out, fi_account_text(*bban));
}

bool to_iban_of_se_account(std::span<const std::string_view> in, std::span<const std::string>,
                           const CheckContext& context, Texts& out) {
  assert(context.tables != nullptr);
  SeAccount account;
  if (judge_se_account(in[0], *context.tables, account) != Fault::none) return false;
  auto iban = find_se_iban(account);
  return iban && give(out, *std::move(iban));
}

bool to_bic_of_iban(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext& context,
                    Texts& out) {
  const auto iban = find_sent("iban", in[0], context);
  if (!iban) return false;
  const auto bic = context.tables->find_bic(std::string_view(*iban).substr(0, 2), std::string_view(*iban).substr(4));
  return bic && give(out, std::string(*bic));
}

// A BIC that the record carries is preferred if it is of the IBAN's country.
bool to_iban_with_bic(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext& context,
                      Texts& out) {
  const auto iban = find_sent("iban", in[0], context);
  if (!iban) return false;
  if (in[1].empty()) {
    Texts found;
    if (!to_bic_of_iban(in.first(1), {}, context, found)) return false;
    out.assign({*iban, found.front()});
    return true;
  }
  const auto bic = find_sent("bic", in[1], context);
  if (!bic || bic->substr(4, 2) != iban->substr(0, 2)) return false;
  out.assign({*iban, *bic});
  return true;
}

// The same on the way back: no system takes an IBAN without the BIC that belongs to it.
bool from_iban_with_bic(std::span<const std::string_view> in, std::span<const std::string> arguments,
                        const CheckContext& context, Texts& out) {
  return to_iban_with_bic(in, arguments, context, out);
}

}  // namespace dovetail

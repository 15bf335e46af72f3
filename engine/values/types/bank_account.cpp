// Account numbers of members that may hold any: which of them is right is the rules' business.
#include "engine/values/types/ascii.hpp"
#include "engine/values/types/bank.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {

Fault check_bank_account(std::string_view raw, const CheckContext&, std::string& sent) {
  const std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  for (const char c : value) {
    if (c != ' ') sent.push_back(ascii::to_upper(c));
  }
  return Fault::none;
}

// A Norwegian or Finnish account and its IBAN are one account; separators don't count.
void key_bank_account(std::string_view sent, std::string& key) {
  if (const auto finnish = find_fi_bban(sent)) return append_iban("FI", *finnish, key);
  const std::size_t start = key.size();
  for (const char c : sent) {
    if (ascii::is_alphanumeric(c) || c == ',') key.push_back(ascii::to_upper(c));
  }
  const std::string compact = key.substr(start);
  if (compact.size() != 11 || !ascii::all_digits(compact) || judge_no_account(compact) != Fault::none) return;
  key.resize(start);
  append_iban("NO", compact, key);
}

std::string_view sentence_bank_account(Fault fault) {
  return fault == Fault::syntax ? "an account number holds no such characters" : std::string_view();
}

}  // namespace dovetail

// Bank identifier codes.
#include <algorithm>
#include <cassert>

#include "engine/values/types/ascii.hpp"
#include "engine/values/types/bank.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {

bool has_bic_shape(std::string_view bic) {
  if (bic.size() != 8 && bic.size() != 11) return false;
  const auto is_code = [](char c) { return ascii::is_upper(c) || ascii::is_digit(c); };
  return std::ranges::all_of(bic, is_code) && ascii::is_upper(bic[4]) && ascii::is_upper(bic[5]);
}

Fault check_bic(std::string_view raw, const CheckContext& context, std::string& sent) {
  assert(context.tables != nullptr);
  const std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  if (!std::ranges::all_of(value, ascii::is_alphanumeric)) return Fault::syntax;
  if (value.size() != 8 && value.size() != 11) return Fault::length;
  std::array<char, 11> upper{};
  std::ranges::transform(value, upper.begin(), ascii::to_upper);
  const std::string_view bic(upper.data(), value.size());
  if (!has_bic_shape(bic)) return Fault::syntax;
  const std::string_view country = bic.substr(4, 2);
  if (country != "XK" && !context.tables->is_country(country)) return Fault::unknown_country;
  sent.append(bic);
  return Fault::none;
}

// Eight characters, and the same with XXX, are the same office.
void key_bic(std::string_view sent, std::string& key) {
  key.append(sent.size() == 11 && sent.ends_with("XXX") ? sent.substr(0, 8) : sent);
}

std::string_view sentence_bic(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "a BIC is written with letters and digits, and its fifth and sixth are the country's letters";
    case Fault::length:
      return "a BIC has 8 or 11 characters";
    case Fault::unknown_country:
      return "the fifth and sixth letter of a BIC are a country code, and these are none";
    default:
      return {};
  }
}

}  // namespace dovetail

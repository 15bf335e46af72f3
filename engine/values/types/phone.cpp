// Telephone numbers.
#include <algorithm>
#include <array>

#include "engine/values/phone_number.hpp"
#include "engine/values/types/ascii.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {
namespace {

constexpr std::size_t shortest = 3;
constexpr std::size_t longest = 32;

// libphonenumber also takes letters, extensions, other scripts' digits and the first of two numbers.
bool has_only_phone_characters(std::string_view value) {
  if (value.starts_with('+')) value.remove_prefix(1);
  return std::ranges::all_of(
      value, [](char c) { return ascii::is_digit(c) || std::string_view(" ()./-").find(c) != std::string_view::npos; });
}

}  // namespace

Fault check_phone(std::string_view raw, const CheckContext& context, std::string& sent) {
  const std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  if (!has_only_phone_characters(value)) return Fault::syntax;
  if (value.size() < shortest || value.size() > longest) return Fault::length;
  std::array<char, 2> upper{};
  const bool has_region = context.region.size() == upper.size();
  if (has_region) std::ranges::transform(context.region, upper.begin(), ascii::to_upper);
  const std::string_view region(upper.data(), has_region ? upper.size() : 0);
  switch (judge_phone(value, region, sent)) {
    case PhoneVerdict::valid:
      return Fault::none;
    case PhoneVerdict::no_region:
      return Fault::region;
    case PhoneVerdict::no_number:
      return Fault::length;
    case PhoneVerdict::not_in_plan:
      return Fault::range;
  }
  return Fault::syntax;
}

std::string_view sentence_phone(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "a telephone number is written with digits, spaces, ( ) . / - and one leading +";
    case Fault::length:
      return "the telephone number is too short or too long";
    case Fault::region:
      return "the telephone number has no country code, and the country is not known";
    case Fault::range:
      return "no telephone number of its country looks like this; a very new one may be missing in the list";
    default:
      return {};
  }
}

}  // namespace dovetail

// ISO 3166-1 country codes, for countries and nationalities.
#include <algorithm>
#include <array>
#include <cassert>

#include "engine/values/reference_tables.hpp"
#include "engine/values/types/ascii.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {
namespace {

template <std::size_t size>
Fault check_code(std::string_view raw, const ReferenceTables* tables, std::string& sent) {
  assert(tables != nullptr);
  const std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  if (!std::ranges::all_of(value, ascii::is_letter)) return Fault::syntax;
  if (value.size() != size) return Fault::length;
  std::array<char, size> upper{};
  std::ranges::transform(value, upper.begin(), ascii::to_upper);
  const std::string_view code(upper.data(), size);
  const bool known = size == 2 ? tables->is_country(code) : tables->find_alpha2(code).has_value();
  if (!known) return Fault::unknown_country;
  sent.append(code);
  return Fault::none;
}

}  // namespace

Fault check_country_alpha2(std::string_view raw, const CheckContext& context, std::string& sent) {
  return check_code<2>(raw, context.tables, sent);
}

Fault check_country_alpha3(std::string_view raw, const CheckContext& context, std::string& sent) {
  return check_code<3>(raw, context.tables, sent);
}

std::string_view sentence_country_alpha2(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "a country code is two letters";
    case Fault::length:
      return "the country code wanted has two letters, as NO";
    case Fault::unknown_country:
      return "no country has this two-letter code in ISO 3166-1";
    default:
      return {};
  }
}

std::string_view sentence_country_alpha3(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "a country code is three letters";
    case Fault::length:
      return "the country code wanted has three letters, as NOR";
    case Fault::unknown_country:
      return "no country has this three-letter code in ISO 3166-1";
    default:
      return {};
  }
}

}  // namespace dovetail

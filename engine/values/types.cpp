#include <algorithm>
#include <array>

#include "engine/values/type.hpp"

namespace dovetail {
namespace {

Fault check_text(std::string_view raw, const CheckContext&, std::string& sent) {
  if (raw.empty()) return Fault::empty;
  sent.append(raw);
  return Fault::none;
}

Fault check_date(std::string_view raw, const CheckContext&, std::string& sent) {
  if (raw.empty()) return Fault::empty;
  if (!parse_day(raw)) return Fault::date;
  sent.append(raw);
  return Fault::none;
}

constexpr std::array<CheckedType, 2> types = {{
    {"text", "any text", check_text, nullptr, nullptr},
    {"date", "a day, as YYYY-MM-DD", check_date, nullptr, nullptr},
}};

}  // namespace

std::span<const CheckedType> checked_types() { return types; }

const CheckedType* find_type(std::string_view name) {
  const auto found = std::ranges::find(types, name, &CheckedType::name);
  return found == types.end() ? nullptr : &*found;
}

}  // namespace dovetail

// Conversions of dates, and the birth dates in identity numbers.
#include <array>

#include "engine/values/transforms/list.hpp"
#include "engine/values/types/ascii.hpp"
#include "engine/values/types/birth.hpp"

namespace dovetail {
namespace {

constexpr std::string_view midnight = "T00:00:00";

// The day that year, month and day spell at their places in `text`.
bool give_day(std::string_view text, std::size_t year, std::size_t month, std::size_t day, Texts& out) {
  std::string iso;
  iso.append(text.substr(year, 4)).append("-").append(text.substr(month, 2)).append("-").append(text.substr(day, 2));
  return parse_day(iso) && give(out, std::move(iso));
}

bool give_birth(std::string_view value, std::string_view type, std::optional<CivilDay> (*find)(std::string_view),
                const CheckContext& context, Texts& out) {
  std::string sent;
  if (find_type(type)->check(value, context, sent) != Fault::none) return false;
  const auto day = find(sent);
  return day && give(out, to_text(*day));
}

}  // namespace

bool to_dotted_date(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext&,
                    Texts& out) {
  const std::string_view day = in[0];
  if (!parse_day(day)) return false;
  std::string text;
  text.append(day.substr(8, 2)).append(".").append(day.substr(5, 2)).append(".").append(day.substr(0, 4));
  return give(out, std::move(text));
}

bool from_dotted_date(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext&,
                      Texts& out) {
  const std::string_view text = in[0];
  return text.size() == 10 && text[2] == '.' && text[5] == '.' && give_day(text, 6, 3, 0, out);
}

bool to_compact_date(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext&,
                     Texts& out) {
  const std::string_view day = in[0];
  if (!parse_day(day)) return false;
  std::string text;
  text.append(day.substr(0, 4)).append(day.substr(5, 2)).append(day.substr(8, 2));
  return give(out, std::move(text));
}

bool from_compact_date(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext&,
                       Texts& out) {
  return in[0].size() == 8 && give_day(in[0], 0, 4, 6, out);
}

bool to_midnight(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext&, Texts& out) {
  return parse_day(in[0]) && give(out, std::string(in[0]).append(midnight));
}

bool from_midnight(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext&,
                   Texts& out) {
  if (!in[0].ends_with(midnight)) return false;
  const std::string_view day = in[0].substr(0, in[0].size() - midnight.size());
  return parse_day(day) && give(out, std::string(day));
}

bool to_birth_date_of_fnr(std::span<const std::string_view> in, std::span<const std::string>,
                          const CheckContext& context, Texts& out) {
  return give_birth(in[0], "no_fnr", find_birth_in_fnr, context, out);
}

bool to_birth_date_of_hetu(std::span<const std::string_view> in, std::span<const std::string>,
                           const CheckContext& context, Texts& out) {
  return give_birth(in[0], "fi_hetu", find_birth_in_hetu, context, out);
}

bool to_birth_date_of_cpr(std::span<const std::string_view> in, std::span<const std::string>,
                          const CheckContext& context, Texts& out) {
  return give_birth(in[0], "dk_cpr", find_birth_in_cpr, context, out);
}

bool to_birth_date_of_personnummer(std::span<const std::string_view> in, std::span<const std::string>,
                                   const CheckContext& context, Texts& out) {
  return give_birth(in[0], "se_personnummer", find_birth_in_personnummer, context, out);
}

}  // namespace dovetail

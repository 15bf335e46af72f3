// Conversions of telephone numbers, countries and postal codes.
#include <algorithm>
#include <array>
#include <cassert>

#include "engine/values/phone_number.hpp"
#include "engine/values/reference_tables.hpp"
#include "engine/values/transforms/list.hpp"
#include "engine/values/types/ascii.hpp"

namespace dovetail {
namespace {

bool is_e164(std::string_view text) {
  return text.size() > 1 && text.size() <= 16 && text.front() == '+' && ascii::all_digits(text.substr(1));
}

// A valid number in the form that is sent.
bool is_number(std::string_view text, const CheckContext& context) {
  std::string sent;
  return is_e164(text) && find_type("phone")->check(text, context, sent) == Fault::none && sent == text;
}

bool give_number(std::string text, const CheckContext& context, Texts& out) {
  return is_number(text, context) && give(out, std::move(text));
}

std::string upper(std::string_view text) {
  std::string result;
  ascii::append_upper(result, text);
  return result;
}

// Behind how many characters the country prints a space; 0: nowhere.
std::size_t space_position(std::string_view region, std::string_view code) {
  if (region == "SE" && code.size() == 5) return 3;
  if (region == "NL" && code.size() == 6) return 4;
  if (region == "GB" && code.size() > 4) return code.size() - 3;
  return 0;
}

}  // namespace

// Numbers of other countries stay international; so do those that would not be read back as the same.
bool to_national_phone(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext& context,
                       Texts& out) {
  if (!is_number(in[0], context)) return false;
  std::string national;
  std::string again;
  const std::string region = upper(context.region);
  const bool is_own = append_national_digits(in[0], region, national);
  const bool returns = is_own && judge_phone(national, region, again) == PhoneVerdict::valid && again == in[0];
  return give(out, returns ? std::move(national) : std::string(in[0]));
}

bool from_national_phone(std::span<const std::string_view> in, std::span<const std::string>,
                         const CheckContext& context, Texts& out) {
  std::string sent;
  return find_type("phone")->check(in[0], context, sent) == Fault::none && give(out, std::move(sent));
}

bool to_double_zero_phone(std::span<const std::string_view> in, std::span<const std::string>,
                          const CheckContext& context, Texts& out) {
  return is_number(in[0], context) && give(out, "00" + std::string(in[0].substr(1)));
}

bool from_double_zero_phone(std::span<const std::string_view> in, std::span<const std::string>,
                            const CheckContext& context, Texts& out) {
  return in[0].starts_with("00") && give_number("+" + std::string(in[0].substr(2)), context, out);
}

bool to_digits_phone(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext& context,
                     Texts& out) {
  return is_number(in[0], context) && give(out, std::string(in[0].substr(1)));
}

bool from_digits_phone(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext& context,
                       Texts& out) {
  return give_number("+" + std::string(in[0]), context, out);
}

bool to_alpha3(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext& context,
               Texts& out) {
  assert(context.tables != nullptr);
  const auto found = context.tables->find_alpha3(upper(ascii::trimmed(in[0])));
  return found && give(out, std::string(*found));
}

bool from_alpha3(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext& context,
                 Texts& out) {
  assert(context.tables != nullptr);
  const auto found = context.tables->find_alpha2(upper(ascii::trimmed(in[0])));
  return found && give(out, std::string(*found));
}

bool to_spaced_postal_code(std::span<const std::string_view> in, std::span<const std::string>,
                           const CheckContext& context, Texts& out) {
  std::string code;
  if (find_type("postal_code")->check(in[0], context, code) != Fault::none) return false;
  if (const std::size_t at = space_position(upper(context.region), code); at != 0) code.insert(at, 1, ' ');
  return give(out, std::move(code));
}

bool from_spaced_postal_code(std::span<const std::string_view> in, std::span<const std::string>,
                             const CheckContext& context, Texts& out) {
  std::string code;
  return find_type("postal_code")->check(in[0], context, code) == Fault::none && give(out, std::move(code));
}

}  // namespace dovetail

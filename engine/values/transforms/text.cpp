// Conversions of plain text and numbers.
#include <algorithm>

#include "engine/values/transforms/list.hpp"
#include "engine/values/types/ascii.hpp"
#include "engine/values/unicode.hpp"

namespace dovetail {
namespace {

constexpr std::size_t widest_padding = 64;

// Digits without leading zeros, or 0.
bool is_plain_number(std::string_view text) {
  return !text.empty() && ascii::all_digits(text) && (text.size() == 1 || text.front() != '0');
}

// The width that pad(N) names; 0: none.
std::size_t width(const std::string& argument) {
  if (argument.empty() || argument.size() > 2 || !ascii::all_digits(argument)) return 0;
  const auto result = static_cast<std::size_t>(ascii::number(argument));
  return result <= widest_padding ? result : 0;
}

bool replace_one(std::string_view text, char from, char to, Texts& out) {
  if (text.find(to) != std::string_view::npos) return false;
  std::string result(text);
  std::ranges::replace(result, from, to);
  return give(out, std::move(result));
}

}  // namespace

bool to_trimmed(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext&, Texts& out) {
  return give(out, std::string(ascii::trimmed(in[0])));
}

bool to_upper(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext&, Texts& out) {
  if (!is_utf8(in[0])) return false;
  std::string result;
  append_upper_case(in[0], result);
  return give(out, std::move(result));
}

bool to_lower(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext&, Texts& out) {
  if (!is_utf8(in[0])) return false;
  std::string result;
  append_lower_case(in[0], result);
  return give(out, std::move(result));
}

bool to_digits(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext&, Texts& out) {
  std::string result;
  std::ranges::copy_if(in[0], std::back_inserter(result), ascii::is_digit);
  return !result.empty() && give(out, std::move(result));
}

bool to_padded(std::span<const std::string_view> in, std::span<const std::string> arguments, const CheckContext&,
               Texts& out) {
  const std::size_t wanted = width(arguments[0]);
  if (!is_plain_number(in[0]) || in[0].size() > wanted) return false;
  return give(out, std::string(wanted - in[0].size(), '0').append(in[0]));
}

bool from_padded(std::span<const std::string_view> in, std::span<const std::string> arguments, const CheckContext&,
                 Texts& out) {
  const std::string_view text = in[0];
  if (text.empty() || text.size() != width(arguments[0]) || !ascii::all_digits(text)) return false;
  return give(out, std::string(text.substr(std::min(text.find_first_not_of('0'), text.size() - 1))));
}

bool to_prefixed(std::span<const std::string_view> in, std::span<const std::string> arguments, const CheckContext&,
                 Texts& out) {
  return give(out, arguments[0] + std::string(in[0]));
}

bool from_prefixed(std::span<const std::string_view> in, std::span<const std::string> arguments, const CheckContext&,
                   Texts& out) {
  if (!in[0].starts_with(arguments[0])) return false;
  return give(out, std::string(in[0].substr(arguments[0].size())));
}

// 007 and 7 would become the same number: only 7 has an image.
bool to_integer(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext& context,
                Texts& out) {
  const std::string_view text = ascii::trimmed(in[0]);
  std::string sent;
  if (find_type("integer")->check(text, context, sent) != Fault::none || sent != text) return false;
  return give(out, std::move(sent));
}

bool from_integer(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext& context,
                  Texts& out) {
  std::string sent;
  if (find_type("integer")->check(in[0], context, sent) != Fault::none) return false;
  return give(out, std::move(sent));
}

bool to_decimal_comma(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext&,
                      Texts& out) {
  return replace_one(in[0], '.', ',', out);
}

bool from_decimal_comma(std::span<const std::string_view> in, std::span<const std::string>, const CheckContext&,
                        Texts& out) {
  return replace_one(in[0], ',', '.', out);
}

}  // namespace dovetail

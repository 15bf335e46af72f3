// Postal codes, by country.
#include <algorithm>
#include <array>

#include "engine/values/types/ascii.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {
namespace {

constexpr std::size_t longest_known = 10;  // 12345-6789

// True if `code` (upper case) looks like `shape`: 0 a digit, 9 a digit but zero, A a letter, anything else itself.
bool has_shape(std::string_view code, std::string_view shape) {
  return std::ranges::equal(code, shape, [](char c, char wanted) {
    switch (wanted) {
      case '0':
        return ascii::is_digit(c);
      case '9':
        return ascii::is_digit(c) && c != '0';
      case 'A':
        return ascii::is_upper(c);
      default:
        return c == wanted;
    }
  });
}

bool is_number(std::string_view code, std::string_view shape) {
  return has_shape(code, shape) && !ascii::all_zeros(code);
}

bool is_dutch(std::string_view code) {
  if (!has_shape(code, "9000AA") && !has_shape(code, "9000 AA")) return false;
  const std::string_view letters = code.substr(code.size() - 2);
  return letters != "SA" && letters != "SD" && letters != "SS";
}

// Outward code, optional space, inward code. No second letter is I or Z.
bool is_british(std::string_view code) {
  if (code == "GIR 0AA" || code == "GIR0AA") return true;
  if (code.size() < 5 || !has_shape(code.substr(code.size() - 3), "0AA")) return false;
  std::string_view outward = code.substr(0, code.size() - 3);
  if (outward.ends_with(' ')) outward.remove_suffix(1);
  if (outward.size() > 1 && (outward[1] == 'I' || outward[1] == 'Z')) return false;
  constexpr std::array<std::string_view, 6> shapes = {"A0", "A00", "A0A", "AA0", "AA00", "AA0A"};
  return std::ranges::any_of(shapes, [&](std::string_view shape) { return has_shape(outward, shape); });
}

struct Country {
  std::string_view code;
  bool (*fits)(std::string_view upper_case);
};

constexpr std::array<Country, 9> countries = {{
    {"NO", [](std::string_view code) { return is_number(code, "0000"); }},
    {"DK", [](std::string_view code) { return is_number(code, "0000"); }},
    {"FI", [](std::string_view code) { return is_number(code, "00000"); }},
    {"DE", [](std::string_view code) { return is_number(code, "00000"); }},
    {"IS", [](std::string_view code) { return is_number(code, "000"); }},
    {"SE", [](std::string_view code) { return has_shape(code, "90000") || has_shape(code, "900 00"); }},
    {"PL", [](std::string_view code) { return has_shape(code, "00-000"); }},
    {"US", [](std::string_view code) { return has_shape(code, "00000") || has_shape(code, "00000-0000"); }},
    {"NL", is_dutch},
}};

const Country* find_country(std::string_view region) {
  static constexpr Country british = {"GB", is_british};
  const auto same = [&](const Country& country) {
    return std::ranges::equal(country.code, region, {}, {}, ascii::to_upper);
  };
  if (same(british)) return &british;
  const auto found = std::ranges::find_if(countries, same);
  return found == countries.end() ? nullptr : &*found;
}

}  // namespace

Fault check_postal_code(std::string_view raw, const CheckContext& context, std::string& sent) {
  const std::string_view value = ascii::trimmed(raw);
  if (const Fault fault = ascii::code_fault(value); fault != Fault::none) return fault;
  const Country* country = find_country(context.region);
  if (country == nullptr) {  // the format is not known to us: no check
    ascii::append_upper(sent, value);
    return Fault::none;
  }
  if (value.size() > longest_known) return Fault::length;
  std::array<char, longest_known> upper{};
  std::ranges::transform(value, upper.begin(), ascii::to_upper);
  const std::string_view code(upper.data(), value.size());
  if (!country->fits(code)) return Fault::syntax;
  std::ranges::copy_if(code, std::back_inserter(sent), [](char c) { return c != ' '; });
  return Fault::none;
}

// Blanks and case don't count.
void key_postal_code(std::string_view sent, std::string& key) {
  for (const char c : sent) {
    if (c != ' ') key.push_back(ascii::to_upper(c));
  }
}

std::string_view sentence_postal_code(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "this is not how postal codes of the country are written (without country prefix, zeros kept)";
    case Fault::length:
      return "the postal code is too long";
    default:
      return {};
  }
}

}  // namespace dovetail

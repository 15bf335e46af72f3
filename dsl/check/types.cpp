#include "dsl/check/types.hpp"

#include <algorithm>

namespace dovetail::dsl {
namespace {

// Types of the same family overlap: a bank_account holds what an iban holds. Types that are in no list are text that
// goes with plain text and with itself.
struct Family {
  std::string_view type;
  std::string_view family;
};
constexpr Family families[] = {
    {"no_fnr", "no_fnr"},  {"no_fnr_2032", "no_fnr"},      {"no_fnr_synthetic", "no_fnr"}, {"date", "date"},
    {"iso_date", "date"},  {"postal_code", "postal_code"}, {"postal_text", "postal_code"}, {"integer", "number"},
    {"decimal", "number"}, {"number", "number"},
};
// `bank_account` takes every one of these; they exclude each other.
constexpr std::string_view accounts[] = {"no_account", "se_bank_account", "iban"};

constexpr std::string_view not_text[] = {"boolean", "integer",  "decimal",      "number",
                                         "date",    "iso_date", "iso_datetime", "datetime"};

std::string_view family_of(const CheckedType& type) {
  const auto* found = std::ranges::find(families, type.name, &Family::type);
  return found == std::end(families) ? type.name : found->family;
}

bool is_account(const CheckedType& type) { return std::ranges::find(accounts, type.name) != std::end(accounts); }

}  // namespace

bool is_text_like(const CheckedType& type) { return std::ranges::find(not_text, type.name) == std::end(not_text); }

bool go_together(const CheckedType& one, const CheckedType& other) {
  if (&one == &other || family_of(one) == family_of(other)) return true;
  if (!is_text_like(one) || !is_text_like(other)) return false;
  if (one.name == "text" || other.name == "text") return true;
  return (one.name == "bank_account" && is_account(other)) || (other.name == "bank_account" && is_account(one));
}

std::string_view country_of(const CheckedType& type) {
  const std::size_t end = type.name.find('_');
  if (end != 2) return {};
  static constexpr std::pair<std::string_view, std::string_view> prefixes[] = {
      {"no", "NO"}, {"se", "SE"}, {"dk", "DK"}, {"fi", "FI"}};
  for (const auto& [prefix, country] : prefixes) {
    if (type.name.substr(0, end) == prefix) return country;
  }
  return {};
}

void report_unknown_type(const SourceFile& file, const ast::Name& name, Report& report) {
  report.add_with_similar(
      Diagnostic::of(DiagnosticId::unknown_type, file, name.span, "there is no type " + quoted(name.text)), name.span,
      name.text, [] {
        std::vector<std::string_view> names = {"enum"};
        for (const CheckedType& type : checked_types()) {
          if (!type.of_two) names.push_back(type.name);
        }
        return names;
      });
}

}  // namespace dovetail::dsl

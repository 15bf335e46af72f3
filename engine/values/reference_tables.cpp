#include "engine/values/reference_tables.hpp"

#include <algorithm>
#include <tuple>

#include "engine/values/table_reader.hpp"
#include "engine/values/types/ascii.hpp"

namespace dovetail {
namespace {

template <std::size_t size>
std::string_view view(const std::array<char, size>& text) {
  return {text.data(), size};
}

bool are_upper(std::string_view text) { return std::ranges::all_of(text, ascii::is_upper); }

}  // namespace

std::expected<ReferenceTables, std::vector<TableFault>> ReferenceTables::parse(const TableTexts& texts) {
  TableReader reader;
  reader.read_countries(texts.countries);
  reader.read_iban(texts.iban);
  reader.read_clearing(texts.se_clearing);
  reader.read_banks(texts.banks);
  if (!reader.faults().empty()) return std::unexpected(reader.faults());
  return reader.tables();
}

bool ReferenceTables::is_country(std::string_view alpha2) const { return find_alpha3(alpha2).has_value(); }

std::optional<std::string_view> ReferenceTables::find_alpha3(std::string_view alpha2) const {
  const auto code = [](const Country& country) { return view(country.alpha2); };
  const auto found = std::ranges::lower_bound(by_alpha2_, alpha2, {}, code);
  if (found == by_alpha2_.end() || code(*found) != alpha2) return std::nullopt;
  return view(found->alpha3);
}

std::optional<std::string_view> ReferenceTables::find_alpha2(std::string_view alpha3) const {
  const auto code = [](const Country& country) { return view(country.alpha3); };
  const auto found = std::ranges::lower_bound(by_alpha3_, alpha3, {}, code);
  if (found == by_alpha3_.end() || code(*found) != alpha3) return std::nullopt;
  return view(found->alpha2);
}

const BbanStructure* ReferenceTables::find_bban(std::string_view country) const {
  if (country.size() != 2 || !are_upper(country)) return nullptr;
  const int at = (country[0] - 'A') * 26 + (country[1] - 'A');
  const std::uint8_t found = structure_of_[static_cast<std::size_t>(at)];
  return found == 0 ? nullptr : &structures_[found - 1U];
}

const ClearingRange* ReferenceTables::find_clearing(int clearing_number) const {
  const auto after =
      std::ranges::upper_bound(clearing_, clearing_number, {}, [](const ClearingRange& range) { return range.first; });
  if (after == clearing_.begin()) return nullptr;
  const ClearingRange& range = *std::prev(after);
  return clearing_number <= range.last ? &range : nullptr;
}

std::optional<std::string_view> ReferenceTables::find_bic(std::string_view country, std::string_view bban) const {
  const auto in_country =
      std::ranges::equal_range(banks_, country, {}, [](const Bank& bank) { return view(bank.country); });
  if (in_country.empty()) return std::nullopt;
  const std::string_view code = bban.substr(0, in_country.front().digits);
  if (code.size() != in_country.front().digits || !ascii::all_digits(code)) return std::nullopt;
  const auto number = static_cast<std::uint32_t>(ascii::number(code));
  const auto after = std::ranges::upper_bound(in_country, number, {}, &Bank::first);
  if (after == in_country.begin()) return std::nullopt;
  const Bank& bank = *std::prev(after);
  if (number > bank.last) return std::nullopt;
  return std::string_view(bank.bic.data(), bank.bic_length);
}

}  // namespace dovetail

#include "engine/values/table_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/values/civil_day.hpp"
#include "engine/values/types/ascii.hpp"
#include "engine/values/types/bank.hpp"

namespace dovetail {
namespace {

bool are_upper(std::string_view text, std::size_t size) {
  return text.size() == size && std::ranges::all_of(text, ascii::is_upper);
}

bool are_digits(std::string_view text, std::size_t size) { return text.size() == size && ascii::all_digits(text); }

template <std::size_t size>
std::array<char, size> chars(std::string_view text) {
  std::array<char, size> result{};
  std::copy_n(text.begin(), std::min(size, text.size()), result.begin());
  return result;
}

template <std::size_t size>
std::string_view view(const std::array<char, size>& text) {
  return {text.data(), size};
}

std::vector<std::string_view> split(std::string_view line, char mark) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = line.find(mark);
    parts.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return parts;
    line.remove_prefix(end + 1);
  }
}

// The value of a comment line `# name: value`.
std::optional<std::string_view> find_note(std::string_view line, std::string_view name) {
  line.remove_prefix(1);
  line = ascii::trimmed(line);
  if (!line.starts_with(name) || !line.substr(name.size()).starts_with(':')) return std::nullopt;
  return ascii::trimmed(line.substr(name.size() + 1));
}

// Appends one run of "4a14n"; what is wrong with it otherwise.
std::string take_run(std::string_view& text, BbanStructure& structure, std::size_t& runs) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > 2) return "a structure is counts and kinds, as in 4a14n";
  const int count = ascii::number(text.substr(0, digits));
  text.remove_prefix(digits);
  if (text.empty() || std::string_view("nac").find(text.front()) == std::string_view::npos) {
    return "a count without a kind (n, a or c)";
  }
  if (runs == structure.runs.size()) return "more than four runs in a structure";
  if (count < 1 || structure.length + count > 30) return "a BBAN has 1 to 30 characters";
  structure.runs[runs++] = {static_cast<std::uint8_t>(count), text.front()};
  structure.length = static_cast<std::uint8_t>(structure.length + count);
  text.remove_prefix(1);
  return {};
}

}  // namespace

std::string to_text(const TableFault& fault) {
  if (fault.line == 0) return fmt::format("{}: {}", fault.file, fault.what);
  return fmt::format("{}:{}: {}", fault.file, fault.line, fault.what);
}

void TableReader::read(const TableTexts::File& file, std::size_t columns,
                       const std::function<std::string(Columns)>& row) {
  const auto add = [&](std::size_t line, std::string what) { faults_.push_back({file.name, line, std::move(what)}); };
  bool has_source = false;
  bool has_date = false;
  std::size_t rows = 0;
  std::size_t number = 0;
  for (std::string_view line : split(file.text, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!is_utf8(line)) {
      add(number, "not UTF-8");
    } else if (line.starts_with('#')) {
      if (const auto source = find_note(line, "source")) has_source = !source->empty();
      if (const auto date = find_note(line, "date")) {
        has_date = true;
        if (!parse_day(*date)) add(number, fmt::format("the date is `{}`, not a day as YYYY-MM-DD", *date));
      }
    } else if (!line.empty()) {
      ++rows;
      const auto parts = split(line, '\t');
      if (parts.size() != columns) {
        add(number, fmt::format("{} columns between tabs, {} expected", parts.size(), columns));
      } else if (std::string what = row(parts); !what.empty()) {
        add(number, std::move(what));
      }
    }
  }
  if (!has_source) add(0, "no line `# source: …` says where the table comes from");
  if (!has_date) add(0, "no line `# date: YYYY-MM-DD` says how old the table is");
  if (rows == 0) add(0, "the table is empty");
}

void TableReader::read_countries(const TableTexts::File& file) {
  read(file, 3, [&](Columns columns) { return country_row(columns); });
  tables_.by_alpha3_ = tables_.by_alpha2_;
  std::ranges::sort(tables_.by_alpha2_, {}, [](const auto& country) { return view(country.alpha2); });
  std::ranges::sort(tables_.by_alpha3_, {}, [](const auto& country) { return view(country.alpha3); });
}

std::string TableReader::country_row(Columns columns) {
  if (!are_upper(columns[0], 2)) return fmt::format("`{}` is not two capital letters", columns[0]);
  if (!are_upper(columns[1], 3)) return fmt::format("`{}` is not three capital letters", columns[1]);
  for (const auto& country : tables_.by_alpha2_) {
    if (view(country.alpha2) == columns[0]) return fmt::format("`{}` is listed twice", columns[0]);
    if (view(country.alpha3) == columns[1]) return fmt::format("`{}` is listed twice", columns[1]);
  }
  tables_.by_alpha2_.push_back({chars<2>(columns[0]), chars<3>(columns[1])});
  return {};
}

void TableReader::read_iban(const TableTexts::File& file) {
  read(file, 3, [&](Columns columns) { return iban_row(columns); });
}

std::string TableReader::iban_row(Columns columns) {
  if (!are_upper(columns[0], 2)) return fmt::format("`{}` is not two capital letters", columns[0]);
  auto& place = tables_.structure_of_[static_cast<std::size_t>((columns[0][0] - 'A') * 26 + columns[0][1] - 'A')];
  if (place != 0) return fmt::format("`{}` is listed twice", columns[0]);
  if (tables_.structures_.size() == UINT8_MAX) return "more countries than there are";
  BbanStructure structure;
  std::size_t runs = 0;
  for (std::string_view rest = columns[1]; !rest.empty() || runs == 0;) {
    if (std::string what = take_run(rest, structure, runs); !what.empty()) return what;
  }
  tables_.structures_.push_back(structure);
  place = static_cast<std::uint8_t>(tables_.structures_.size());
  return {};
}

void TableReader::read_clearing(const TableTexts::File& file) {
  read(file, 8, [&](Columns columns) { return clearing_row(columns); });
}

std::string TableReader::clearing_row(Columns columns) {
  if (!are_digits(columns[0], 4) || !are_digits(columns[1], 4)) return "a clearing number has four digits";
  ClearingRange range;
  range.first = static_cast<std::uint16_t>(ascii::number(columns[0]));
  range.last = static_cast<std::uint16_t>(ascii::number(columns[1]));
  if (range.first > range.last) return fmt::format("{} is after {}", columns[0], columns[1]);
  if (!tables_.clearing_.empty() && tables_.clearing_.back().last >= range.first) {
    return "the ranges overlap, or are not in order";
  }
  const auto known = [&](std::string_view type, std::string_view comments) {
    return columns[2] == type && columns[3].size() == 1 && comments.find(columns[3]) != std::string_view::npos;
  };
  if (!known("1", "12") && !known("2", "123")) return "type and comment are 1 and 1-2, or 2 and 1-3";
  range.type = static_cast<std::uint8_t>(ascii::digit(columns[2][0]));
  range.comment = static_cast<std::uint8_t>(ascii::digit(columns[3][0]));
  if (columns[4] != "-" && !are_digits(columns[4], 3)) return "an IBAN id has three digits, or is - if there is none";
  range.iban_id = chars<3>(columns[4]);
  if (columns[5] != "-") {
    if (columns[5] != "1" && columns[5] != "2" && columns[5] != "3") return "an IBAN method is 1, 2, 3 or -";
    if (columns[4] == "-") return "an IBAN method without an IBAN id";
    range.iban_method = static_cast<std::uint8_t>(ascii::digit(columns[5][0]));
  }
  if (columns[6] != "-" && !has_bic_shape(columns[6])) return fmt::format("`{}` is no BIC", columns[6]);
  tables_.clearing_.push_back(range);
  return {};
}

void TableReader::read_banks(const TableTexts::File& file) {
  read(file, 5, [&](Columns columns) { return bank_row(columns); });
}

std::string TableReader::bank_row(Columns columns) {
  const std::size_t digits = columns[1].size();
  if (!are_upper(columns[0], 2)) return fmt::format("`{}` is not two capital letters", columns[0]);
  if (digits < 1 || digits > 8 || !are_digits(columns[1], digits) || !are_digits(columns[2], digits)) {
    return "first and last are 1 to 8 digits, both of one length";
  }
  ReferenceTables::Bank bank;
  bank.country = chars<2>(columns[0]);
  bank.digits = static_cast<std::uint8_t>(digits);
  bank.first = static_cast<std::uint32_t>(ascii::number(columns[1]));
  bank.last = static_cast<std::uint32_t>(ascii::number(columns[2]));
  if (bank.first > bank.last) return fmt::format("{} is after {}", columns[1], columns[2]);
  if (!has_bic_shape(columns[3])) return fmt::format("`{}` is no BIC", columns[3]);
  bank.bic = chars<11>(columns[3]);
  bank.bic_length = static_cast<std::uint8_t>(columns[3].size());
  if (!tables_.banks_.empty()) {
    const auto& before = tables_.banks_.back();
    if (view(before.country) > columns[0]) return "the countries are not in order";
    if (before.country == bank.country && before.digits != bank.digits)
      return "a country's codes are not of one length";
    if (before.country == bank.country && before.last >= bank.first) return "the ranges overlap, or are not in order";
  }
  tables_.banks_.push_back(bank);
  return {};
}

}  // namespace dovetail

// The lists that some types need, which change without us: read by callers from rules/tables, checked here.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dovetail {

// What is wrong in a table, and where.
struct TableFault {
  std::string file;
  std::size_t line = 0;  // from 1; 0: the file as a whole
  std::string what;      // lower case, no full stop
};

// "rules/tables/iban.tsv:12: a count without a kind (n, a or c)"
std::string to_text(const TableFault& fault);

// The contents of the files, and their names for messages.
struct TableTexts {
  struct File {
    std::string name;
    std::string text;
  };
  File countries;    // countries.tsv
  File iban;         // iban.tsv
  File se_clearing;  // se_clearing.tsv
  File banks;        // banks.tsv
};

// Up to four runs of one kind of character.
struct BbanStructure {
  struct Run {
    std::uint8_t count = 0;
    char kind = 'n';  // n digits, a letters, c letters or digits
  };
  std::array<Run, 4> runs{};
  std::uint8_t length = 0;  // of the whole BBAN
};

struct ClearingRange {
  std::uint16_t first = 0, last = 0;
  std::uint8_t type = 0, comment = 0;  // Bankgirot's: how the account is checked
  std::uint8_t iban_method = 0;        // 1-3; 0: not published
  std::array<char, 3> iban_id{};       // digits, if iban_method is not 0
};

// Immutable once made: any number of threads may look up. No lookup allocates.
class ReferenceTables {
 public:
  // All that is wrong in all four texts, or the tables.
  static std::expected<ReferenceTables, std::vector<TableFault>> parse(const TableTexts& texts);

  // The lookups of codes take upper case; anything else is found in no list.
  bool is_country(std::string_view alpha2) const;
  std::optional<std::string_view> find_alpha3(std::string_view alpha2) const;
  std::optional<std::string_view> find_alpha2(std::string_view alpha3) const;

  // nullptr: the country has no IBANs.
  const BbanStructure* find_bban(std::string_view country) const;

  // The first four digits of a Swedish clearing number. nullptr: unknown.
  const ClearingRange* find_clearing(int clearing_number) const;

  // The BIC of the bank that a BBAN of that country begins with. nullopt: unknown, and then nothing may be guessed.
  std::optional<std::string_view> find_bic(std::string_view country, std::string_view bban) const;

 private:
  friend class TableReader;

  struct Country {
    std::array<char, 2> alpha2{};
    std::array<char, 3> alpha3{};
  };
  struct Bank {
    std::array<char, 2> country{};
    std::uint8_t digits = 0;  // how long the codes are
    std::uint32_t first = 0, last = 0;
    std::array<char, 11> bic{};
    std::uint8_t bic_length = 0;
  };

  std::vector<Country> by_alpha2_;
  std::vector<Country> by_alpha3_;
  std::vector<BbanStructure> structures_;
  std::array<std::uint8_t, 26 * 26> structure_of_{};  // 1 + index into structures_; 0: none
  std::vector<ClearingRange> clearing_;               // sorted, apart
  std::vector<Bank> banks_;                           // sorted by country and first, apart
};

}  // namespace dovetail

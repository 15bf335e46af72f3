// The checked types: each gives a verdict, the form that is sent, and the key by which values are compared.
// Rules, sources and examples: docs/types.md. A type is one file in engine/values/types/ and one line in its list.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/values/civil_day.hpp"

namespace dovetail {

class ReferenceTables;  // engine/values/reference_tables.hpp: IBAN structures, clearing numbers, bank and country codes

// Which part of a value is wrong. The names are stable codes for programs: name(Fault).
enum class Fault : std::uint8_t {
  none,
  empty,
  not_utf8,
  syntax,         // a character or separator that does not belong there
  length,
  date,           // a day that does not exist, or lies after today
  serial,         // a number series that is not issued
  check_digit,
  unknown_bank,   // clearing or register number in no list: the list may be out of date
  unknown_country,
  unknown_code,   // not a word of the enumeration, not a code of the list
  region,         // needs a country, and the record gives none
  range,
};
std::string_view name(Fault fault);

// What a check may depend on besides the value. The views must outlive the call only.
struct CheckContext {
  const ReferenceTables* tables = nullptr;  // required by iban, bic, se_bank_account, country_*: null is our bug
  std::optional<CivilDay> today;            // a birth date after it is invalid; nullopt: not checked
  std::string_view region;                  // alpha-2 of the record's country; empty: none known
  bool test_system = false;                 // accept synthetic and reserved identifiers
};

struct CheckedType {
  std::string_view name;  // as rule files write it
  std::string_view rule;  // one line for people

  // Judges UTF-8 or any bytes. Valid: Fault::none, and the sent form is appended to `sent`.
  // Otherwise `sent` is left as it was. Never throws but for lack of memory; linear in the length.
  Fault (*check)(std::string_view raw, const CheckContext& context, std::string& sent);

  // Appends the key of a value in sent form; nullptr: the sent form is the key.
  void (*key)(std::string_view sent, std::string& key);

  // How the key of `raw` that `fault` refused is said to an administrator: one sentence without a full stop.
  // nullptr: describe()'s general sentence for the fault.
  std::string (*sentence)(std::string_view raw, Fault fault);
};

// Every type, in the order that `mapcheck types` lists.
std::span<const CheckedType> checked_types();

// nullptr: there is no such type.
const CheckedType* find_type(std::string_view name);

// Why `raw` is not of the type, as one sentence for an administrator. Does not repeat `raw`: it may be a secret.
std::string describe(const CheckedType& type, std::string_view raw, Fault fault);

// True if the two sent forms have the same key.
bool same_key(const CheckedType& type, std::string_view sent, std::string_view other);

}  // namespace dovetail

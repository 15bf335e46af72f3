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
  syntax,  // a character or separator that does not belong there
  length,
  date,    // a day that does not exist, or lies after today
  serial,  // a number series that is not issued
  check_digit,
  unknown_bank,     // clearing or register number in no list: the list may be out of date
  unknown_country,  // no such country code, or a country without such numbers
  unknown_code,     // not a word of the enumeration, not a code of the list
  region,           // needs a country, and neither the value nor the record gives one
  range,            // a number too large, or out of every number plan
  different,        // of two values: they are not equal
};
// "none", "empty", "not-utf8", "syntax", … "check-digit", "unknown-bank" …
std::string_view name(Fault fault);

// What a check may depend on besides the value. The views must outlive the call only.
struct CheckContext {
  const ReferenceTables* tables = nullptr;  // required by iban, bic, se_bank_account, country_*: null is our bug
  // A birth date after it is invalid. nullopt: that is not checked, and a short Swedish personal number, whose century
  // depends on the day, is refused as a date.
  std::optional<CivilDay> today;
  std::string_view region;   // alpha-2 of the record's country; empty: none known
  bool test_system = false;  // accept synthetic and reserved identifiers
};

struct CheckedType {
  std::string_view name;  // as rule files write it
  std::string_view rule;  // one line for people

  // Judges UTF-8 or any bytes. Valid: Fault::none, and the sent form is appended to `sent`.
  // Otherwise `sent` is left as it was. Never throws but for lack of memory; linear in the length.
  Fault (*check)(std::string_view raw, const CheckContext& context, std::string& sent);

  // Appends the key of a value in sent form; nullptr: the sent form is the key.
  void (*key)(std::string_view sent, std::string& key);

  // What is wrong, for an administrator: a sentence without a full stop. Empty: the fault's general sentence is right.
  // nullptr: it is for every fault.
  std::string_view (*sentence)(Fault fault);

  bool by_region = false;  // the verdict depends on CheckContext::region
  bool of_two = false;     // an equality: judges "one|other", and is the type of no member
  bool of_lines = false;   // the sent form may hold tabs and line breaks
};

// Every type, in the order that `mapcheck types` lists.
std::span<const CheckedType> checked_types();

// nullptr: there is no such type.
const CheckedType* find_type(std::string_view name);

// Why a value is not of the type, as one sentence for an administrator, without a full stop. It does not hold the
// value, which may be a secret. `fault` is not none.
std::string_view describe(const CheckedType& type, Fault fault);

// Appends the key of a value in sent form.
void append_key(const CheckedType& type, std::string_view sent, std::string& key);

// True if the two sent forms have the same key.
bool same_key(const CheckedType& type, std::string_view sent, std::string_view other);

}  // namespace dovetail

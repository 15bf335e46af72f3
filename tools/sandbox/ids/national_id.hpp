// National ids: what Netvisor and PowerOffice Go check, and what the generated people need.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tools/sandbox/ids/civil_date.hpp"

namespace dovetail::sandbox {

enum class Gender { male, female };

struct HetuFacts {
  CivilDate born;
  Gender gender = Gender::male;
};

// Finnish DDMMYYCZZZQ. `synthetic`: the individual numbers 900-999, never issued, are valid too. nullopt: not valid.
std::optional<HetuFacts> read_hetu(std::string_view text, bool synthetic);
// `individual` in 2 … 999; odd is male.
std::string make_hetu(const CivilDate& born, int individual);

// Norwegian birth or D-number, 11 digits. `synthetic`: months + 40, 65 and 80 are valid too.
bool is_fnr(std::string_view text, bool synthetic);
// With month + 80, which is never issued to people; nullopt where a control digit of 10 would be needed.
std::optional<std::string> make_synthetic_fnr(const CivilDate& born, int individual);

// Swedish, 12 digits, check digit by Luhn.
std::string make_personnummer(const CivilDate& born, int birth_number);

}  // namespace dovetail::sandbox

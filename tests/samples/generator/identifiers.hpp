// Numbers with right check digits that were never issued to anybody: reserved series, example ranges.
#pragma once

#include <string>

#include "tests/samples/generator/chance.hpp"

namespace dovetail::samples {

// YYYY-MM-DD between the first of January `from` and the 28th of December `to`.
std::string make_day(Chance& chance, unsigned from, unsigned to);
std::string days_later(const std::string& day, int days);

// A Finnish personal identity code with a serial of 900-999, which is never issued. `count` numbers them.
std::string make_hetu(const std::string& born, bool female, unsigned count);
// A Norwegian birth number with the month + 80, as Skatteetaten's test population has.
std::string make_synthetic_fnr(Chance& chance, const std::string& born, bool female);

struct Account {
  std::string number;  // domestic form
  std::string iban, bic;
};
Account make_finnish_account(Chance& chance);
Account make_norwegian_account(Chance& chance);
struct SwedishAccount {
  std::string clearing, account;
};
SwedishAccount make_swedish_account(Chance& chance);

// E.164, from the numbers that Ofcom keeps free for drama; different for each `count` below 13,000.
std::string make_phone(unsigned count);
// E.164, from the numbers that PTS keeps free; different for each `count` below 90.
std::string make_swedish_phone(unsigned count);

std::string make_uuid(Chance& chance);

}  // namespace dovetail::samples

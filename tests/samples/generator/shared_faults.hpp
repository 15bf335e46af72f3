// Faults of members that every provider has.
#pragma once

#include "tests/samples/generator/chance.hpp"
#include "tests/samples/generator/population.hpp"

namespace dovetail::samples::fault {

using Seeder = void(Chance&, Country, Person&, const Person&);

Seeder given_name, family_name, phone, address, no_phone_in_provider, no_phone_in_hub, no_address_in_provider,
    no_address_in_hub, broken_phone_in_provider, decomposed_name, mail_in_capitals, spaced_phone, no_mail_in_hub,
    no_mail_in_provider, only_in_hub, only_in_provider, inactive_in_hub, mail_of_another_in_hub,
    mail_of_another_in_provider;

std::string decomposed(const std::string& text);
std::string address_text(const Record& record);  // as seeds tell it: line, postal code, town, country

}  // namespace dovetail::samples::fault

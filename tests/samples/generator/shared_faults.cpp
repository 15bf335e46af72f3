#include "tests/samples/generator/shared_faults.hpp"

#include <fmt/format.h>

#include <array>

#include "tests/samples/generator/identifiers.hpp"
#include "tests/samples/generator/seed_kinds.hpp"

namespace dovetail::samples::fault {
namespace {

std::string other_than(const std::string& value, Chance& chance, std::string (*make)(Chance&)) {
  std::string made = make(chance);
  while (made == value) made = make(chance);
  return made;
}

void clear_address(Record& record) {
  record.line1 = record.line2 = record.postal_code = record.city = record.country = {};
}

std::string capitals(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

}  // namespace

// "Ä" as "A" with a combining diaeresis, and its like.
std::string decomposed(const std::string& text) {
  struct Letter {
    std::string_view composed, parts;
  };
  constexpr std::array<Letter, 6> letters = {{{"ä", "a\xCC\x88"},
                                              {"ö", "o\xCC\x88"},
                                              {"å", "a\xCC\x8A"},
                                              {"Ä", "A\xCC\x88"},
                                              {"Ö", "O\xCC\x88"},
                                              {"Å", "A\xCC\x8A"}}};
  std::string apart = text;
  for (const Letter& letter : letters) {
    for (std::size_t at = apart.find(letter.composed); at != apart.npos; at = apart.find(letter.composed, at + 1)) {
      apart.replace(at, letter.composed.size(), letter.parts);
    }
  }
  return apart;
}

std::string address_text(const Record& record) {
  if (record.line1.empty() && record.city.empty() && record.postal_code.empty() && record.country.empty()) return {};
  return fmt::format("{}, {}, {}, {}", record.line1, record.postal_code, record.city, record.country);
}

void given_name(Chance& chance, Country, Person& person, const Person&) {
  person.provider.given_name =
      other_than(person.hub.given_name, chance, [](Chance& c) { return make_given_name(c, c.percent(50)); });
  person.seeds.push_back(differs("Given name", person.hub.given_name, person.provider.given_name));
}

void family_name(Chance& chance, Country, Person& person, const Person&) {
  person.provider.family_name = other_than(person.hub.family_name, chance, make_family_name);
  person.seeds.push_back(differs("Family name", person.hub.family_name, person.provider.family_name));
}

void phone(Chance&, Country, Person& person, const Person&) {
  // From the end of the range, which nobody has whose own is from its beginning.
  person.provider.phone = make_phone(12999 - static_cast<unsigned>(std::stoul(person.hub.employment_id)) / 4);
  person.seeds.push_back(differs("Phone number", person.hub.phone, person.provider.phone));
}

void address(Chance& chance, Country country, Person& person, const Person&) {
  person.provider.line1 = other_than(person.hub.line1, chance, make_street);
  const Town town = make_town(chance, country);
  person.provider.postal_code = town.postal_code;
  person.provider.city = town.name;
  person.seeds.push_back(differs("Address", address_text(person.hub), address_text(person.provider)));
}

void no_phone_in_provider(Chance&, Country, Person& person, const Person&) {
  person.provider.phone.clear();
  person.seeds.push_back(missing_in_provider("Phone number", person.hub.phone));
}

void no_phone_in_hub(Chance&, Country, Person& person, const Person&) {
  person.hub.phone.clear();
  person.seeds.push_back(missing_in_hub("Phone number", person.provider.phone));
}

void no_address_in_provider(Chance&, Country, Person& person, const Person&) {
  clear_address(person.provider);
  person.seeds.push_back(missing_in_provider("Address", address_text(person.hub)));
}

void no_address_in_hub(Chance&, Country, Person& person, const Person&) {
  clear_address(person.hub);
  person.seeds.push_back(missing_in_hub("Address", address_text(person.provider)));
}

void broken_phone_in_provider(Chance&, Country, Person& person, const Person&) {
  person.provider.phone = "ask reception";
  person.seeds.push_back(not_readable("Phone number", "invalid in the provider", {"invalid", "conflict", "held"},
                                      person.hub.phone, person.provider.phone));
}

void decomposed_name(Chance&, Country, Person& person, const Person&) {
  person.hub.family_name = person.provider.family_name = "Mäkilä-" + person.hub.family_name;
  person.provider.family_name = decomposed(person.provider.family_name);
  person.seeds.push_back(same("Family name", "same, decomposed", person.hub.family_name, person.provider.family_name));
}

void mail_in_capitals(Chance&, Country, Person& person, const Person&) {
  person.hub.email = capitals(person.hub.email);
  person.seeds.push_back(same("Email address", "same, other case", person.hub.email, person.provider.email));
}

void spaced_phone(Chance&, Country, Person& person, const Person&) {
  std::string& number = person.provider.phone;
  number = number.substr(0, 3) + " " + number.substr(3, 4) + " " + number.substr(7);
  person.seeds.push_back(same("Phone number", "same, other format", person.hub.phone, number));
}

void no_mail_in_hub(Chance& chance, Country, Person& person, const Person&) {
  person.hub.email.clear();
  person.provider.line1 = other_than(person.hub.line1, chance, make_street);
  person.seeds.push_back(
      untouched("", "no e-mail in the hub", {"person", "create", "link"}, {}, person.provider.email));
  person.seeds.push_back(
      untouched("Address", "not linked", {}, address_text(person.hub), address_text(person.provider)));
}

void no_mail_in_provider(Chance& chance, Country, Person& person, const Person&) {
  person.provider.email.clear();
  person.provider.line1 = other_than(person.hub.line1, chance, make_street);
  person.seeds.push_back(
      untouched("", "no e-mail in the provider", {"person", "create", "link"}, person.hub.email, {}));
  person.seeds.push_back(
      untouched("Address", "not linked", {}, address_text(person.hub), address_text(person.provider)));
}

void only_in_hub(Chance&, Country, Person& person, const Person&) {
  person.provider.present = false;
  person.seeds.push_back({"", "only in the hub", {"create"}, {person.hub.email, {}}, {}});
}

void only_in_provider(Chance&, Country, Person& person, const Person&) {
  person.hub.present = false;
  person.seeds.push_back({"", "only in the provider", {"create"}, {{}, person.provider.email}, {}});
}

void inactive_in_hub(Chance& chance, Country, Person& person, const Person&) {
  person.hub.active = false;
  person.provider.line1 = other_than(person.hub.line1, chance, make_street);
  person.seeds.push_back(
      untouched("", "deactivated before the first run", {"person"}, person.hub.email, person.provider.email));
  person.seeds.push_back(
      untouched("Address", "not linked", {}, address_text(person.hub), address_text(person.provider)));
}

void mail_of_another_in_hub(Chance&, Country, Person& person, const Person& other) {
  person.provider.present = false;
  person.hub.email = capitals(other.hub.email);
  person.seeds.push_back(
      untouched("", "the e-mail of somebody else in the hub", {"person", "link"}, person.hub.email, {}));
}

void mail_of_another_in_provider(Chance&, Country, Person& person, const Person& other) {
  person.hub.present = false;
  person.provider.email = capitals(other.provider.email);
  person.seeds.push_back(
      untouched("", "the e-mail of somebody else in the provider", {"person", "link"}, {}, person.provider.email));
}

}  // namespace dovetail::samples::fault

#include "tests/samples/generator/population.hpp"

#include <fmt/format.h>

#include "tests/samples/generator/identifiers.hpp"

namespace dovetail::samples {
namespace {

const std::vector<std::string> female_names = {"Aino",  "Päivi",  "Kari-Anne", "Solveig", "Åse",   "Helmi", "Ronja",
                                               "Tuuli", "Ingrid", "Märta",     "Siri",    "Elina", "Veera", "Liv"};
const std::vector<std::string> male_names = {"Eero", "Jyrki", "Håkon",  "Bjørn", "Väinö", "Onni",  "Lars",
                                             "Sven", "Pål",   "Ilmari", "Göran", "Mikko", "Trond", "Aksel"};
const std::vector<std::string> name_starts = {"Kor", "Suo", "Lum", "Høy", "Sjö", "Vaa", "Myl", "Hau",
                                              "Tor", "Ler", "Öst", "Ås",  "Rau", "Nys", "Kai", "Sel"};
const std::vector<std::string> name_middles = {"ke", "ma", "ne", "la", "vi", "re", "ti", "sa"};
const std::vector<std::string> name_ends = {"lampi", "stad", "nen",  "dal",  "berg",
                                            "salo",  "vik",  "mäki", "lund", "rud"};
const std::vector<std::string> titles = {"Developer", "Analyst", "Nurse",      "Bus driver",  "Kitchen manager",
                                         "Engineer",  "Tester",  "Accountant", "Electrician", "Kehittäjä"};
const std::vector<std::string> streets = {"Rantatie", "Kivikuja", "Storgata", "Ängsgatan", "Metsätie", "Fjellveien"};

// Mail addresses are plain ASCII.
std::string ascii(const std::string& name) {
  std::string plain;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    if (c == 0xC3 && i + 1 < name.size()) {
      const auto second = static_cast<unsigned char>(name[++i]);
      plain += second == 0xB6 || second == 0x96 || second == 0xB8 || second == 0x98 ? 'o' : 'a';
    } else if (c < 0x80 && c != ' ') {
      plain += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
  }
  return plain;
}

void give_employments(Chance& chance, Record& record) {
  const std::string first = make_day(chance, 2010, 2024);
  if (chance.percent(25)) {
    const std::string end = days_later(first, static_cast<int>(chance.between(100, 400)));
    record.employments.push_back({{}, first, end, {}, make_title(chance), "employee_resigned"});
    record.employments.push_back({{}, days_later(end, 1), {}, {}, make_title(chance), {}});
  } else {
    record.employments.push_back({{}, first, {}, {}, make_title(chance), {}});
  }
  Employment& current = record.employments.back();
  if (chance.percent(50)) current.probation_end = days_later(current.start, 180);
}

void give_address(Chance& chance, Country country, Record& record) {
  const Town town = make_town(chance, country);
  record.line1 = make_street(chance);
  record.postal_code = town.postal_code;
  record.city = town.name;
  record.country = country == Country::finland ? "FI" : "NO";
}

}  // namespace

std::string hub_gender(const std::string& gender) {
  if (gender == "male") return "Male";
  return gender == "female" ? "Female" : gender;
}

std::string make_given_name(Chance& chance, bool female) { return chance.pick(female ? female_names : male_names); }

std::string make_family_name(Chance& chance) {
  return chance.pick(name_starts) + (chance.percent(60) ? chance.pick(name_middles) : "") + chance.pick(name_ends);
}

std::string make_title(Chance& chance) { return chance.pick(titles); }

std::string make_street(Chance& chance) { return fmt::format("{} {}", chance.pick(streets), chance.between(1, 180)); }

Town make_town(Chance& chance, Country country) {
  static const std::vector<Town> finnish = {
      {"00100", "Helsinki"}, {"90100", "Oulu"}, {"33100", "Tampere"}, {"20100", "Turku"}};
  static const std::vector<Town> norwegian = {
      {"0155", "Oslo"}, {"5003", "Bergen"}, {"7010", "Trondheim"}, {"9008", "Tromsø"}};
  return chance.pick(country == Country::finland ? finnish : norwegian);
}

Person make_person(Chance& chance, Country country, unsigned count, std::set<std::string>& taken) {
  Person person;
  Record& hub = person.hub;
  const bool female = chance.percent(50);
  hub.given_name = make_given_name(chance, female);
  hub.family_name = make_family_name(chance);
  hub.email = fmt::format("{}.{}.{}@example.{}", ascii(hub.given_name), ascii(hub.family_name), count,
                          country == Country::finland ? "com" : "org");
  hub.phone = make_phone(count);
  hub.birth_date = make_day(chance, 1958, 2005);
  hub.gender = female ? "female" : "male";
  hub.nationality = country == Country::finland ? "FI" : "NO";
  hub.employment_id = std::to_string(1000 + count);
  hub.identification_country = hub.nationality;
  constexpr unsigned codes_of_a_day = 50;  // of each gender, in Finland; in Norway still fewer
  for (unsigned attempt = 0; hub.identification.empty() || !taken.insert(hub.identification).second; ++attempt) {
    if (attempt == codes_of_a_day) {
      hub.birth_date = make_day(chance, 1958, 2005);
      attempt = 0;
    }
    hub.identification = country == Country::finland ? make_hetu(hub.birth_date, female, count + attempt)
                                                     : make_synthetic_fnr(chance, hub.birth_date, female);
  }
  give_address(chance, country, hub);
  const Account account = country == Country::finland ? make_finnish_account(chance) : make_norwegian_account(chance);
  if (country == Country::finland) {
    hub.iban = account.iban;
    hub.bic = account.bic;
  } else {
    hub.account_country = "NO";
    hub.account_number = account.number;
  }
  give_employments(chance, hub);
  person.provider = hub;
  hub.id = make_uuid(chance);
  person.provider.id = std::to_string(17 + count);
  for (std::size_t i = 0; i < hub.employments.size(); ++i) {
    hub.employments[i].id = make_uuid(chance);
    person.provider.employments[i].id = std::to_string(50000 + count * 4 + i);
  }
  return person;
}

}  // namespace dovetail::samples

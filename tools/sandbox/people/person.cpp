#include "tools/sandbox/people/person.hpp"

#include <fmt/format.h>

#include <array>

#include "tools/sandbox/core/text.hpp"
#include "tools/sandbox/ids/account.hpp"
#include "tools/sandbox/people/names.hpp"

namespace dovetail::sandbox {

namespace {

// SplitMix64: the same numbers on every machine and with every library.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }
  int below(int limit) { return static_cast<int>(next() % static_cast<std::uint64_t>(limit)); }

 private:
  std::uint64_t state_;
};

std::uint64_t mix(std::uint64_t seed, std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL ^ seed;
  for (const char each : text) hash = (hash ^ static_cast<unsigned char>(each)) * 1099511628211ULL;
  return hash;
}

const NameLists& names_of(Country country) {
  return country == Country::finland ? finnish_names : country == Country::norway ? norwegian_names : swedish_names;
}

std::string_view pick(const std::span<const std::string_view> list, Dice& dice) {
  return list[static_cast<std::size_t>(dice.below(static_cast<int>(list.size())))];
}

// Letters of Nordic names as they are written in mail addresses.
std::string ascii(std::string_view name) {
  std::string text(name);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> letters = {{{"ä", "a"},
                                                                                      {"ö", "o"},
                                                                                      {"å", "a"},
                                                                                      {"ø", "o"},
                                                                                      {"æ", "ae"},
                                                                                      {"Ä", "A"},
                                                                                      {"Ö", "O"},
                                                                                      {"Å", "A"},
                                                                                      {"Ø", "O"},
                                                                                      {"é", "e"}}};
  for (const auto& [from, to] : letters) text = replace_all(text, from, to);
  return lower(text);
}

constexpr int birth_years = 45, months = 12, days = 28;
constexpr int birth_days = birth_years * months * days;

// Another day for each of `birth_days` people that follow one another, so that no two share a birth day and a block.
CivilDate birth_day(int number, std::uint64_t seed) {
  const auto mixed =
      (static_cast<std::uint64_t>(number) * 7919 + seed) % birth_days;  // 7919 shares no factor with birth_days
  const int day = static_cast<int>(mixed);
  return {1960 + day / (months * days), 1 + day / days % months, 1 + day % days};
}

// Of the people with one birth day, the first are of block 0, the next of block 1 …
int block(const Person& person) { return person.number / birth_days; }
int parity(const Person& person) { return person.gender == Gender::male ? 1 : 0; }

void give_finnish_numbers(Person& person) {
  const int individual = 900 + block(person) % 50 * 2 + parity(person);
  person.national_id = make_hetu(person.born, individual);
  person.account = make_finnish_iban(1000 + person.number);
  person.bic = bic_of_finnish_iban(person.account);
  person.phone = fmt::format("+35850{:07}", 1'000'000 + person.number);
}

void give_norwegian_numbers(Person& person) {
  const int first = (person.born.year >= 2000 ? 500 : 0) + block(person) % 10 * 20 + parity(person);
  // Some numbers have no control digits; of ten in a row enough have.
  for (int step = 0; person.national_id.empty(); step += 2) {
    person.national_id = make_synthetic_fnr(person.born, first + step).value_or("");
  }
  for (int step = 0; person.account.empty(); ++step) {
    person.account =
        make_norwegian_account(fmt::format("1234{:06}", (500'000 + person.number * 3 + step) % 1'000'000)).value_or("");
  }
  person.phone = fmt::format("+4790{:06}", person.number % 1'000'000);
}

void give_swedish_numbers(Person& person) {
  const int individual = 980 + block(person) % 10 * 2 + parity(person);
  person.national_id = make_personnummer(person.born, individual);
  const std::string digits = fmt::format("{:09}", 100'000'000 + person.number);
  person.clearing = "3300";
  person.account = digits + luhn_digit(digits);
  person.phone = fmt::format("+4670{:07}", 1'000'000 + person.number);
}

Person make_person(Country country, int number, std::uint64_t seed) {
  Dice dice(mix(seed, fmt::format("{} {}", country_code(country), number)));
  const NameLists& names = names_of(country);
  Person person;
  person.country = country;
  person.number = number;
  person.gender = dice.below(2) == 0 ? Gender::female : Gender::male;
  person.given = pick(person.gender == Gender::female ? names.women : names.men, dice);
  person.family = pick(names.families, dice);
  const std::string mark = fmt::format("{}{}", lower(country_code(country)), number);
  person.email = fmt::format("{}.{}.{}@example.com", ascii(person.given), ascii(person.family), mark);
  person.employment_id = std::to_string((static_cast<int>(country) + 1) * 1'000'000 + number);
  person.born = birth_day(number, seed);
  person.started = {2015 + dice.below(10), 1 + dice.below(12), 1 + dice.below(28)};
  person.street = fmt::format("{} {}", pick(names.streets, dice), 1 + dice.below(99));
  const auto& [code, city] = names.cities[static_cast<std::size_t>(dice.below(static_cast<int>(names.cities.size())))];
  person.postal_code = code;
  person.city = city;
  person.title = pick(job_titles, dice);
  switch (country) {
    case Country::finland:
      give_finnish_numbers(person);
      break;
    case Country::norway:
      give_norwegian_numbers(person);
      break;
    case Country::sweden:
      give_swedish_numbers(person);
      break;
  }
  return person;
}

// One value becomes another, or is gone.
void alter(Person& person, Dice& dice) {
  const NameLists& names = names_of(person.country);
  switch (dice.below(6)) {
    case 0:
      person.street = fmt::format("{} {}", pick(names.streets, dice), 100 + dice.below(99));
      break;
    case 1:
      person.family = pick(names.families, dice);
      break;
    case 2:
      person.title = pick(job_titles, dice);
      break;
    case 3:
      person.phone.back() = person.phone.back() == '9' ? '0' : static_cast<char>(person.phone.back() + 1);
      break;
    case 4:
      person.street = person.postal_code = person.city = "";
      break;
    default:
      person.account = person.clearing = person.bic = "";
      break;
  }
}

}  // namespace

std::vector<Person> make_people(const Population& population) {
  std::vector<Person> people;
  for (const Country country : population.countries) {
    for (int number = 1; number <= population.count; ++number) {
      Person person = make_person(country, number, population.seed);
      Dice own(mix(population.seed, fmt::format("{} {} {}", population.system, country_code(country), number)));
      if (own.below(100) < population.missing) continue;
      if (own.below(100) < population.differing) alter(person, own);
      people.push_back(std::move(person));
    }
  }
  return people;
}

std::string country_code(Country country) {
  return country == Country::finland ? "FI" : country == Country::norway ? "NO" : "SE";
}

}  // namespace dovetail::sandbox

#include <fmt/format.h>

#include "tests/samples/generator/identifiers.hpp"
#include "tests/samples/generator/seed_kinds.hpp"
#include "tests/samples/generator/seeding.hpp"
#include "tests/samples/generator/shared_faults.hpp"

namespace dovetail::samples {
namespace {

void title(Chance&, Country, Person& person, const Person&) {
  person.provider.employments.back().title = "Deputy " + person.hub.employments.back().title;
  person.seeds.push_back(
      differs("Job title", person.hub.employments.back().title, person.provider.employments.back().title));
}

void probation(Chance&, Country, Person& person, const Person&) {
  person.hub.employments.back().probation_end = days_later(person.hub.employments.back().start, 90);
  person.provider.employments.back().probation_end = days_later(person.hub.employments.back().start, 120);
  person.seeds.push_back(differs("Probation end date", person.hub.employments.back().probation_end,
                                 person.provider.employments.back().probation_end));
}

void no_end_in_provider(Chance&, Country, Person& person, const Person&) {
  person.hub.employments.back().end = "2030-12-31";
  person.seeds.push_back(missing_in_provider("Employment end date", "2030-12-31"));
}

void no_end_in_hub(Chance&, Country, Person& person, const Person&) {
  person.provider.employments.back().end = "2031-06-30";
  person.seeds.push_back(missing_in_hub("Employment end date", "2031-06-30"));
}

void nationality(Chance&, Country, Person& person, const Person&) {
  person.provider.nationality = "SE";
  person.seeds.push_back(differs("Nationality", person.hub.nationality, "SE"));
}

void small_nationality(Chance&, Country, Person& person, const Person&) {
  person.provider.nationality = "fi";
  person.seeds.push_back(same("Nationality", "same, other case", person.hub.nationality, "fi"));
}

void employee_number(Chance&, Country, Person& person, const Person&) {
  person.provider.employment_id = "9" + person.provider.employment_id;
  person.seeds.push_back(differs("Employment ID", person.hub.employment_id, person.provider.employment_id));
}

void no_employee_number(Chance&, Country, Person& person, const Person&) {
  person.provider.employment_id.clear();
  person.seeds.push_back(missing_in_provider("Employment ID", person.hub.employment_id));
}

void long_employee_number(Chance&, Country, Person& person, const Person&) {
  person.hub.employment_id = "EMP-2024-" + person.hub.employment_id;
  person.seeds.push_back(not_sendable("Employment ID", "too long for the provider", {"conflict", "held"},
                                      person.hub.employment_id, person.provider.employment_id));
}

void taken_employee_number(Chance&, Country, Person& person, const Person& other) {
  person.hub.employment_id = other.hub.employment_id;
  person.seeds.push_back(not_sendable("Employment ID", "taken by somebody else", {"conflict", "held"},
                                      person.hub.employment_id, person.provider.employment_id));
}

void birth_date(Chance&, Country, Person& person, const Person&) {
  person.hub.birth_date = days_later(person.provider.birth_date, 1);
  person.seeds.push_back(not_changeable("Date of birth", person.hub.birth_date, person.provider.birth_date));
}

void broken_birth_date(Chance&, Country, Person& person, const Person&) {
  person.hub.birth_date = "1990-02-30";
  person.seeds.push_back(not_sendable("Date of birth", "invalid in the hub", {"invalid", "conflict", "held", "blocked"},
                                      "1990-02-30", person.provider.birth_date));
}

void gender(Chance&, Country, Person& person, const Person&) {
  person.hub.gender = person.provider.gender == "male" ? "female" : "male";
  person.seeds.push_back(not_changeable("Gender", hub_gender(person.hub.gender), person.provider.gender));
  person.seeds.back().after[1].hub = hub_gender(person.provider.gender);
}

void custom_gender(Chance&, Country, Person& person, const Person&) {
  person.hub.gender = "Non-binary";
  person.seeds.push_back(not_sendable("Gender", "custom in the hub", {"conflict", "held", "blocked"}, "Non-binary",
                                      person.provider.gender));
  person.seeds.back().after[1].hub = hub_gender(person.provider.gender);
}

void identification(Chance&, Country, Person& person, const Person&) {
  // Nobody is born on the first of February of 1950.
  const auto count = static_cast<unsigned>(std::stoul(person.hub.employment_id));
  person.hub.identification = make_hetu("1950-02-01", person.hub.gender == "female", count);
  person.seeds.push_back(not_changeable("Identifications", person.hub.identification, person.provider.identification));
}

void broken_identification(Chance&, Country, Person& person, const Person&) {
  char& check = person.hub.identification.back();
  check = check == 'A' ? 'B' : 'A';
  person.seeds.push_back(not_sendable("Identifications", "invalid in the hub",
                                      {"invalid", "conflict", "held", "blocked"}, person.hub.identification,
                                      person.provider.identification));
}

void no_identification_in_hub(Chance&, Country, Person& person, const Person&) {
  person.hub.identification.clear();
  person.seeds.push_back(missing_in_hub("Identifications", person.provider.identification));
}

void half_address(Chance&, Country, Person& person, const Person&) {
  person.provider.postal_code.clear();
  person.seeds.push_back(not_readable("Address", "incomplete in the provider", {"conflict", "missing", "held"},
                                      fault::address_text(person.hub), fault::address_text(person.provider)));
}

void account(Chance& chance, Country, Person& person, const Person&) {
  const Account other = make_finnish_account(chance);
  person.provider.iban = other.iban;
  person.provider.bic = other.bic;
  person.seeds.push_back(differs("Bank account number", person.hub.iban, other.iban));
}

void no_account_in_provider(Chance&, Country, Person& person, const Person&) {
  person.provider.iban = person.provider.bic = {};
  person.seeds.push_back(missing_in_provider("Bank account number", person.hub.iban));
}

void no_account_in_hub(Chance&, Country, Person& person, const Person&) {
  person.hub.iban = person.hub.bic = {};
  person.seeds.push_back(missing_in_hub("Bank account number", person.provider.iban));
}

void broken_account(Chance&, Country, Person& person, const Person&) {
  char& last = person.provider.iban.back();
  last = last == '9' ? '0' : static_cast<char>(last + 1);
  person.seeds.push_back(not_readable("Bank account number", "invalid in the provider", {"invalid", "conflict", "held"},
                                      person.hub.iban, person.provider.iban));
}

void spaced_account(Chance&, Country, Person& person, const Person&) {
  std::string spaced;
  for (std::size_t i = 0; i < person.hub.iban.size(); ++i) {
    if (i > 0 && i % 4 == 0) spaced += ' ';
    spaced += person.hub.iban[i];
  }
  person.hub.iban = spaced;
  person.seeds.push_back(same("Bank account number", "same, other format", spaced, person.provider.iban));
}

// Seeds about periods tell how many there are.
std::string count(const Record& record) { return std::to_string(record.employments.size()); }

void period_only_in_hub(Chance& chance, Country, Person& person, const Person&) {
  Employment early{make_uuid(chance), "2005-03-01", "2005-12-31", {}, make_title(chance), "employee_resigned"};
  person.hub.employments.insert(person.hub.employments.begin(), early);
  person.seeds.push_back(missing_in_provider("Employment start date", count(person.hub)));
  person.seeds.back().now = {count(person.hub), count(person.provider)};
  person.seeds.back().after = {
      {{count(person.hub), count(person.hub)}, person.seeds.back().now, person.seeds.back().now}};
}

void period_only_in_provider(Chance& chance, Country, Person& person, const Person&) {
  Employment early{
      std::to_string(90000 + chance.below(9999) * 7), "2004-02-01", "2004-11-30", {}, make_title(chance), {}};
  early.id = "1" + person.provider.employments.front().id;
  person.provider.employments.insert(person.provider.employments.begin(), early);
  const Pair now = {count(person.hub), count(person.provider)};
  person.seeds.push_back({"Employment start date",
                          "missing in the hub",
                          {"missing", "held"},
                          now,
                          {{now, {now.provider, now.provider}, now}}});
}

}  // namespace

const std::vector<Fault>& netvisor_faults() {
  static const std::vector<Fault> faults = {
      {"given name", fault::given_name},
      {"family name", fault::family_name},
      {"phone", fault::phone},
      {"address", fault::address},
      {"no phone in provider", fault::no_phone_in_provider},
      {"no phone in hub", fault::no_phone_in_hub},
      {"no address in provider", fault::no_address_in_provider},
      {"no address in hub", fault::no_address_in_hub},
      {"broken phone in provider", fault::broken_phone_in_provider},
      {"decomposed name", fault::decomposed_name},
      {"mail in capitals", fault::mail_in_capitals},
      {"spaced phone", fault::spaced_phone},
      {"no mail in hub", fault::no_mail_in_hub},
      {"no mail in provider", fault::no_mail_in_provider},
      {"only in hub", fault::only_in_hub},
      {"only in provider", fault::only_in_provider},
      {"inactive in hub", fault::inactive_in_hub},
      {"mail of another in hub", fault::mail_of_another_in_hub},
      {"mail of another in provider", fault::mail_of_another_in_provider},
      {"title", title},
      {"probation", probation},
      {"no end in provider", no_end_in_provider},
      {"no end in hub", no_end_in_hub},
      {"nationality", nationality},
      {"small nationality", small_nationality},
      {"employee number", employee_number},
      {"no employee number", no_employee_number},
      {"long employee number", long_employee_number},
      {"taken employee number", taken_employee_number},
      {"birth date", birth_date},
      {"broken birth date", broken_birth_date},
      {"gender", gender},
      {"custom gender", custom_gender},
      {"identification", identification},
      {"broken identification", broken_identification},
      {"no identification in hub", no_identification_in_hub},
      {"half address", half_address},
      {"account", account},
      {"no account in provider", no_account_in_provider},
      {"no account in hub", no_account_in_hub},
      {"broken account", broken_account},
      {"spaced account", spaced_account},
      {"period only in hub", period_only_in_hub},
      {"period only in provider", period_only_in_provider},
  };
  return faults;
}

}  // namespace dovetail::samples

#include "tests/samples/generator/identifiers.hpp"
#include "tests/samples/generator/seed_kinds.hpp"
#include "tests/samples/generator/seeding.hpp"
#include "tests/samples/generator/shared_faults.hpp"

namespace dovetail::samples {
namespace {

void birth_date(Chance&, Country, Person& person, const Person&) {
  person.hub.birth_date = days_later(person.provider.birth_date, 1);
  person.seeds.push_back(differs("Date of birth", person.hub.birth_date, person.provider.birth_date));
}

void no_birth_date_in_provider(Chance&, Country, Person& person, const Person&) {
  person.provider.birth_date.clear();
  person.seeds.push_back(missing_in_provider("Date of birth", person.hub.birth_date));
}

void account(Chance& chance, Country, Person& person, const Person&) {
  person.provider.account_number = make_norwegian_account(chance).number;
  person.seeds.push_back(differs("Bank account number", person.hub.account_number, person.provider.account_number));
}

void no_account_in_hub(Chance&, Country, Person& person, const Person&) {
  person.hub.account_number = person.hub.account_country = {};
  person.seeds.push_back(missing_in_hub("Bank account number", person.provider.account_number));
}

void spaced_account(Chance&, Country, Person& person, const Person&) {
  std::string& number = person.provider.account_number;
  number = number.substr(0, 4) + " " + number.substr(4, 2) + " " + number.substr(6);
  person.seeds.push_back(same("Bank account number", "same, other format", person.hub.account_number, number));
}

void gender(Chance&, Country, Person& person, const Person&) {
  person.provider.gender = person.hub.gender == "male" ? "female" : "male";
  Seed seed = differs("Gender", hub_gender(person.hub.gender), hub_gender(person.provider.gender));
  person.seeds.push_back(seed);
}

void unspecified_gender(Chance&, Country, Person& person, const Person&) {
  person.provider.gender.clear();
  person.seeds.push_back(missing_in_provider("Gender", hub_gender(person.hub.gender)));
}

void employee_number(Chance&, Country, Person& person, const Person&) {
  person.provider.employment_id = "9" + person.provider.employment_id;
  person.seeds.push_back(differs("Employment ID", person.hub.employment_id, person.provider.employment_id));
}

void wordy_employee_number(Chance&, Country, Person& person, const Person&) {
  person.hub.employment_id = "EMP-" + person.hub.employment_id;
  person.seeds.push_back(not_sendable("Employment ID", "not a number", {"invalid", "conflict", "held"},
                                      person.hub.employment_id, person.provider.employment_id));
}

}  // namespace

const std::vector<Fault>& poweroffice_faults() {
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
      {"only in hub", fault::only_in_hub},
      {"only in provider", fault::only_in_provider},
      {"inactive in hub", fault::inactive_in_hub},
      {"birth date", birth_date},
      {"no birth date in provider", no_birth_date_in_provider},
      {"account", account},
      {"no account in hub", no_account_in_hub},
      {"spaced account", spaced_account},
      {"gender", gender},
      {"unspecified gender", unspecified_gender},
      {"employee number", employee_number},
      {"wordy employee number", wordy_employee_number},
  };
  return faults;
}

}  // namespace dovetail::samples

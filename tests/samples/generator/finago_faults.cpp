#include "tests/samples/generator/identifiers.hpp"
#include "tests/samples/generator/seed_kinds.hpp"
#include "tests/samples/generator/seeding.hpp"
#include "tests/samples/generator/shared_faults.hpp"

namespace dovetail::samples {
namespace {

void account(Chance& chance, Country, Person& person, const Person&) {
  person.provider.account_number = make_norwegian_account(chance).number;
  person.seeds.push_back(differs("Bank account number", person.hub.account_number, person.provider.account_number));
}

void no_account_in_hub(Chance&, Country, Person& person, const Person&) {
  person.hub.account_number = person.hub.account_country = {};
  person.seeds.push_back(missing_in_hub("Bank account number", person.provider.account_number));
}

void swedish_account(Chance& chance, Country, Person& person, const Person&) {
  const SwedishAccount made = make_swedish_account(chance);
  person.hub.account_country = "SE";
  person.hub.account_number = made.clearing + "," + made.account;
  person.provider.clearing = made.clearing;
  person.provider.account_number = made.account;
  person.seeds.push_back(same("Bank account number", "same, in two members", person.hub.account_number, made.account));
}

void identification(Chance&, Country, Person& person, const Person&) {
  person.hub.identification.clear();
  person.seeds.push_back(missing_in_hub("Identifications", person.provider.identification));
}

}  // namespace

const std::vector<Fault>& finago_faults() {
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
      {"only in hub", fault::only_in_hub},
      {"only in provider", fault::only_in_provider},
      {"inactive in hub", fault::inactive_in_hub},
      {"account", account},
      {"no account in hub", no_account_in_hub},
      {"swedish account", swedish_account},
      {"identification", identification},
  };
  return faults;
}

}  // namespace dovetail::samples

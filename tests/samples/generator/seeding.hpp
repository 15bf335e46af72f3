// What is made wrong on purpose, and what must come of it: worked out here by hand, case by case, without the engine.
#pragma once

#include <string_view>
#include <vector>

#include "tests/samples/generator/chance.hpp"
#include "tests/samples/generator/population.hpp"

namespace dovetail::samples {

// One way in which a person can differ between the systems.
struct Fault {
  std::string_view name;
  // Changes the person and notes the seeds. `other` is a person without faults, for what takes two.
  void (*seed)(Chance& chance, Country country, Person& person, const Person& other);
};

// Those that Huma's people and one provider's can have.
const std::vector<Fault>& netvisor_faults();
const std::vector<Fault>& poweroffice_faults();
const std::vector<Fault>& finago_faults();

}  // namespace dovetail::samples

// Why a person's fields are as they are: everything that plan knows about one person, said in full. Writes nothing.
#pragma once

#include <string>
#include <vector>

#include "engine/plan/plan.hpp"

namespace dovetail {

struct FieldExplanation {
  FieldIndex field = 0;
  std::string label;
  std::string hub_element, provider_element;
  std::vector<PartValue> hub, provider, base_hub, base_provider;
  std::vector<std::string> trace;   // what the hub's value became on its way, step by step
  std::array<std::string, 2> bits;  // by side: r(ead) c(reate) u(pdate) x (unset); "rcu-" can't be unset
  Choice decision = Choice::undecided;
  std::string decided_by;
  Action action = Action::none;
  Reason reason = Reason::no_change;
  std::string why;  // sentences for people: what, which rule, whose limit, what to do
  ir::Origin rule;
  bool secret = false;
};

struct PersonExplanation {
  Person person;
  std::string why;  // about the person as such
  std::vector<FieldExplanation> fields;
};

// `plan` was made of `input`.
PersonExplanation explain(const Plan& plan, const PlanInput& input, PersonIndex person);

// The person with this hub id, provider id, or match key (any spelling); empty: nobody; several: all of them.
std::vector<PersonIndex> find_people(const Plan& plan, const PlanInput& input, std::string_view wanted);

}  // namespace dovetail

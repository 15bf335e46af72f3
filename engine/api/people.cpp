#include "engine/api/people.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/api/printable.hpp"
#include "engine/explain/explain.hpp"
#include "engine/values/unicode.hpp"

namespace dovetail {
namespace {

// What a field holds on that side of the person: its first part that is a plain member of the record.
std::string held(const PlanInput& input, const Person& person, const ir::FieldProgram& field, ir::Side side) {
  const RecordIndex record = side == ir::Side::hub ? person.hub : person.provider;
  if (record == no_record || field.secret) return {};
  for (const ir::Part& part : field.parts[ir::at(side)]) {
    if (part.in_element || part.selection != ir::no_selection || part.slot == ir::no_slot) continue;
    const Observation seen = snapshot_of(input, side).at(record, part.slot);
    if (seen.state == State::value || seen.state == State::invalid) return std::string(seen.text);
  }
  return {};
}

bool names_people(const ir::FieldProgram& field) {
  const std::string& label = field.rule->label;
  return label.find("name") != label.npos || label.find("Name") != label.npos;
}

// "Aino Virta", from the fields whose labels speak of names.
std::string full_name(const PlanInput& input, const Person& person, ir::Side side) {
  std::string name;
  for (const ir::FieldProgram& field : input.program.fields) {
    if (!names_people(field)) continue;
    const std::string part = held(input, person, field, side);
    if (!part.empty()) name += (name.empty() ? "" : " ") + part;
  }
  return name;
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

}  // namespace

std::string person_title(const PlanInput& input, const Person& person) {
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    const ir::FieldProgram* match = input.program.match();
    const std::string key = match == nullptr ? std::string{} : held(input, person, *match, side);
    if (!key.empty()) return printable(key);
  }
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    const std::string name = full_name(input, person, side);
    if (!name.empty()) return printable(name);
  }
  return printable(!person.hub_id.empty() ? person.hub_id : person.provider_id);
}

std::string person_on(const PlanInput& input, const Person& person, ir::Side side) {
  const ir::FieldProgram* match = input.program.match();
  std::string text = full_name(input, person, side);
  const std::string key = match == nullptr ? std::string{} : held(input, person, *match, side);
  if (!key.empty()) text += (text.empty() ? "" : ", ") + key;
  return printable(text);
}

std::string person_ids(const PlanInput& input, const Person& person) {
  std::string ids;
  if (!person.hub_id.empty()) ids = fmt::format("{} {}", input.program.rules->title(ir::Side::hub), person.hub_id);
  if (!person.provider_id.empty()) {
    ids += fmt::format("{}{} {}", ids.empty() ? "" : ", ", input.program.rules->title(ir::Side::provider),
                       person.provider_id);
  }
  return printable(ids);
}

std::vector<PersonIndex> people_like(const PlanInput& input, const Plan& plan, std::string_view wanted) {
  std::vector<PersonIndex> found = find_people(plan, input, wanted);
  if (!found.empty() || wanted.empty()) return found;
  const std::string part = lower(wanted);
  for (PersonIndex index = 0; index < plan.people.size(); ++index) {
    for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
      if (lower(full_name(input, plan.people[index], side)).find(part) == std::string::npos) continue;
      found.push_back(index);
      break;
    }
  }
  return found;
}

}  // namespace dovetail

#include "engine/plan/element_name.hpp"

#include <fmt/format.h>

namespace dovetail {

using ir::Side;

std::string match_value(const ir::Program& program, Side side, const Snapshot& snapshot, RecordIndex record,
                        FieldIndex field, std::string_view id) {
  const std::optional<std::uint32_t> each = program.rules->fields[field].each;
  if (!each || record == no_record) return {};
  const ir::ListProgram& list = program.lists[*each];
  const ir::FieldProgram& match = program.fields[list.rule->match];
  const std::vector<ir::Part>& parts = match.parts[ir::at(side)];
  if (match.secret || parts.empty() || list.key[ir::at(side)] == ir::no_slot) return {};
  const std::size_t number = list.lists[ir::at(side)];
  const Snapshot::List of = snapshot.list(record, number);
  for (ElementIndex element = of.first; element < of.first + of.count; ++element) {
    if (snapshot.element(number, element, list.key[ir::at(side)]).text != id) continue;
    return std::string(snapshot.element(number, element, parts.front().slot).text);
  }
  return {};
}

std::string element_name(const PlanInput& input, const Person& person, FieldIndex field, const std::string& hub_element,
                         const std::string& provider_element) {
  for (const Side side : {Side::hub, Side::provider}) {
    const std::string& id = side == Side::hub ? hub_element : provider_element;
    const bool is_hub = side == Side::hub;
    std::string found = id.empty() ? ""
                                   : match_value(input.program, side, is_hub ? input.hub : input.provider,
                                                 is_hub ? person.hub : person.provider, field, id);
    if (!found.empty()) return found;
  }
  return !provider_element.empty() ? provider_element : hub_element;
}

std::string field_name(const PlanInput& input, const Person& person, const Entry& entry) {
  if (entry.field == no_field) return {};
  const std::string& label = input.program.rules->fields[entry.field].label;
  const std::string element = element_name(input, person, entry.field, entry.hub_element, entry.provider_element);
  return element.empty() ? label : fmt::format("{} [{}]", label, element);
}

}  // namespace dovetail

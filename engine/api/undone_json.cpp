#include "engine/api/undone_json.hpp"

namespace dovetail {
namespace {

Json changes_json(const Opened& opened, const Undone& undone) {
  Json changes = Json::array();
  for (std::size_t i = 0; i < undone.plan.operations.size(); ++i) {
    const Operation& operation = undone.plan.operations[i];
    const Person& person = undone.plan.people[operation.person];
    const Outcome& outcome = undone.applied.outcomes[i];
    const ir::Field& field = opened.program().rules->fields[undone.plan.entries[operation.entry].field];
    changes.push_back({{"person", {{"hub", person.hub_id}, {"provider", person.provider_id}}},
                       {"field", field.label},
                       {"in", operation.target == ir::Side::hub ? "hub" : "provider"},
                       {"outcome", name(outcome.kind)},
                       {"what", outcome.what}});
  }
  return changes;
}

}  // namespace

Json undone_json(const Opened& opened, const Undone& undone) {
  return {{"run", undone.run.id},
          {"summary", undone.run.summary},
          {"changes", changes_json(opened, undone)},
          {"left", undone.left}};
}

}  // namespace dovetail

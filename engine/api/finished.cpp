#include "engine/api/finished.hpp"

#include <algorithm>

namespace dovetail {

bool waits_for_person(const Entry& entry) {
  if (entry.known || entry.kind == Kind::known) return false;
  return entry.open() || entry.action == Action::hold;
}

bool is_finished(const Plan& plan, const Applied& applied) {
  return plan.is_complete() && applied.is_whole() && std::ranges::none_of(plan.entries, waits_for_person);
}

}  // namespace dovetail

#include "engine/match/link_state.hpp"

#include <algorithm>

namespace dovetail {

std::vector<std::string> excluded_fields(const Base& base, const Link& link, std::string_view hub_id) {
  std::vector<std::string> result = link.excluded_fields;
  for (const Link& other : base.links) {
    if (!is_exclusion(other) || other.hub_id != hub_id) continue;
    for (const std::string& field : other.excluded_fields) {
      if (std::ranges::find(result, field) == result.end()) result.push_back(field);
    }
  }
  return result;
}

void judge_link(const PlanInput& input, const Link& link, const LinkSight& sight, Match& person) {
  const bool hub = person.hub != no_record;
  const bool provider = person.provider != no_record;
  const auto set = [&](LinkState state, Reason reason) {
    person.state = state;
    person.reason = reason;
  };
  // A "no" to adding the person again is remembered.
  const Reason missing = link.left ? Reason::left : Reason::unlinked;
  if (link.state == LinkState::excluded) return set(link.state, Reason::excluded);
  if (link.state == LinkState::pending && !(hub && provider)) return set(link.state, Reason::pending);
  if (!hub) {
    const bool gone = sight.hub_complete || input.event == Event::removed;
    if (!gone) return set(link.state, Reason::source_absent);
    return set(LinkState::hub_deleted, missing);
  }
  if (!sight.in_scope) return set(LinkState::out_of_scope, Reason::out_of_scope);
  if (link.state == LinkState::locked && !sight.hub_active) return set(link.state, Reason::locked);
  if (!provider) {
    if (!sight.provider_complete) return set(link.state, Reason::source_absent);
    return set(LinkState::missing_in_provider, sight.hub_active ? missing : Reason::inactive);
  }
  set(LinkState::linked, Reason::no_change);
}

}  // namespace dovetail

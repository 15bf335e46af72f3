// Where a link stands, seen from what both systems say today.
#pragma once

#include "engine/match/match.hpp"

namespace dovetail {

// What is known besides the link itself.
struct LinkSight {
  bool hub_complete = false, provider_complete = false;  // nobody is missing from that listing
  bool hub_active = false;                               // only meaningful if there is a hub record
  bool in_scope = true;
};

// A person has said that these two are not one.
inline bool is_apart(const Link& link) { return link.state == LinkState::disputed && link.left; }

// Remembers of somebody who is not linked only what an administrator took out.
inline bool is_exclusion(const Link& link) {
  return link.state == LinkState::linked && link.provider_id.empty() && !link.excluded_fields.empty();
}

// What was taken out of a person who is linked anew by `link`: also what was while nobody was linked to them.
std::vector<std::string> excluded_fields(const Base& base, const Link& link, std::string_view hub_id);

// Sets the person's state after this plan, and why the fields are, or are not, compared. `person` has its records and
// the link's state.
void judge_link(const PlanInput& input, const Link& link, const LinkSight& sight, Match& person);

}  // namespace dovetail

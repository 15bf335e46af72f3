// What people have done about a person between a plan and carrying it out: said as what it was.
#pragma once

#include "engine/base.hpp"
#include "engine/plan/outcome.hpp"

namespace dovetail {

// The person's link as it was when the plan was made, and as it is; nullptr: there was none, or is none. They differ.
// An outcome for all that was planned for the person; of somebody who was taken out it is `skipped`, since nobody needs
// to do anything about it.
Outcome outcome_of_change(const Link* then, const Link* now);

// The person is no longer in the connection's scope; `is_new`: is to be added to the hub, where no scope has them.
Outcome outcome_of_leaving(bool is_new);

// Nothing is to be said about it in the error log: it is as somebody wanted it.
bool is_as_wanted(const Outcome& outcome);

}  // namespace dovetail

// The sentences of the error log: what happened, by which rule, whose limit it is, and what to do.
#pragma once

#include <optional>
#include <string>

#include "engine/durable/connection.hpp"
#include "engine/durable/intent.hpp"
#include "engine/plan/outcome.hpp"

namespace dovetail {

// Of what the plan holds: what only a person decides is decided in a run, and values are corrected where they stand.
std::string with_advice(const Entry& entry, const Connection& connection);

// Of a write that did not go. `next_try`: when it is tried again by itself; nullopt: it is not.
std::string with_advice(const Plan& plan, const ir::RuleSet& rules, const Operation& operation, const Outcome& outcome,
                        const Connection& connection, RunId run, std::optional<Instant> next_try);

}  // namespace dovetail

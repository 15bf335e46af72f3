// What entries say to people: what, which rule, whose limit, what to do. Never a value.
#pragma once

#include <string>

#include "engine/compare/comparer.hpp"
#include "engine/plan/demands.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/writing.hpp"

namespace dovetail {

// "netvisor.map:41"; empty for an origin made by the program.
std::string place_text(const ir::Origin& origin);

// Why a value that would make a selector choose another element is not written to `target`.
std::string reselecting_text(const ir::Program& program, const ir::FieldProgram& field, ir::Side target);

// For a field whose write `block` forbids on `target`.
std::string blocked_text(const ir::Program& program, const ir::FieldProgram& field, ir::Side target,
                         const Block& block);

// For a write that must wait for an answer.
std::string unanswered_text(const ir::Program& program, const ir::FieldProgram& field, const Question& question);

// For a write to `target` that would go without what it cannot go without.
std::string lacking_text(const ir::Program& program, ir::Side target, const Lacking& lacking);

// For a field that ended up with `entry.reason`.
std::string entry_text(const ir::Program& program, const ir::FieldProgram& field, const Entry& entry,
                       const Comparer& seen);

}  // namespace dovetail

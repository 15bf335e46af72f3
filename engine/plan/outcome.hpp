// What became of a plan's operations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/plan.hpp"

namespace dovetail {

// What became of one operation.
struct Outcome {
  enum class Kind : std::uint8_t {
    done,
    pending,  // accepted; the system shows it later
    moved,    // the record is no longer as the plan saw it: held, plan again
    refused,  // by the system, in its own words
    failed,   // nothing is known to have been written; may be tried again
    unknown,  // may or may not have happened
    skipped,  // depends on something that did not happen
  };
  Kind kind = Kind::skipped;
  Reason reason = Reason::no_change;
  std::string what;        // for people; done: empty
  std::string created_id;  // create: the new id; empty: not known yet
  // By Operation::writes: the value there now, as the system answered; state absent: it did not say.
  std::vector<Value> now;
  std::vector<std::size_t> not_done;  // done, as a whole, but not these writes: refused, or not known
};
inline constexpr std::size_t outcome_kind_count = 7;
std::string_view name(Outcome::Kind kind);
// Of an operation that was not carried out, and why.
Outcome not_carried_out(Outcome::Kind kind, Reason reason, std::string what);

struct Applied {
  std::vector<Outcome> outcomes;  // by Plan::operations
  std::size_t count(Outcome::Kind kind) const;
};

// As if every operation had been done and answered nothing. Created records get no id.
Applied all_done(const Plan& plan);

// The base and links after a plan was carried out: confirmed writes, observed equalities, what people left.
// `input` is what the plan was made of; its snapshots are as they were then.
Base remember(const Plan& plan, const PlanInput& input, const Applied& applied);

}  // namespace dovetail
